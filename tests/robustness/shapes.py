"""Texts that grow: each shape makes a text of ``n`` parts, where a stage could do more work than the text grows."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle, islice

FIRST = ["سامي", "كريم", "نادر", "فؤاد", "هالة", "رنا", "ياسين", "جمال", "لطفي", "منير", "سعاد"]
LAST = ["الحداد", "البكري", "الشامي", "المنصوري", "العطار", "الكردي", "النجار"]
PLACES = ["بغداد", "دمشق", "القاهرة", "طرابلس", "صنعاء", "الخرطوم", "عدن", "الموصل", "حلب"]


def _names(n: int) -> list[str]:
    return [f"{FIRST[i % 11]} {LAST[i % 7]}" + (f" {LAST[(i // 7) % 7]}" if i % 3 else "") for i in range(n)]


def _many(part: str, n: int, between: str = " ") -> str:
    return between.join([part] * n)


def _sentences(n: int) -> str:
    parts = [
        f"قال الوزير {name} إن {i + 3} جنود قتلوا في هجوم قرب {place} يوم {i % 28 + 1} يناير {1990 + i % 30}."
        for i, (name, place) in enumerate(zip(_names(n), islice(cycle(PLACES), n), strict=True))
    ]
    return " ".join(parts)


#: name -> (text of n parts, parts of the smaller text)
SHAPES: dict[str, tuple[Callable[[int], str], int]] = {
    "sentences": (_sentences, 60),
    "paragraphs": (lambda n: _sentences(n).replace(". ", ".\n\n"), 60),
    "one long sentence": (lambda n: _sentences(n).replace(".", "،"), 60),
    "one long word": (lambda n: "قال " + "وبالمستشفيات" * n + " أمس.", 2000),
    "long words": (lambda n: _many("وسيستقبلونهم" * 40, n), 60),
    "plain words": (lambda n: _many("في الطريق الطويل إلى مدينة بعيدة جدا", n), 120),
    "no space": (lambda n: _many("قال،إن:", n, ""), 400),
    "he said": (lambda n: _many("قال إن", n), 400),
    "and he said": (lambda n: _many("وأضاف أن المتحدث قال إن", n), 200),
    "verbs": (lambda n: _many("هاجم وقصف واعتقل وأعلن", n), 200),
    "events": (lambda n: _many("هاجمت القوات السورية المسلحين وقصفت الطائرات", n, " و"), 120),
    "masdars": (lambda n: _many("بدء سحب القوات ووقف إطلاق النار", n, " و"), 120),
    "quotes «»": (lambda n: _many("قال «نعم» ثم", n), 300),
    "open «": (lambda n: _many("قال «نعم", n), 300),
    "close »": (lambda n: _many("قال نعم»", n), 300),
    "nested «": (lambda n: "قال " + "«" * n + "نعم" + "»" * n, 800),
    'quotes "': (lambda n: _many('قال "نعم" ثم', n), 300),
    "odd quotes": (lambda n: _many("قال “نعم \" لا ” ثم ' و", n), 200),
    "quote marks": (lambda n: "قال " + '"' * n, 1600),
    "brackets": (lambda n: _many("قال (نعم) و[لا]", n), 300),
    "open (": (lambda n: _many("(قال", n), 400),
    "nested (": (lambda n: "قال " + "(" * n + "نعم" + ")" * n, 800),
    "names": (lambda n: " و".join(_names(n)), 200),
    "one name": (lambda n: " ".join(_names(n)), 200),
    "titles": (lambda n: _many("رئيس وزير نائب مدير مكتب", n), 150),
    "sons": (lambda n: _many("بن علي آل", n), 250),
    "places": (lambda n: " و".join(islice(cycle(PLACES), n)), 400),
    "numbers": (lambda n: _many("3 و17 ألف و250 مليون", n), 200),
    "digits": (lambda n: "قتل " + "7" * n + " شخصا", 4000),
    "digits and marks": (lambda n: "قتل " + "7,5.3٫" * n, 600),
    "number words": (lambda n: "قتل " + _many("ثلاثة وعشرون ألفا ومئة", n, " و"), 150),
    "dates": (lambda n: _many("يوم 5 يناير 2014 حتى 7 مارس", n), 120),
    "times": (lambda n: _many("الساعة 7:30 مساء أمس الأحد", n), 150),
    "commas": (lambda n: "قال " + "،" * n + " نعم", 2000),
    "dots": (lambda n: _many("نعم .", n, " ."), 500),
    "new lines": (lambda n: _many("قال نعم", n, "\n\n\n"), 400),
    "spaces": (lambda n: "قال" + " " * n + "نعم", 8000),
    "marks": (lambda n: "قَ" + "ّ" * n + "ال", 4000),
    "tatweel": (lambda n: "قـ" + "ـ" * n + "ال", 4000),
    "bidi": (lambda n: _many("قال\u202b\u2066نعم\u202c", n, "\u200f"), 400),
    "latin": (lambda n: _many("قال John Smith في Reuters", n), 200),
    "commitments": (lambda n: _many("تعهدت الحكومة بسحب القوات خلال شهر إذا توقف القتال", n, " و"), 100),
    "relatives": (lambda n: _many("الوزير الذي قال إن الرئيس", n), 160),
    "colons": (lambda n: _many("وقال: نعم", n, ": "), 300),
    "agency tags": (lambda n: _many("(أ ف ب) - رويترز", n), 200),
}  # fmt: skip
