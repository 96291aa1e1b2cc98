"""The tables of the actor knowledge base: well formed, without clashes, large enough, and right on facts that are beyond doubt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from musnad.actors.build import Row, cell
from training.lexicons import actors_kb_check as checker

BASE = checker.read()
ACTORS = {row["id"]: row for _, row in BASE.actors}
STATES = {row["iso3"]: row for row in BASE.states}


def test_nothing_is_wrong_with_the_tables() -> None:
    assert checker.check() == []


def test_counts() -> None:
    counts = checker.counts(BASE)
    assert counts.actors >= 5000
    assert counts.names >= 18000
    assert counts.outlets >= 500
    assert counts.titles >= 700
    assert counts.heads >= 350


def holders(country: str, office: str, date: str) -> set[str]:
    """Who held an office of a state at a date."""

    def on(row: Row) -> bool:
        begin, end = row["from"], row["to"]
        return date[: len(begin)] >= begin and (not end or date[: len(end)] <= end)

    return {r["person"] for r in BASE.offices if (r["country"], r["office"], r["org"]) == (country, office, "") and on(r)}


@pytest.mark.parametrize(
    ("country", "office", "date", "person"),
    [
        ("IRQ", "head_of_government", "2014-03-01", "nouri-maliki"),
        ("IRQ", "head_of_government", "2024-01-27", "mohammed-sudani"),
        ("IRQ", "foreign_minister", "2024-01-27", "fuad-hussein"),
        ("IRQ", "defence_minister", "2015-06-01", "khaled-obeidi"),
        ("SAU", "head_of_state", "2015-01-10", "king-abdullah-sau"),
        ("SAU", "head_of_state", "2015-02-10", "king-salman"),
        ("SAU", "crown_prince", "2018-01-01", "mbs"),
        ("SAU", "foreign_minister", "2015-08-01", "adel-jubeir"),
        ("EGY", "head_of_state", "2013-01-01", "morsi"),
        ("EGY", "head_of_state", "2020-01-01", "sisi"),
        ("EGY", "foreign_minister", "2017-01-01", "sameh-shoukry"),
        ("TUN", "head_of_state", "2016-12-01", "beji-caid-essebsi"),
        ("TUN", "head_of_government", "2016-12-01", "youssef-chahed"),
        ("TUN", "interior_minister", "2016-12-01", "hedi-majdoub"),
        ("DZA", "head_of_state", "2017-01-01", "bouteflika"),
        ("MAR", "head_of_government", "2015-01-01", "abdelilah-benkirane"),
        ("YEM", "head_of_state", "2015-06-01", "hadi"),
        ("LBN", "head_of_government", "2021-03-01", "hassan-diab"),
        ("JOR", "foreign_minister", "2023-11-01", "ayman-safadi"),
        ("KWT", "head_of_state", "2021-01-01", "nawaf-ahmad"),
        ("QAT", "foreign_minister", "2017-06-05", "mbar"),
        ("SDN", "head_of_state", "2010-01-01", "omar-bashir"),
        ("LBY", "head_of_government", "2022-01-01", "dbeibah"),
        ("TUR", "head_of_government", "2015-01-01", "davutoglu"),
        ("TUR", "head_of_state", "2015-01-01", "erdogan"),
        ("TUR", "foreign_minister", "2024-01-01", "fidan"),
        ("IRN", "head_of_state", "2015-07-14", "rouhani"),
        ("IRN", "supreme_leader", "2015-07-14", "khamenei"),
        ("ISR", "defence_minister", "2024-01-27", "gallant"),
        ("USA", "head_of_state", "2011-05-02", "obama"),
        ("USA", "foreign_minister", "2015-07-14", "kerry"),
        ("USA", "defence_minister", "2007-05-01", "gates"),
        ("GBR", "head_of_government", "2022-10-01", "truss"),
        ("FRA", "foreign_minister", "2015-11-13", "fabius"),
        ("RUS", "foreign_minister", "2008-08-08", "lavrov"),
        ("RUS", "head_of_state", "2009-01-01", "medvedev"),
        ("DEU", "head_of_government", "2010-01-01", "merkel"),
        ("CHN", "foreign_minister", "2023-03-01", "qin-gang"),
        ("IND", "head_of_government", "2013-01-01", "manmohan-singh"),
        ("PAK", "head_of_state", "2006-01-01", "musharraf"),
        ("AFG", "head_of_state", "2020-01-01", "ghani"),
    ],
)
def test_who_held_an_office(country: str, office: str, date: str, person: str) -> None:
    assert holders(country, office, date) == {person}


@pytest.mark.parametrize(
    ("actor", "country", "sector"),
    [
        ("isis", "", "REB"),
        ("al-qaeda", "", "REB"),
        ("coalition-isis", "", "MIL"),
        ("coalition-yemen", "", "MIL"),
        ("hamas", "PSE", "REB"),
        ("houthis", "YEM", "REB"),
        ("al-shabaab", "SOM", "REB"),
        ("irq-pmf", "IRQ", "PRM"),
        ("irq-mod", "IRQ", "GOV"),
        ("usa-mod", "USA", "GOV"),
        ("isr-mossad", "ISR", "SPY"),
        ("lbn-isf", "LBN", "COP"),
        ("egy-scc", "EGY", "JUD"),
        ("isr-knesset", "ISR", "LEG"),
        ("msf", "", "NGO"),
        ("sohr", "SYR", "NGO"),
        ("reuters", "GBR", "JRN"),
        ("malay-mail", "MYS", "JRN"),
    ],
)
def test_country_and_sector(actor: str, country: str, sector: str) -> None:
    assert (ACTORS[actor]["country"], ACTORS[actor]["sector"]) == (country, sector)


@pytest.mark.parametrize(
    ("actor", "code"),
    [("un", "IGO"), ("unifil", "IGO MIL"), ("amisom", "IGO MIL"), ("unami", "IGO"), ("gcc", "IGO")],
)
def test_codes_of_international_bodies(actor: str, code: str) -> None:
    assert ACTORS[actor]["code"] == code
    assert not ACTORS[actor]["country"]


def test_name_changes_follow_each_other() -> None:
    names = [ACTORS[i] for i in ("nusra", "jfs", "hts")]
    assert [a["ar"] for a in names] == ["جبهة النصرة", "جبهة فتح الشام", "هيئة تحرير الشام"]
    assert names[0]["to"] == names[1]["from"]
    assert names[1]["to"] == names[2]["from"]


@pytest.mark.parametrize(
    ("iso3", "nisba", "capital"),
    [
        ("IRQ", "عراقي", "بغداد"),
        ("USA", "أمريكي", "واشنطن"),
        ("GBR", "إنكليزي", "لندن"),
        ("YEM", "يمني", "صنعاء"),
        ("KOR", "كوري جنوبي", "سول"),
    ],
)
def test_states(iso3: str, nisba: str, capital: str) -> None:
    assert nisba in cell(STATES[iso3], "nisba")
    assert capital in cell(STATES[iso3], "capital_ar")


def broken(tmp_path: Path, file: str, old: str, new: str) -> set[str]:
    """What the checker says about a copy of the tables with one thing changed."""
    copy = tmp_path / "kb"
    shutil.copytree(checker.KB, copy)
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), "utf-8")
    return {p.what for p in checker.check(copy)}


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("actors_armed_groups.tsv", "\thamas\t", "\thamash\t", "parent hamash"),
        ("actors_armed_groups.tsv", "hamas\tarmed_group\tPSE", "hamas\tband\tPSE", "kind band"),
        ("actors_armed_groups.tsv", "hamas\tarmed_group\tPSE", "hamas\tarmed_group\tPAL", "country PAL"),
        (
            "actors_armed_groups.tsv",
            "2016-07-28\t2017-01-28",
            "2017-07-28\t2017-01-28",
            "2017-07-28 is after 2017-01-28",
        ),
        ("actors_armed_groups.tsv", "\t1987-12\t", "\t1987-13\t", "date 1987-13"),
        ("actors_parties.tsv", "\tحركة أمل\t", "\tحركة حماس\t", "claimed by amal, hamas"),
        ("seats.tsv", "\tusa-presidency\t", "\tusa-president\t", "no actor usa-president"),
        (
            "offices.tsv",
            "\t2009-01-20\t2017-01-20\t",
            "\t2008-01-20\t2017-01-20\t",
            "bush and obama at the same time",
        ),
        ("titles.tsv", "\tMIL\trank\t", "\tARMY\trank\t", "kind, scope or sector"),
        ("states.tsv", "SYR\tSY\tSyria", "SYR\tSYR\tSyria", "iso2"),
    ],
)
def test_the_checker_finds_mistakes(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    assert said in broken(tmp_path, file, old, new)


def test_the_command_prints_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert checker.main([]) == 0
    assert "outlets" in capsys.readouterr().out
