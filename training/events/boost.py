"""Boosted trees of LightGBM as the flat arrays that ``musnad.events.trees`` applies."""

from __future__ import annotations

from typing import Any

import lightgbm as lgb
import numpy as np


def flat(booster: lgb.Booster, names: tuple[str, ...]) -> dict[str, Any]:
    """The arrays of a fitted booster without categorical features; thresholds are the float32 at or below LightGBM's doubles."""
    made = booster.dump_model()
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    right: list[int] = []
    value: list[float] = []
    roots: list[int] = []
    depth = 0

    def add(node: dict[str, Any], level: int) -> int:
        nonlocal depth
        at = len(feature)
        leaf = "leaf_value" in node
        feature.append(0 if leaf else int(node["split_feature"]))
        threshold.append(0.0 if leaf else float(node["threshold"]))
        value.append(float(node["leaf_value"]) if leaf else 0.0)
        left.append(at)
        right.append(at)
        if not leaf:
            assert node["decision_type"] == "<="
            left[at] = add(node["left_child"], level + 1)
            right[at] = add(node["right_child"], level + 1)
        depth = max(depth, level)
        return at

    for tree in made["tree_info"]:
        roots.append(add(tree["tree_structure"], 0))
    return {
        "features": list(names),
        "classes": int(made["num_class"]),
        "depth": depth,
        "feature": np.array(feature, "<i2").tobytes(),
        "threshold": np.array(threshold, "<f4").tobytes(),
        "left": np.array(left, "<i4").tobytes(),
        "right": np.array(right, "<i4").tobytes(),
        "value": np.array(value, "<f4").tobytes(),
        "roots": np.array(roots, "<i4").tobytes(),
    }
