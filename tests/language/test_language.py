"""The language room's functions: table, tagging, printing, what is compiled."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time

import pytest

from musnad.article import Article
from musnad.language import forms, verbs
from musnad.language.analyse import render
from musnad.language.stage import LanguageStage
from musnad.pipeline import Pipeline


def test_verb_forms_of_a_lemma():
    made = verbs.forms("أعلن")
    assert {"اعلن", "اعلنت", "يعلنون", "تعلن", "اعلنوا"} <= made
    assert verbs.forms("لافعلكهذا") == frozenset()


def test_every_verb_of_the_list_is_found():
    from training.lexicons.language_forms import rows

    listed = list(rows("verbs.tsv"))
    assert len(listed) >= 3500
    missing = [lemma for lemma, *_ in listed if not any(r.lemma == lemma and r.aspect == "perf" for r in verbs.lookup(lemma))]
    assert missing == []


def test_broken_plurals():
    from training.lexicons.language_forms import rows

    pairs = [(row[0], p) for row in rows("nominals.tsv") for p in row[3].split(",") if p and not p.startswith("+")]
    assert len(pairs) >= 1500
    for lemma, plural in (("وزير", "وزراء"), ("دولة", "دول"), ("سنة", "سنوات"), ("مدينة", "مدن")):
        assert any(f.reading.lemma == lemma and f.reading.number == "p" for f in forms.lookup(plural))


def test_table_loads_quickly():
    code = (
        "import time, musnad.language.forms as f, musnad.lexicon as l\n"
        "import marisa_trie, msgspec\n"
        "b = [l.read_bytes('language', 'forms.trie'), l.read_bytes('language', 'forms.msgpack')]\n"
        "s = time.process_time(); f.table(); print(time.process_time() - s)"
    )
    times = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(3)]
    assert min(times) < 0.05


def test_import_is_quick():
    code = "import time; s = time.perf_counter(); import musnad; print(time.perf_counter() - s)"
    times = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(3)]
    assert min(times) < 0.2


def test_passive_by_its_vowel_and_mood_by_particle(analysed):
    tokens = analysed("قُتل الجندي ولم يعلن الجيش اسمه ولن ينشره").tokens
    by = {t.norm: t for t in tokens}
    assert by["قتل"].verb is not None
    assert by["قتل"].verb.voice == "pass"
    assert by["يعلن"].verb.mood == "jus"
    assert by["ينشره"].verb.mood == "sub"


def test_masdar_knows_its_verb(analysed):
    token = next(t for t in analysed("بدأ سحب القوات من البلاد").tokens if t.norm == "سحب")
    assert (token.readings[0].form, token.readings[0].verb) == ("masdar", "سحب")


def test_tokens_with_tashkeel_keep_offsets(analysed):
    a = analysed("وَبِالـعِرَاقِ")
    token = a.tokens[0]
    assert [c.form for c in token.proclitics] == ["و", "ب"]
    assert a.text[token.stem_start : token.stem_end] == "الـعِرَاقِ"


def test_render():
    a = Pipeline([LanguageStage(None)]).analyse(Article(id="", text="وقال الوزير إنه سيلتقيهم."))
    rows = render(a, "tsv").splitlines()
    assert rows[1].split("\t")[3:8] == ["وقال", "و", "قال", "_", "قال"]
    conllu = render(a, "conllu").splitlines()
    assert conllu[0] == "# sent_id = 1"
    assert any(line.startswith("1-2\tوقال") for line in conllu)
    assert all(line.startswith("#") or not line or line.count("\t") == 9 for line in conllu)
    made = json.loads(render(a, "json"))
    assert [made["text"][t["start"] : t["end"]] for t in made["tokens"]] == [t["text"] for t in made["tokens"]]
    with pytest.raises(ValueError, match="no format"):
        render(a, "xml")  # type: ignore[arg-type]


def test_names_are_optional(monkeypatch):
    from musnad.language import names

    monkeypatch.setattr(names, "_model", lambda kind: None)
    a = Pipeline([LanguageStage("fast")]).analyse(Article(id="", text="زار علي بغداد"))
    assert a.names == []
    assert a.warnings


def test_speed_does_not_fall_far(analysed):
    text = "أعلن رئيس الوزراء العراقي اليوم أن الحكومة ستبدأ محادثات مع التحالف الدولي بشأن انسحاب قواته من البلاد. " * 200
    analysed(text)
    start = time.process_time()
    n = len(analysed(text).tokens)
    assert n / (time.process_time() - start) > 10_000


def test_compiled_is_what_the_sources_give():
    from training import compile as compiler

    for name in ("forms", "sentences", "words", "z_options"):
        module = importlib.import_module(f"training.lexicons.language_{name}")
        for path, data in compiler.compiled(module).items():
            assert path.read_bytes() == data, f"{path.name}: run `python -m training.compile language`"
