"""The compiled package and the pure one: the same records, and a build that never fails for want of a compiler."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import musnad
from musnad.built import built

ROOT = Path(__file__).resolve().parent.parent
#: texts beside the examples: what compiled code may take differently (numbers of every size, letters beyond the usual, nothing but marks)
TEXTS = (
    "قُتل 12 شخصاً وأصيب 3.5 في المئة من السكان في قصف على مدينة الرقة يوم 31/12/2023، وفق المرصد.",
    "بلغت الخسائر 123456789012345678901234567890 دولاراً، أي نحو ثلثي الموازنة البالغة ١٫٥ مليار دينار.",
    "ﻻ ﻷحد \u202bأن ﷲ يعلم\u202c؛ «قال الوزير» ثم «أضاف: سنبدأ الشهر المقبل إن وافق البرلمان».",
    "أعلن باسم نعيم وكمال عدوان وفيصل المقداد أنهم سيلتقون بوزير الخارجية السعودي الأمير فيصل بن فرحان في 15 شعبان 1445هـ.",
    "،،، «» ... (؟) — ! قال",
)
#: prints the records of the examples and texts, a line each
CODE = """
import json, sys
from pathlib import Path
from musnad import code
from musnad.built import built
from musnad.record import to_json
print(built())
for path in sorted(Path(sys.argv[1], "examples").glob("*.jsonl")):
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        print(to_json(code(row["text"], published=row.get("published"))).decode())
for text in json.load(sys.stdin):
    print(to_json(code(text, published="2024-02-12")).decode())
"""


def _records(package: Path, texts: list[str]) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", CODE, str(ROOT)], input=json.dumps(texts), env=os.environ | {"PYTHONPATH": str(package)},
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=True,
    )  # fmt: skip
    return ran.stdout.splitlines()


def _annotated() -> list[str]:
    lines = (ROOT / "tests/events/passages.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def test_the_build_under_test_is_the_one_meant() -> None:
    assert built() == os.environ.get("MUSNAD_EXPECT", built())
    assert built() in ("compiled", "pure Python")


@pytest.mark.skipif(built() != "compiled", reason="the package in use is the pure one: there is nothing to compare")
def test_compiled_records_are_those_of_pure_python_byte_for_byte() -> None:
    texts = [*TEXTS, *_annotated()]
    here = _records(Path(musnad.__file__).parent.parent, texts)
    there = _records(ROOT / "src", texts)
    assert (here[0], there[0]) == ("compiled", "pure Python")
    assert len(here) > len(texts)
    assert here[1:] == there[1:]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [("MUSNAD_PURE", "1", "MUSNAD_PURE is set"), ("CC", "no-such-compiler", "there is no C compiler no-such-compiler")],
)
def test_without_a_compiler_the_wheel_is_pure_and_one_line_says_why(tmp_path: Path, name: str, value: str, reason: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("MUSNAD_PURE", "CC")} | {name: value}
    ran = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    said = [line for line in (ran.stdout + ran.stderr).splitlines() if "pure Python" in line]
    assert len(said) == 1
    assert reason in said[0]


def test_modules_to_compile_are_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]["modules"]
    missing = [name for name in names if not (ROOT / "src" / (name.replace(".", "/") + ".py")).exists()]
    assert missing == []
    assert len(set(names)) == len(names)
