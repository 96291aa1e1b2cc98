"""Compiles the words and rules of times (src/musnad/times/lexicon/*.yaml)."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import yaml

from musnad.language.phrases import words_of

ROOM = "times"
SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "musnad" / ROOM / "lexicon"

#: categories of words.yaml that make a stretch of words worth parsing; the others only join
_SEEDS = {
    "my_week", "the_2000s", "school_year", "then", "set_adverb", "decade_of", "century_word", "clock_word", "weekend", "never", "the_day", "half_of",
    "day_word", "days_word", "month_word", "months_word", "year_word", "years_word", "after_it", "before_it",
}  # fmt: skip


def build() -> dict[str, object]:
    """``times``: words, numbers, rules and guards as built-in types."""
    words: list[list[Any]] = []

    def add(category: str, forms: list[str], frame: dict[str, Any], seed: bool = True) -> None:
        for form in forms:
            key = words_of(form)
            if not key:
                raise ValueError(f"{category}: {form!r} has no words")
            words.append([key, category, frame, seed])

    _calendar(add)
    _day(add)
    for unit, shapes in _read("units").items():
        for shape, forms in shapes.items():
            add(shape, forms, {"unit": unit})
    for category, entries in _read("words").items():
        for entry in entries:
            frame = {k: v for k, v in entry.items() if k != "forms"}
            add(category, entry["forms"], frame, category in _SEEDS)
    numbers = _read("numbers")
    rules = _read("rules")
    guards = {k: {n: _keys(v) for n, v in g.items()} if isinstance(g, dict) else _keys(g) for k, g in _read("guards").items()}
    return {
        "times": {
            "words": words,
            "cardinals": {key: value for value, forms in numbers["cardinals"].items() for key in _keys(forms)},
            "ordinals": {
                gender: {key: value for value, both in numbers["ordinals"].items() for key in _keys(both[gender])} for gender in "mf"
            },
            "stands": rules["stands"],
            "rules": [line for rule in rules["rules"] for line in _expand(rule)],
            "guards": guards,
        }
    }


def _read(name: str) -> Any:
    return yaml.safe_load((SOURCE / f"{name}.yaml").read_text(encoding="utf-8"))


def _keys(forms: list[str]) -> list[str]:
    return sorted({" ".join(words_of(f)) for f in forms})


def _calendar(add: Any) -> None:
    data = _read("calendar")
    for category, source, slots in (
        ("month_n", "months", {"cal": "g"}),
        ("wmonth_n", "weak_months", {"cal": "g"}),
        ("hmonth_n", "hijri_months", {"cal": "h"}),
        ("whmonth_n", "weak_hijri_months", {"cal": "h"}),
        ("zmonth_n", "zero_month", {"cal": "h"}),
    ):
        for number, forms in data[source].items():
            add(category, forms, {"month": number, **slots})
    for category, source in (("weekday_n", "weekdays"), ("bare_weekday", "bare_weekdays")):
        for number, forms in data[source].items():
            add(category, forms, {"weekday": number})
    for category, source in (("season_n", "seasons"), ("dseason_n", "definite_seasons")):
        for name, forms in data[source].items():
            add(category, forms, {"season": name})
    for feast in data["feasts"]:
        frame: dict[str, Any] = {"feast": feast.get("hijri") or feast.get("gregorian") or [feast.get("month", 0), 0]}
        frame["feastcal"] = "h" if "hijri" in feast or "month" in feast else "g" if "gregorian" in feast else "n"
        if "days" in feast:
            frame["feastdays"] = feast["days"]
        add("feast_n", feast["names"], frame)


def _day(add: Any) -> None:
    data = _read("day")
    for offset, forms in data["deictic"].items():
        add("deictic", forms, {"off": offset})
    for offset, forms in data["deictic_night"].items():
        add("deictic_night", forms, {"off": offset, "part": "NI"})
    for category, source in (
        ("part_n", "parts"),
        ("definite_part", "definite_parts"),
        ("adverb_part", "adverb_parts"),
    ):
        for part, forms in data[source].items():
            add(category, forms, {"part": part})
    for part, forms in data["strong_adverbs"].items():
        add("adverb_strong", forms, {"part": part})
    for part, forms in data["ampm"].items():
        add("ampm", forms, {"part": part}, False)
    add("midnight", data["midnight"], {"hour": 24, "minute": 0, "part": "NI"})
    add("midnight", data["midmorning"], {"hour": 10, "minute": 0, "part": "MO"})
    add("midday", data["midday"], {"hour": 12, "minute": 0, "part": "MI"})
    for zone, forms in data["zones"].items():
        add("zone", forms, {"zone": zone}, False)


_PIECE = re.compile(r"\^|\$|(?:(?P<pro>[wbl]):)?(?:\((?P<alts>[^)]*)\)|(?P<one>\w+))(?P<maybe>\?)?")


def _expand(rule: dict[str, Any]) -> list[list[Any]]:
    """Every way to write a rule's patterns without choices: [name, gives, weak, set, do, symbols, first, last]."""
    out = []
    for pattern in rule["of"]:
        slots: list[list[tuple[tuple[str, str], ...]]] = []
        begin_at, end_at = 0, None
        for piece in pattern.split(" ") if "(" not in pattern else _split(pattern):
            match = _PIECE.fullmatch(piece)
            if match is None:
                raise ValueError(f"rule {rule['rule']}: cannot read {piece!r}")
            if piece == "^":
                begin_at = len(slots)
                continue
            if piece == "$":
                end_at = len(slots)
                continue
            choices: list[tuple[tuple[str, str], ...]] = []
            for name in (match["alts"] or match["one"]).split("|"):
                if match["pro"] == "w":
                    choices += [((name, "و"),), (("and", ""), (name, ""))]
                elif match["pro"] == "l":
                    choices.append(((name, "ل"),))
                elif match["pro"] == "b":
                    choices += [((name, "ب"),), (("in", ""), (name, ""))]
                else:
                    choices.append(((name, ""),))
            if match["maybe"]:
                choices.append(())
            slots.append(choices)
        for combination in itertools.product(*slots):
            symbols = [s for part in combination for s in part]
            if not symbols:
                continue
            first = sum(len(p) for p in combination[:begin_at])
            last = sum(len(p) for p in combination[:end_at]) if end_at is not None else len(symbols)
            line = [rule["rule"], rule["gives"], rule.get("weak"), rule.get("set") or {}, rule.get("do"),
                    [list(s) for s in symbols], first, last]  # fmt: skip
            if line not in out:
                out.append(line)
    return out


def _split(pattern: str) -> list[str]:
    return re.findall(r"[^\s(]*\([^)]*\)\??|\S+", pattern)
