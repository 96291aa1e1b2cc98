"""The events room: its frames by their examples, its cases, the law of its items, its speed, a user's ontology."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from musnad.events.build import OntologyError, bare, read_frames
from musnad.events.frames import ontology, plover
from musnad.events.stage import EventsStage
from musnad.pipeline import Pipeline
from musnad.reading.build import make_article
from musnad.record import EventType, problems
from musnad.settings import SettingsError
from tests.events.examples import LEXICON, Example, check, coded, examples, names, overlap, pipeline

CASES = LEXICON.parent / "cases"
TYPES = set(EventType.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("example", examples(), ids=lambda e: f"{e.type}.{e.frame}")
def test_frame_example(example: Example) -> None:
    assert check(example) == []


def test_every_frame_has_an_example_and_names_words() -> None:
    for type_name, entry in read_frames(LEXICON):
        where = f"{type_name}.{entry['frame']}"
        assert type_name in TYPES
        assert entry.get("example"), where
        assert any(entry.get(k) for k in ("verbs", "nouns", "phrases")), where


def test_size_of_the_lexicon() -> None:
    lexicon = plover()
    masdars = {(form, lexeme) for form, found in lexicon.forms.items() for lexeme, slot in found if slot in ("Nms", "Nfs")}
    with_sense = {form for form, lexeme in masdars if lexeme in lexicon.senses}
    verbs = sum(lexicon.lexemes[k].startswith("V:") for k in lexicon.senses)
    turns = sum(len(v) for v in lexicon.phrases.values())
    assert verbs + len(with_sense) + turns >= 1500
    assert {f.type for f in lexicon.frames} == TYPES


def test_every_verb_of_a_frame_has_forms() -> None:
    lexicon = plover()
    have = {lexeme for found in lexicon.forms.values() for lexeme, slot in found if slot[0] == "V"}
    missing = [lexicon.lexemes[k] for k in lexicon.senses if lexicon.lexemes[k].startswith("V:") and k not in have]
    assert missing == []
    # a root that conjugates to another verb («استجوب» for «استجاب») shows in the form that names it
    own = [name for k, name in enumerate(lexicon.lexemes) if name.startswith("V:")
           and not any(n == k and slot[0] == "V" for n, slot in lexicon.forms.get(bare(name[2:]), ()))]  # fmt: skip
    assert own == []


def _cases(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((CASES / name).read_text(encoding="utf-8"))["cases"])


@pytest.mark.parametrize("case", _cases("status.yaml") + _cases("clauses.yaml"), ids=lambda c: c["text"][:30])
def test_case(case: dict[str, Any]) -> None:
    analysis, events = coded(case["text"], "2024-03-10")
    match = [e for e in events if e.type == case["type"] and e.trigger.text == case["trigger"]]
    assert match, [(e.type, e.trigger.text) for e in events]
    event = match[0]
    if "status" in case:
        assert event.status == case["status"], event.rules
    both = plover().types[event.type].both
    for role in ("actors", "recipients"):
        ids = event.actors + event.recipients if both else getattr(event, role)
        for wanted in case.get(role, []):
            assert overlap(wanted, names(analysis, ids)), (role, names(analysis, ids), event.rules)


@pytest.mark.parametrize("case", _cases("none.yaml"), ids=lambda c: c["text"][:30])
def test_nothing_happens(case: dict[str, Any]) -> None:
    _, events = coded(case["text"], scored=True)
    assert [(e.type, e.trigger.text, e.rules) for e in events] == []


ARTICLE = (
    "بغداد - أعلنت وزارة الدفاع العراقية، الأحد، مقتل أربعة جنود وإصابة سبعة في هجوم شنه مسلحو تنظيم داعش على نقطة تفتيش قرب كركوك.\n"
    "ودانت الأمم المتحدة الهجوم ودعت الحكومة إلى حماية السكان.\n"
    "وكان وزير الدفاع قد زار أنقرة الخميس حيث التقى نظيره التركي واتفقا على تبادل المعلومات."
)


def test_article() -> None:
    analysis, events = coded(ARTICLE, "2024-03-10", scored=True)
    assert problems(analysis.record()) == []
    kinds = [e.type for e in events]
    assert kinds.count("ASSAULT") == 1, "the attack told twice is one event"
    attack = events[kinds.index("ASSAULT")]
    assert attack.quad == 4
    assert attack.scale is not None
    assert attack.scale <= -8
    assert overlap("مسلحو تنظيم داعش", names(analysis, attack.actors))
    assert any(r.startswith("frame=ASSAULT.") for r in attack.rules)
    assert "CONSULT" in kinds
    assert "ACCUSE" in kinds
    for event in events:
        assert analysis.text[event.start : event.end] == event.text
        assert event.start <= event.trigger.start < event.trigger.end <= event.end


def test_empty_and_foreign_text() -> None:
    analysis = pipeline().analyse(make_article("كلمة"))
    EventsStage().run(analysis)
    assert analysis.events == []


def test_long_text_takes_linear_time() -> None:
    stage = EventsStage()
    one = "هاجم مسلحون قافلة عسكرية قرب الحدود وقتلوا ثلاثة جنود. "
    seconds = []
    for times in (40, 160):
        analysis = pipeline().analyse(make_article(one * times))
        start = time.perf_counter()
        stage.run(analysis)
        seconds.append(time.perf_counter() - start)
        assert analysis.events
    assert seconds[1] < seconds[0] * 12


def test_one_sentence_without_end() -> None:
    analysis = pipeline().analyse(make_article("و" + " قصف الجيش المدينة وقتل جنديا" * 400))
    start = time.perf_counter()
    EventsStage().run(analysis)
    assert time.perf_counter() - start < 20


def test_own_ontology(tmp_path: Path) -> None:
    (tmp_path / "frames").mkdir()
    (tmp_path / "types.yaml").write_text("FLOOD: {quad: 4, score: -3, modes: {river: -4}}\n", encoding="utf-8")
    (tmp_path / "frames" / "FLOOD.yaml").write_text(
        '- frame: overflow\n  nouns: فيضان\n  actor: none\n  mode: river\n  example: "وقع {فيضان} في المدينة"\n', encoding="utf-8"
    )
    lexicon = ontology(tmp_path)
    assert [f.id for f in lexicon.frames] == ["FLOOD.overflow"]
    stages = [*pipeline().stages, EventsStage(tmp_path)]
    analysis = Pipeline(stages).analyse(make_article("وقع فيضان كبير في المدينة."))
    assert [(e.type, e.trigger.text, e.scale) for e in analysis.events] == [("FLOOD", "فيضان", -4)]


def test_elsewhere_is_another_word_of_the_sentence(tmp_path: Path) -> None:
    (tmp_path / "frames").mkdir()
    (tmp_path / "types.yaml").write_text("FLOOD: {quad: 4, score: -3}\n", encoding="utf-8")
    (tmp_path / "frames" / "FLOOD.yaml").write_text(
        '- frame: overflow\n  nouns: فيضان\n  elsewhere: فيضان زلزال\n  example: "وقع {فيضان} في المدينة"\n', encoding="utf-8"
    )
    stages = Pipeline([*pipeline().stages, EventsStage(tmp_path)])

    def triggers(text: str) -> list[str]:
        return [e.trigger.text for e in stages.analyse(make_article(text)).events]

    assert triggers("وقع فيضان كبير في المدينة.") == ["فيضان"]  # the trigger itself is no word elsewhere
    assert triggers("وقع فيضان كبير في المدينة بعد زلزال قوي.") == []
    assert triggers("وقع زلزال قوي. ثم وقع فيضان كبير.") == ["فيضان"]  # another sentence


def test_ontology_names_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "frames").mkdir()
    (tmp_path / "frames" / "X.yaml").write_text("- frame: a\n  verbs: ضغغ\n", encoding="utf-8")
    with pytest.raises(OntologyError, match=r"X\.a.*ضغغ"):
        ontology(tmp_path)


def test_cameo_renames_plover() -> None:
    folder = LEXICON.parent / "ontologies" / "cameo"
    analysis = Pipeline([*pipeline().stages, EventsStage(folder)]).analyse(make_article("اعتقلت الشرطة ثلاثة ناشطين في العاصمة."))
    assert [(e.type, e.trigger.text, e.quad, e.scale) for e in analysis.events] == [("173", "اعتقلت", 4, -5.0)]
    lexicon = ontology(folder)
    assert {k.split(".")[0] for k in lexicon.renamed} == TYPES
    known = {f.id for f in lexicon.frames} | {f"{t}.{m}" for t, i in lexicon.types.items() for m in i.modes} | TYPES
    assert set(lexicon.renamed) <= known


@pytest.mark.parametrize(
    "files", [{}, {"frames/X.yaml": "- {"}, {"frames/X.yaml": "- frame: a\n  nouns: هجوم\n"}, {"map.yaml": "ASSAULT: '1'\n"}]
)
def test_faults_of_an_ontology_are_told_in_one_line(tmp_path: Path, files: dict[str, str]) -> None:
    if any("/" in f for f in files):
        (tmp_path / "frames").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        EventsStage(tmp_path)
    assert str(tmp_path) in str(told.value)
    assert "\n" not in str(told.value)


def test_compiled_is_what_the_sources_give() -> None:
    from training.compile import compiled
    from training.lexicons import events

    for path, data in compiled(events).items():
        assert path.read_bytes() == data, f"run `python -m training.compile events` ({path.name})"
