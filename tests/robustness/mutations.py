"""Articles spoilt as files are spoilt: cut, marked, swapped, mixed, swollen. ``mutate(text, rng)`` is the same for the same rng."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
BIDI = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\ufeff\u00ad"
MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0653\u0654\u0670\u0640"
QUOTES = "«»“”\"'‘’„‹›"
BRACKETS = "()[]{}<>﴾﴿"
OTHERS = ["é", "中", "и", "😀", "👨‍👩‍👧", "🇮🇶", "ß", "\u0301", "\ud800", "\udfff", "\x00", "\x1b", "\ufffd", "\u2028", "\x85", "ﷲ", "ﻻ", "ݐ", "א", "ہ", "ک", "ی"]  # fmt: skip
WESTERN, EASTERN, PERSIAN = "0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"


def texts() -> list[str]:
    """Texts of the project's own examples."""
    found = []
    for path in sorted(EXAMPLES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            found.append(json.loads(line)["text"])
    return found


def _cut(text: str, rng: random.Random) -> str:
    a, b = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
    return text[a:b]


def _drop(text: str, rng: random.Random) -> str:
    a = rng.randrange(len(text) + 1)
    return text[:a] + text[a + rng.randrange(1, 40) :]


def _sprinkle(letters: str | list[str]) -> Callable[[str, random.Random], str]:
    def sprinkle(text: str, rng: random.Random) -> str:
        share = rng.choice((0.003, 0.03, 0.3))
        return "".join(c + rng.choice(letters) * rng.choice((1, 1, 1, 9)) if rng.random() < share else c for c in text)  # fmt: skip

    return sprinkle


def _digits(text: str, rng: random.Random) -> str:
    to = rng.choice((WESTERN, EASTERN, PERSIAN))
    plain = str.maketrans(EASTERN + PERSIAN, WESTERN * 2)
    out = [to[rng.randrange(10)] if c in WESTERN and rng.random() < 0.5 else c for c in text.translate(plain)]
    return "".join(out)


def _numbers(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    for _ in range(rng.randrange(1, 8)):
        number = rng.choice(("0", "31/2/2023", "99999999999999999999999", "1.2.3.4", "٫٫٫", "12:99", "1446 هـ", "29 فبراير 2023",
                             "30 صفر 1445", "الساعة 25:61", "0000-00-00", "%%", "-5", "1e309", "٣٣/١٣/٩٩٩٩", "½", "²", "10000 قبل الميلاد"))  # fmt: skip
        words.insert(rng.randrange(len(words) + 1), number)
    return " ".join(words)


def _shuffle(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    a = rng.randrange(len(words))
    part = words[a : a + 40]
    rng.shuffle(part)
    return " ".join([*words[:a], *part, *words[a + 40 :]])


def _spaces(text: str, rng: random.Random) -> str:
    return rng.choice(
        (
            text.replace(" ", ""),
            text.replace(" ", "\n"),
            text.replace(" ", "\u00a0\t "),
            text.replace("\n", ""),
        )
    )


def _no_stops(text: str, rng: random.Random) -> str:
    return text.translate(str.maketrans("", "", ".،؛:؟!"))


def _stops(text: str, rng: random.Random) -> str:
    return text.replace(" ", rng.choice(".،؛:؟!-"))


def _repeat(text: str, rng: random.Random) -> str:
    a = rng.randrange(len(text) + 1)
    return text[:a] + text[a : a + rng.randrange(1, 60)] * rng.randrange(2, 12) + text[a:]


def _long_word(text: str, rng: random.Random) -> str:
    a = rng.randrange(len(text) + 1)
    return text[:a] + rng.choice("وبسلقاتنه") * rng.choice((200, 5000)) + text[a:]


def _reverse(text: str, rng: random.Random) -> str:
    a = rng.randrange(len(text) + 1)
    return text[:a] + text[a : a + 200][::-1] + text[a + 200 :]


MUTATIONS: dict[str, Callable[[str, random.Random], str]] = {
    "cut": _cut, "drop": _drop, "bidi": _sprinkle(BIDI), "marks": _sprinkle(MARKS), "quotes": _sprinkle(QUOTES),
    "brackets": _sprinkle(BRACKETS), "scripts": _sprinkle(OTHERS), "digits": _digits, "numbers": _numbers, "shuffle": _shuffle,
    "spaces": _spaces, "no stops": _no_stops, "stops": _stops, "repeat": _repeat, "long word": _long_word, "reverse": _reverse,
}  # fmt: skip


def mutate(text: str, rng: random.Random) -> str:
    """The text after one to four mutations drawn by ``rng``."""
    for name in rng.choices(list(MUTATIONS), k=rng.choice((1, 1, 2, 4))):
        text = MUTATIONS[name](text, rng)
    return text
