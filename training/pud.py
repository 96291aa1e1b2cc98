"""Reads the UD Arabic PUD treebank (CC BY-SA 3.0) as written words with their clitics; its last 200 sentences are held out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HELD_OUT = 200


class Part(NamedTuple):
    """A syntactic word; offsets into the sentence text."""

    start: int
    end: int
    form: str
    lemma: str
    pos: str
    features: dict[str, str]


class Sentence(NamedTuple):
    text: str
    parts: list[Part]


def sentences(path: Path) -> Iterator[Sentence]:
    """Sentences of the treebank file in order."""
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        text, parts, at = "", [], 0
        for line in block.split("\n"):
            if line.startswith("# text = "):
                text = line[9:]
            if line.startswith("#"):
                continue
            field = line.split("\t")
            start = text.index(field[1], at)
            at = start + len(field[1])
            features = dict(f.split("=") for f in field[5].split("|")) if field[5] != "_" else {}
            parts.append(Part(start, at, field[1], field[2], field[3], features))
        yield Sentence(text, parts)


def split(data: Path) -> tuple[list[Sentence], list[Sentence]]:
    """Training part and held-out part (the last 200 sentences)."""
    found = list(sentences(data / "ud_arabic_pud" / "ar_pud-ud-test.conllu"))
    return found[:-HELD_OUT], found[-HELD_OUT:]
