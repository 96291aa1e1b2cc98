"""Reading number words and digits as dates and durations use them."""

from __future__ import annotations

from collections.abc import Sequence

from musnad.times.data import Data

_TEN = ("عشر", "عشره")
_HUNDRED = ("ميه", "مايه", "ميت")
_THOUSAND = ("الف", "الاف", "الفا")


def cardinal(d: Data, keys: Sequence[str], i: int, word: str) -> tuple[int, int] | None:
    """The cardinal that begins at token i, whose first word without prefix is ``word``: (value, token after it)."""
    got = _below_thousand(d, keys, i, word)
    if got is None:
        return None
    value, j = got
    if value < 1000 and j < len(keys) and keys[j] in _THOUSAND and value > 2:
        value, j = value * 1000, j + 1
    if value >= 1000 and value % 1000 == 0 and j < len(keys):
        rest = _and(d, keys, j)
        if rest is not None and rest[0] < 1000:
            return value + rest[0], rest[1]
    return value, j


def _below_thousand(d: Data, keys: Sequence[str], i: int, word: str) -> tuple[int, int] | None:
    value = d.cardinals.get(word)
    if value is None:
        return None
    j = i + 1
    following = keys[j] if j < len(keys) else ""
    if value < 10:
        if following in _TEN:
            return value + 10, j + 1
        if value > 2 and following in _HUNDRED:
            value, j = value * 100, j + 1
        else:
            tens = _with_and(d, keys, j)
            if tens is not None and 20 <= tens[0] <= 90 and tens[0] % 10 == 0:
                return value + tens[0], tens[1]
            return value, j
    if 100 <= value < 1000:
        rest = _and(d, keys, j)
        if rest is not None and rest[0] < 100:
            return value + rest[0], rest[1]
    return value, j


def simple(d: Data, keys: Sequence[str], i: int, word: str) -> tuple[int, int] | None:
    """The number that begins at token i without what و adds to it: (value, token after it)."""
    value = d.cardinals.get(word)
    if value is None:
        return None
    if value < 10 and i + 1 < len(keys) and keys[i + 1] in _TEN:
        return value + 10, i + 2
    return value, i + 1


def _with_and(d: Data, keys: Sequence[str], j: int) -> tuple[int, int] | None:
    if j < len(keys):
        if keys[j].startswith("و") and keys[j][1:] in d.cardinals:
            return d.cardinals[keys[j][1:]], j + 1
        if keys[j] == "و" and j + 1 < len(keys) and keys[j + 1] in d.cardinals:
            return d.cardinals[keys[j + 1]], j + 2
    return None


def _and(d: Data, keys: Sequence[str], j: int) -> tuple[int, int] | None:
    if j < len(keys):
        if keys[j].startswith("و") and keys[j][1:] in d.cardinals:
            return _below_thousand(d, keys, j, keys[j][1:])
        if keys[j] == "و" and j + 1 < len(keys):
            return _below_thousand(d, keys, j + 1, keys[j + 1])
    return None


def ordinal(table: dict[str, int], tens: dict[str, int], keys: Sequence[str], i: int, word: str) -> tuple[int, int] | None:
    """The ordinal that begins at token i (الثالث، الحادي والعشرين، الثانية عشرة): (value, token after it).

    :param tens: words of the masculine table, whose tens serve both genders.
    """
    value = table.get(word)
    if value is None:
        return None
    j = i + 1
    if j < len(keys) and value < 10:
        if keys[j] in _TEN:
            return value + 10, j + 1
        if keys[j].startswith("وال") and tens.get(keys[j][1:], 0) >= 20:
            return value + tens[keys[j][1:]], j + 1
    return value, j


