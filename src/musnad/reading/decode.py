"""Bytes to text: UTF-8 with or without BOM, UTF-16, windows-1256 and ISO 8859-6, and what was detected."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from musnad.reading.build import ReadingError


class Decoded(NamedTuple):
    """Decoded text; ``note`` says in a few words what was detected where it was not plain UTF-8."""

    text: str
    note: str | None


#: at most this share of a UTF-8 text may be broken bytes before another encoding is looked for
_BROKEN = 0.02
_SAMPLE = 200_000


def decode(data: bytes) -> Decoded:
    """The text of a file. Line ends are kept as they are, a byte order mark is dropped.

    :raises ReadingError: for empty or binary data, or an encoding that cannot be told.
    """
    if not data:
        raise ReadingError("it is empty")
    for bom, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(bom):
            text, broken = _lossy(data[len(bom) :], name)
            if name == "utf-8" and not broken:
                return Decoded(text, None)
            return Decoded(text, _note(name.upper(), broken))
    sample = data[:_SAMPLE]
    if b"\0" in sample:
        return _without_bom(data, sample)
    text, broken = _lossy(data, "utf-8")
    if not broken:
        return Decoded(text, None)
    if broken <= _BROKEN * len(text) and _arabic(text[:_SAMPLE]) > 0.2:
        return Decoded(text, _note("UTF-8", broken))
    return _single_byte(data, sample)


def _lossy(data: bytes, encoding: str) -> tuple[str, int]:
    try:
        return data.decode(encoding), 0
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        return text, text.count("\ufffd")


def _note(name: str, broken: int) -> str:
    return f"read as {name}" + (f", {broken} broken bytes replaced" if broken else "")


def _arabic(text: str) -> float:
    letters = [c for c in text if c.isalpha()]
    return sum("\u0600" <= c <= "\u06ff" for c in letters) / len(letters) if letters else 0.0


def _without_bom(data: bytes, sample: bytes) -> Decoded:
    # Arabic in UTF-16 has 0x06 as every other byte; spaces and digits have 0x00 there
    for name, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if high and sum(b in (0, 6) for b in high) > 0.9 * len(high):
            text, broken = _lossy(data, name)
            if _arabic(text[:_SAMPLE]) > 0.3 and broken <= 0.01 * len(text) and "\0" not in text:
                return Decoded(text, _note(name.upper(), broken))
    raise ReadingError("it is a binary file, not text")


def _single_byte(data: bytes, sample: bytes) -> Decoded:
    controls = sum(b < 32 and b not in (9, 10, 12, 13) for b in sample)
    if controls > 0.01 * len(sample):
        raise ReadingError("it is a binary file, not text")
    best: tuple[float, str] | None = None
    for name in ("cp1256", "iso8859_6"):
        text = sample.decode(name, "replace")
        # letters alone do not tell them apart: the article ال does, and so do characters that stand for nothing
        score = _arabic(text) + 20 * text.count("ال") / len(text) - 10 * text.count("\ufffd") / len(text)
        if _arabic(text) > 0.5 and text.count("ال") > 0.004 * len(text) and (best is None or score > best[0]):
            best = (score, name)
    if best is None:
        raise ReadingError("its encoding is not recognised: save it as UTF-8")
    text, broken = _lossy(data, best[1])
    return Decoded(text, _note({"cp1256": "windows-1256", "iso8859_6": "ISO 8859-6"}[best[1]], broken))
