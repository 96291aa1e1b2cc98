"""Writes a trained model as ONNX with 8-bit weights, built node by node so that it needs no exporter.

python -m training.tokenmodel.export --run RUN --out src/musnad/language/model/weights

Matrices: com.microsoft DynamicQuantizeMatMul (a scale per output, activations with one scale per sentence); any of
them can be MatMulNBits (8 bits, blocks of 128) instead, which is half as fast and was no better on held-out text.
The runtime gives the graph one sentence at a time. Embeddings: int8 with a scale per row.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from musnad.language.model.fast import FastModel
from musnad.language.model.labels import NAME_LABELS
from training.tokenmodel.accurate import allowed
from training.tokenmodel.encoder import E5File

BLOCK = 128
MS = "com.microsoft"
HEADS = ("names", "pos", "split")


class Graph:
    """Collects nodes and weights."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.n = 0

    def const(self, value: NDArray[Any]) -> str:
        self.n += 1
        name = f"c{self.n}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(self, kind: str, inputs: list[str], outputs: int = 1, domain: str = "", **attrs: Any) -> str:
        self.n += 1
        outs = [f"v{self.n}"] + [f"v{self.n}_{i}" for i in range(1, outputs)]
        self.nodes.append(helper.make_node(kind, inputs, outs, domain=domain, **attrs))
        return outs[0]

    def normed(self, x: str, beside: str, gamma: NDArray[np.float32], beta: NDArray[np.float32]) -> str:
        """The sum, normalised. In two nodes: the runtime's one node for both (SkipLayerNormalization) took a third of all time."""
        both = self.op("Add", [x, beside])
        return self.op("LayerNormalization", [both, self.const(gamma), self.const(beta)], axis=-1, epsilon=1e-12)

    def matmul(self, x: str, weight: NDArray[np.float32], bias: NDArray[np.float32] | None, by_block: bool) -> str:
        """x @ weight.T + bias in 8 bits; ``weight`` is [out, in]."""
        n, k = weight.shape
        if by_block:
            blocks = weight.reshape(n, k // BLOCK, BLOCK)
            scale = np.abs(blocks).max(-1) / 127.0 + 1e-12
            q = (np.clip(np.round(blocks / scale[..., None]), -127, 127) + 128).astype(np.uint8)
            ins = [x, self.const(q), self.const(scale.astype(np.float32).reshape(-1))]
            attrs = {"K": k, "N": n, "bits": 8, "block_size": BLOCK, "accuracy_level": 4}
            if bias is not None:
                ins += ["", "", self.const(bias)]
            return self.op("MatMulNBits", ins, domain=MS, **attrs)
        # 7 bits: two products of 8 bits by 8 overflow the 16-bit sums of processors without VNNI
        row = np.abs(weight).max(1) / 63.0 + 1e-12
        q8 = np.clip(np.round(weight / row[:, None]), -63, 63).astype(np.int8).T
        ins = [x, self.const(q8), self.const(row.astype(np.float32)), self.const(np.zeros(n, np.int8))]
        if bias is not None:
            ins.append(self.const(bias))
        return self.op("DynamicQuantizeMatMul", ins, domain=MS)


def build(
    state: dict[str, NDArray[np.float32]],
    layers: int,
    heads: int = 12,
    blocks: str = "",
) -> onnx.ModelProto:
    """ids [1, T], first [W], last [W] -> one score matrix [W, labels] per head."""
    g = Graph()
    emb = state["encoder.word.weight"]
    scale = np.abs(emb).max(1, keepdims=True) / 127.0 + 1e-12
    q = np.clip(np.round(emb / scale), -127, 127).astype(np.int8)
    x = g.op("Cast", [g.op("Gather", [g.const(q), "ids"])], to=TensorProto.FLOAT)
    x = g.op("Mul", [x, g.op("Gather", [g.const(scale.astype(np.float32)), "ids"])])
    pos = state["encoder.pos.weight"]
    length = g.op("Shape", ["ids"], start=1, end=2)
    p = g.op("Slice", [g.const(pos), g.const(np.array([0])), length, g.const(np.array([0]))])
    p = g.op("Unsqueeze", [p, g.const(np.array([0]))])
    x = g.normed(x, p, state["encoder.ln.weight"], state["encoder.ln.bias"])
    hidden = emb.shape[1]
    for i in range(layers):
        w = {k[len(f"encoder.layers.{i}.") :]: v for k, v in state.items() if k.startswith(f"encoder.layers.{i}.")}
        qkv = g.matmul(x, w["qkv.weight"], w["qkv.bias"], "qkv" in blocks)
        cut = g.const(np.array([hidden] * 3))
        g.n += 1
        parts = [f"qkv{g.n}_{j}" for j in range(3)]
        g.nodes.append(helper.make_node("Split", [qkv, cut], parts, axis=2))
        a = g.op("MultiHeadAttention", parts, domain=MS, num_heads=heads)
        a = g.matmul(a, w["out.weight"], w["out.bias"], "out" in blocks)
        x = g.normed(a, x, w["ln1.weight"], w["ln1.bias"])
        u = g.matmul(x, w["up.weight"], w["up.bias"], "up" in blocks)
        u = g.op("Gelu", [u], domain=MS)
        d = g.matmul(u, w["down.weight"], w["down.bias"], "down" in blocks)
        x = g.normed(d, x, w["ln2.weight"], w["ln2.bias"])
    x = g.op("Squeeze", [x, g.const(np.array([0]))])
    both = g.op("Concat", [g.op("Gather", [x, "first"]), g.op("Gather", [x, "last"])], axis=1)
    weight = np.concatenate([state[f"heads.{h}.weight"] for h in HEADS])
    bias = np.concatenate([state[f"heads.{h}.bias"] for h in HEADS])
    g.nodes.append(helper.make_node("Gemm", [both, g.const(weight), g.const(bias)], ["scores"], transB=1))
    ints = TensorProto.INT64
    graph = helper.make_graph(
        g.nodes, "musnad-token-model",
        [helper.make_tensor_value_info("ids", ints, [1, "T"]), helper.make_tensor_value_info("first", ints, ["W"]),
         helper.make_tensor_value_info("last", ints, ["W"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["W", len(bias)])], g.weights,
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(MS, 1)])
    model.ir_version = 8
    return model


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--run", type=Path, required=True)
    ap.add_argument("--which", default="mean.pt")
    ap.add_argument("--blocks", default="", help="matrices by MatMulNBits: any of qkv out up down")
    ap.add_argument("--partner", type=Path, required=True, help="CRF (training.tokenmodel.fast) scored beside it")
    ap.add_argument("--weights", type=float, nargs=3, default=(0.3, 0.3, 0.3), help="its weight: names pos split")
    ap.add_argument("--out", type=Path, required=True)
    args = ap.parse_args()
    info = json.loads((args.run / "labels.json").read_text())
    state = {k: v.float().numpy() for k, v in torch.load(args.run / args.which).items()}
    args.out.mkdir(parents=True, exist_ok=True)
    onnx.save(build(state, len(info["layers"]), blocks=args.blocks), args.out / "accurate.onnx")
    f = E5File()
    keep = info["keep"]
    trans, start = allowed()
    beside = FastModel(args.partner)
    order = [beside.labels["names"].index(x) for x in NAME_LABELS]
    their = np.maximum(beside.trans["names"], -50.0)[np.ix_(order, order)]
    trans = trans + args.weights[0] * their
    shutil.copy(args.partner, args.out / "partner.npz")
    np.savez_compressed(
        args.out / "accurate.npz",
        pieces=np.array("\n".join(f.pieces[i] for i in keep)),
        scores=np.array([f.scores[i] for i in keep], np.float32),
        trans=(trans + state["trans"]).astype(np.float32),
        start=(start + state["start"]).astype(np.float32),
        partner_weights=np.array(args.weights, np.float32),
        **{f"labels_{h}": np.array("\n".join(info["labels"][h])) for h in HEADS},
    )
    for p in ("accurate.onnx", "accurate.npz", "partner.npz"):
        print(p, (args.out / p).stat().st_size)


if __name__ == "__main__":
    main()
