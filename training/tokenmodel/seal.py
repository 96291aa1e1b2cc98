"""Writes weights.json (sha256 and size of each weights file) after training: python -m training.tokenmodel.seal"""

from __future__ import annotations

import hashlib
import json

from musnad.language.model import WEIGHTS


def main() -> None:
    entries = {
        p.name: {"sha256": hashlib.sha256(p.read_bytes()).hexdigest(), "bytes": p.stat().st_size}
        for p in sorted(WEIGHTS.iterdir())
        if p.suffix in (".npz", ".onnx")
    }
    (WEIGHTS / "weights.json").write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    for name, e in entries.items():
        print(name, e["bytes"])


if __name__ == "__main__":
    main()
