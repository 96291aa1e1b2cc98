"""The quick way through plain text finds what the full reader finds."""

from __future__ import annotations

import random

import pytest

from musnad.figures import numbers
from tests.figures.test_cases import _load, marked

_LETTERS = (
    "واحد واحدة اثنان اثني ثلاثة أربع خمس سبع تسعا عشر عشرة عشرون خمسين وأحد وإحدى وعشرين والعشرون والعشرين مئة مئتان مئات "
    "ثلاثمئة وخمسمئة ألف ألفا ألفان آلاف وألف مليون ملايين مليارا الثلاثة الخامس ثالث الحادي الأول نصف ربع ثلثا ثلث أرباع أخماس "
    "أجزاء جزء من على في و بالمئة المئة % نسبة قبل الأخير التالي سالب ناقص دزينة فاصلة ونصف وثلث نيف بضعة عشرات "
    "5 2,5 1,200 0 3/4 12% -7 (9) 10، 2023. 1e5 180مل بثلاثة لعشرين وبخمسة فثلاثة الشهر رجل كتابا، «سبعة» إلى التي"
)
WORDS = _LETTERS.split()


def test_every_case_reads_the_same() -> None:
    for _, case in _load():
        text, _ = marked(case["t"])
        assert numbers.scan(text) == numbers._scan_all(text), text


@pytest.mark.parametrize("seed", range(4))
def test_number_words_in_any_order_read_the_same(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(1500):
        text = " ".join(chance.choices(WORDS, k=chance.randint(1, 7)))
        assert numbers.scan(text) == numbers._scan_all(text), text


def test_long_text_and_long_words() -> None:
    text = "مقتل ثلاثة وعشرين شخصا، " * 2000
    assert [f.value for f in numbers.scan(text)] == [23] * 2000
    assert numbers.scan("5" * 10_000) == []
    assert numbers.scan("ا" * 100_000 + " سبعة")[-1].value == 7
