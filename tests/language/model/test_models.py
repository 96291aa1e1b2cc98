"""The shipped models: sensible on plain news, independent of the batch, refused when a file is not theirs."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from musnad.language.model import WEIGHTS, TokenModel, WeightsError, checked, cut, load, spans
from musnad.language.model.labels import NAME_LABELS, POS_LABELS

KINDS = ("fast", "accurate")
# invented sentences in wire style: words, names that must be found exactly
NEWS = [
    ("وصل وزير الخارجية التركي إلى دمشق مساء أمس .", [("دمشق", "LOC")]),
    (
        "أعلنت منظمة الصحة العالمية تسجيل إصابات جديدة في السودان .",
        [("منظمة الصحة العالمية", "ORG"), ("السودان", "LOC")],
    ),
    ("أعلنت الأمم المتحدة وقف عملياتها في لبنان .", [("الأمم المتحدة", "ORG"), ("لبنان", "LOC")]),
    (
        "واستقبل الملك عبدالله الثاني في عمان الرئيس الفرنسي جاك شيراك .",
        [("جاك شيراك", "PERS"), ("عمان", "LOC")],
    ),
    ("انتقد محمود عباس قرار إسرائيل توسيع المستوطنات .", [("محمود عباس", "PERS"), ("إسرائيل", "LOC")]),
]


@pytest.fixture(params=KINDS, scope="module")
def model(request: pytest.FixtureRequest) -> TokenModel:
    return load(request.param)


def test_names_of_plain_news(model: TokenModel) -> None:
    found = want = 0
    for text, names in NEWS:
        words = text.split()
        tags = model.tag([words])[0]
        got = {(" ".join(words[s.start : s.end]), s.kind) for s in spans(tags.names)}
        want += len(names)
        found += sum(n in got for n in names)
    assert found >= want - 1


def test_part_of_speech_and_split(model: TokenModel) -> None:
    words = ["وقال", "المتحدث", "إن", "القوات", "ستنسحب", "من", "المدينة", "وبيوتها", "."]
    tags = model.tag([words])[0]
    assert tags.pos is not None
    assert tags.split is not None
    pos = dict(zip(words, tags.pos, strict=True))
    assert pos["وقال"] == pos["ستنسحب"] == "VERB"
    assert pos["القوات"] == pos["المدينة"] == "NOUN"
    assert pos["من"] == "ADP"
    assert pos["."] == "PUNCT"
    split = dict(zip(words, tags.split, strict=True))
    assert split["وقال"] == "و+|"
    assert split["ستنسحب"] == "س+|"
    assert split["من"] == split["المتحدث"] == "|"
    assert [words[7][a:b] for a, b in cut(words[7], split[words[7]])] == ["و", "بيوت", "ها"]


def test_labels_are_known_and_one_per_word(model: TokenModel) -> None:
    sents = [t.split() for t, _ in NEWS] + [["؟"], ["2024", "km", "٪"], ["\u200f"], ["ـ"], ["", "قال"], []]
    for words, tags in zip(sents, model.tag(sents), strict=True):
        assert len(tags.names) == len(words)
        assert set(tags.names) <= set(NAME_LABELS)
        assert tags.pos is not None
        assert tags.split is not None
        assert len(tags.pos) == len(tags.split) == len(words)
        assert set(tags.pos) <= set(POS_LABELS)


def test_batch_changes_nothing(model: TokenModel) -> None:
    sents = [t.split() for t, _ in NEWS]
    sents += [sents[0] + sents[1], sents[2][:3], [], sents[3] * 4]
    together = model.tag(sents)
    assert together == [model.tag([s])[0] for s in sents]
    assert together[::-1] == model.tag(sents[::-1])


def test_inside_follows_its_own_beginning(model: TokenModel) -> None:
    for words, _ in NEWS:
        before = "O"
        for name in model.tag([words.split()])[0].names:
            if name[0] == "I":
                assert before[2:] == name[2:]
            before = name


def test_long_sentences(model: TokenModel) -> None:
    words = ("أعلنت الأمم المتحدة أن مسؤولا في بغداد قال أمس إن القوات انسحبت " * 150).split()
    began = time.perf_counter()
    tags = model.tag([words, ["ه" * 5000] * 30])
    assert time.perf_counter() - began < 20
    assert len(tags[0].names) == len(words)
    assert len(tags[1].names) == 30
    un = [t for w, t in zip(words, tags[0].names, strict=True) if w == "الأمم"]
    assert un.count("B-ORG") > 0.9 * len(un)


@pytest.mark.parametrize("kind", KINDS)
def test_loads_within_a_second(kind: str) -> None:
    code = f"""
import time; import numpy, onnxruntime
t = time.process_time()
from musnad.language.model import load
load({kind!r})
print(time.process_time() - t)"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(out.stdout) < 1


def test_loaded_once() -> None:
    assert load("fast") is load("fast")


def test_unknown_kind() -> None:
    with pytest.raises(ValueError, match="fast or accurate"):
        load("huge")  # type: ignore[arg-type]


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    for name in ("weights.json", "fast.npz"):
        shutil.copy(WEIGHTS / name, tmp_path / name)
    assert checked("fast.npz", tmp_path) == tmp_path / "fast.npz"
    raw = bytearray((tmp_path / "fast.npz").read_bytes())
    raw[len(raw) // 2] ^= 1
    (tmp_path / "fast.npz").write_bytes(raw)
    with pytest.raises(WeightsError, match=r"fast\.npz are not those of this release"):
        checked("fast.npz", tmp_path)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"accurate\.onnx not found"):
        checked("accurate.onnx", tmp_path)


def test_every_shipped_file_is_the_sealed_one() -> None:
    for path in WEIGHTS.iterdir():
        if path.name != "weights.json":
            assert checked(path.name) == path