def digits(raw: str) -> list[tuple[str, dict[str, object]]]:
    """What a token of digits may be, as (category, slots): raw is folded to European digits."""
    out: list[tuple[str, dict[str, object]]] = []
    for mark in ("٫", "٬", "،"):
        raw = raw.replace(mark, "." if mark == "٫" else ",")
    if raw.isdigit():
        value = int(raw) if len(raw) < 16 else 0
        out.append(("num", {"n": value}))
        if len(raw) <= 2:
            if 1 <= value <= 31:
                out.append(("day_n", {"day": value}))
            if value <= 24:
                out.append(("hour_n", {"hour": value}))
            if len(raw) == 2:
                out.append(("yy_n", {"yy": value}))
        elif len(raw) == 4:
            if 1700 <= value <= 2199:
                out.append(("year_n", {"year": value}))
            elif 1300 <= value <= 1500:
                out.append(("hyear_n", {"year": value, "cal": "h"}))
                out.append(("nyear_n", {"year": value}))
            elif value >= 1000:
                out.append(("nyear_n", {"year": value}))
            if value // 100 < 24 and value % 100 < 60:
                out.append(("hhmm_n", {"hour": value // 100, "minute": value % 100}))
        elif len(raw) == 3:
            out.append(("dyear_n", {"year": value}))
        return out
    for mark in "/.":
        parts = raw.split(mark)
        if len(parts) > 1 and all(p.isdigit() for p in parts):
            out += _parted(parts, mark)
    if ":" in raw:
        parts = raw.split(":")
        if all(p.isdigit() for p in parts) and len(parts) in (2, 3) and len(parts[0]) <= 2 and len(parts[1]) == 2:
            hour, minute = int(parts[0]), int(parts[1])
            if hour <= 24 and minute < 60:
                slots: dict[str, object] = {"hour": hour, "minute": minute}
                if len(parts) == 3:
                    slots["second"] = int(parts[2])
                out.append(("hm_n", slots))
    if raw.count(",") == 1:
        left, right = raw.split(",")
        if len(left) == 2 and len(right) == 2 and int(left) < 24 and int(right) < 60:
            out.append(("hdot_n", {"hour": int(left), "minute": int(right)}))
    plain = raw.replace(",", ".") if raw.count(",") == 1 and raw.count(".") == 0 else raw.replace(",", "")
    if plain.count(".") == 1 and plain.replace(".", "").isdigit():
        groups = raw.split(",")
        if len(groups) == 2 and len(groups[1]) == 3 and "." not in raw:
            out.append(("num", {"n": int(raw.replace(",", ""))}))
        else:
            out.append(("num", {"n": float(plain)}))
    return out


def _parted(parts: list[str], mark: str) -> list[tuple[str, dict[str, object]]]:
    sizes = [len(p) for p in parts]
    values = [int(p) for p in parts if len(p) < 10]
    out: list[tuple[str, dict[str, object]]] = []
    if len(values) != len(parts):
        return out
    if len(parts) == 3:
        return [("numdate", {"parts": values, "sizes": sizes})]
    if len(parts) == 2:
        a, b = values
        if sizes == [4, 4] and mark == "/":
            if b == a + 1:
                out.append(("hyearpair" if a < 1500 else "yearpair", {"parts": values}))
        elif sizes[1] == 4 and 1 <= a <= 12 and 1300 <= b <= 2200:
            out.append(("monthslashyear" if mark == "/" else "monthdotyear", {"month": a, "year": b}))
        elif sizes[0] == 4 and 1 <= b <= 12 and 1300 <= a <= 2200:
            out.append(("monthslashyear" if mark == "/" else "monthdotyear", {"month": b, "year": a}))
        elif sizes[0] == 4 and sizes[1] == 2 and mark == "/" and (a + 1) % 100 == b:
            out.append(("yearpair", {"parts": [a, a + 1]}))
        elif max(sizes) <= 2 and (1 <= a <= 31 and 1 <= b <= 31):
            out.append(("dayslash" if mark == "/" else "daymonth", {"parts": values, "sizes": sizes}))
        if mark == "." and max(sizes) <= 2 and a < 24 and b < 60 and sizes[1] == 2:
            out.append(("hdot_n", {"hour": a, "minute": b}))
    return out
