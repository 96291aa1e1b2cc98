"""Users' tables beside ours: finding, showing, checking, adding, importing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from musnad.actors import kb, manage, wikidata
from musnad.actors.manage import ActorClashWarning, ActorTableError, NewActor
from musnad.actors.stage import ActorsStage
from musnad.article import Article, article_id
from musnad.language.stage import LanguageStage
from musnad.pipeline import Pipeline
from musnad.times.stage import TimesStage

TSV = "id\tkind\tcountry\tsector\tar\tvariants\tshort\ten\nriver-guard\tarmed_group\tSDN\tREB\tحرس النهر القديم\tقوات حرس النهر القديم\t\tOld River Guard\n"


def test_a_table_is_used_beside_ours(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text(TSV, "utf-8")
    assert manage.check(path) == []
    text = "هاجم حرس النهر القديم القرية."
    pipeline = Pipeline([LanguageStage(), TimesStage(), ActorsStage([path])])
    analysis = pipeline.analyse(Article(id=article_id(text), text=text))
    entity = next(e for e in analysis.entities if e.actor == "river-guard")
    assert (entity.code, entity.name_en, entity.name_en_from) == ("SDN REB", "Old River Guard", "base")
    assert not any(a.id == "river-guard" for a in kb.load().actors)


def test_yaml_and_csv_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "- {id: x1, kind: organisation, country: IRQ, sector: NGO, ar: [جمعية ضفاف الخير, ضفاف الخير]}\n", "utf-8"
    )
    (tmp_path / "a.csv").write_text("id,kind,country,sector,ar,variants\nx1,organisation,IRQ,NGO,جمعية ضفاف الخير,ضفاف الخير\n", "utf-8")
    for name in ("a.yaml", "a.csv"):
        base = kb.load([tmp_path / name])
        assert [(a.id, s) for a, s in base.lookup("ضفاف الخير")] == [("x1", False)]


def test_a_clash_is_told_and_the_users_entry_wins(tmp_path: Path) -> None:
    path = tmp_path / "clash.tsv"
    path.write_text("id\tkind\tar\nmy-hamas\torganisation\tحركة حماس\n", "utf-8")
    assert any(p.startswith("clash:") and "hamas" in p for p in manage.check(path))
    with pytest.warns(ActorClashWarning, match="حركة حماس"):
        base = kb.load([path])
    assert base.lookup("حركة حماس")[0][0].id == "my-hamas"


def test_what_is_wrong_with_a_table_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "bad.tsv"
    path.write_text("id\tkind\tcountry\tsector\tar\tfrom\nx\tthing\tXQ\tFOO\tاسم ما\tyesterday\n\tperson\t\t\t\t\n", "utf-8")
    problems = "\n".join(manage.check(path))
    for part in ("kind thing", "sector FOO", "country XQ", "from yesterday", "id is empty", "ar is empty"):
        assert part in problems
    with pytest.raises(ActorTableError):
        kb.load([path])
    assert manage.check(tmp_path / "none.tsv")
    assert manage.check(tmp_path / "none.txt") == ["a table is .tsv, .csv, .yaml or .yml"]


def test_add_makes_and_extends_a_table(tmp_path: Path) -> None:
    path = tmp_path / "new.tsv"
    assert manage.add(path, NewActor("a1", "person", "فلان الفلاني", country="IRQ", sector="GOV")) == []
    manage.add(path, NewActor("a2", "person", "علان العلاني"))
    assert [r["id"] for r in manage.read_rows(path)] == ["a1", "a2"]
    with pytest.raises(ActorTableError):
        manage.add(path, NewActor("a1", "person", "غيره"))


def test_find_and_show() -> None:
    assert manage.find("حماس")[0].actor.id == "hamas"
    assert any(f.actor.id == "hamas" for f in manage.find("Hamas"))
    shown = manage.show("hamas")
    assert shown is not None
    assert "حماس" in shown["names"]
    assert manage.show("no-such-actor") is None


def test_wikidata_dump_and_query(tmp_path: Path) -> None:
    def item(name: str, label: str, **claims: list[object]) -> dict[str, object]:
        def snak(value: object) -> dict[str, object]:
            return {"mainsnak": {"datavalue": {"value": value}}}

        return {"id": name, "labels": {"ar": {"value": label}, "en": {"value": label}}, "aliases": {"ar": [{"value": "اسم آخر"}]},
                "claims": {p: [snak(v) for v in values] for p, values in claims.items()}}  # fmt: skip

    dump = tmp_path / "dump.json"
    lines = [item("Q900001", "بلاد التجربة", P298=["TST"]),
             item("Q900002", "حزب التجربة", P31=[{"id": "Q7278"}], P17=[{"id": "Q900001"}], P571=[{"time": "+1999-05-00T00:00:00Z"}]),
             item("Q900003", "شيء آخر", P31=[{"id": "Q1"}])]  # fmt: skip
    dump.write_text("[\n" + ",\n".join(json.dumps(x, ensure_ascii=False) for x in lines) + "\n]\n", "utf-8")
    out = tmp_path / "out.tsv"
    assert wikidata.convert(dump, out) == 1
    row = manage.read_rows(out)[0]
    assert (row["id"], row["kind"], row["sector"], row["country"], row["from"]) == ("wd-Q900002", "organisation", "PTY", "TST", "1999-05")
    query = tmp_path / "q.json"
    query.write_text(json.dumps({"head": {}, "results": {"bindings": [
        {"item": {"value": "http://www.wikidata.org/entity/Q900002"}, "ar": {"value": "حزب التجربة"}, "country": {"value": "IRQ"}}
    ]}}), "utf-8")  # fmt: skip
    assert wikidata.convert(query, out) == 1
    assert manage.check(out) == []
    bad = tmp_path / "bad.json"
    bad.write_text("{not json\n", "utf-8")
    with pytest.raises(ActorTableError):
        wikidata.convert(bad, out)
