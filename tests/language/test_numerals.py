"""The number reader on words, digits and both."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from musnad.article import Article
from musnad.language import numerals
from musnad.language.stage import LanguageStage
from musnad.pipeline import Analysis, Pipeline

CASES = Path(numerals.__file__).parent / "cases" / "numerals.yaml"
_PIPELINE = Pipeline([LanguageStage()])


def _all(text: str) -> tuple[Analysis, list[numerals.Numeral]]:
    analysis = _PIPELINE.analyse(Article(id="", text=text))
    out, i = [], 0
    while i < len(analysis.tokens):
        found = numerals.read(analysis.tokens, i)
        if found is not None:
            out.append(found)
        i = found.last if found is not None else i + 1
    return analysis, out


def _cases() -> list[dict[str, object]]:
    return list(yaml.safe_load(CASES.read_text(encoding="utf8")))


@pytest.mark.parametrize("case", _cases(), ids=lambda c: str(c["text"])[:40])
def test_case(case: dict[str, object]) -> None:
    text = str(case["text"])
    _, found = _all(text)
    got = [[text[n.start : n.end], [n.low, n.high] if n.value is None else n.value, n.kind] for n in found]
    expected = [[e[0], e[1], e[2] if len(e) > 2 else "cardinal"] for e in case["is"]]  # type: ignore[attr-defined]
    assert [g[0] for g in got] == [e[0] for e in expected]
    assert [g[2] for g in got] == [e[2] for e in expected]
    for g, e in zip(got, expected, strict=True):
        assert g[1] == (pytest.approx(e[1], rel=1e-6) if isinstance(e[1], float) else e[1])


def test_spans_are_the_words() -> None:
    analysis, found = _all("وَثلاثةُ رجالٍ وبخمسـة وعشرين دينارًا")
    assert [analysis.text[n.start : n.end] for n in found] == ["ثلاثةُ", "خمسـة وعشرين"]
    for n in found:
        assert analysis.tokens[n.first].start <= n.start < n.end <= analysis.tokens[n.last - 1].end


def test_every_number_to_twenty_thousand_in_words() -> None:
    units = ["صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"]
    tens = ["عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]
    hundreds = ["مئة", "مئتان", "ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة"]

    def below_hundred(n: int) -> str:
        if n <= 10:
            return units[n]
        if n < 20:
            return ("أحد عشر", "اثنا عشر")[n - 11] if n < 13 else f"{units[n - 10]} عشر"
        return tens[n // 10 - 2] if n % 10 == 0 else f"{units[n % 10]} و{tens[n // 10 - 2]}"

    def below_thousand(n: int) -> str:
        if n < 100:
            return below_hundred(n)
        rest = f" و{below_hundred(n % 100)}" if n % 100 else ""
        return hundreds[n // 100 - 1] + rest

    def words(n: int) -> str:
        if n < 1000:
            return below_thousand(n)
        thousands = n // 1000
        head = {1: "ألف", 2: "ألفان"}.get(thousands) or (f"{below_thousand(thousands)} {'آلاف' if thousands <= 10 else 'ألفا'}")
        return head + (f" و{below_thousand(n % 1000)}" if n % 1000 else "")

    for n in [*range(1, 1200), *range(1200, 20000, 7), 99999, 100000, 345678, 999999]:
        text = words(n)
        _, found = _all(text)
        assert [(f.value, f.end - f.start) for f in found] == [(n, len(text))], text


def test_long_input_is_linear() -> None:
    import time

    begin = time.perf_counter()
    _all("ألف و" * 20000)
    _all("1." * 50000)
    _all("مئة " * 20000)
    assert time.perf_counter() - begin < 20


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,250", 1250), ("1.250", 1250), ("0,250", 0.25), ("2,5", 2.5), ("1٬250٫5", 1250.5),
     ("1.250.000", 1250000), ("1.250,75", 1250.75), ("1,250.75", 1250.75), ("10:30", None), ("3/4", 0.75),
     ("4/3", None), ("1.2.3", None), ("12،220,13", 12220.13), ("3٫14159", 3.14159)],
)  # fmt: skip
def test_digits(text: str, value: float | None) -> None:
    assert numerals.digits(text) == value


def test_the_compiled_words_are_those_of_their_source() -> None:
    from training import compile as compiler
    from training.lexicons import numerals as source

    for path, data in compiler.compiled(source).items():
        assert path.read_bytes() == data, "run `python -m training.compile language`"
