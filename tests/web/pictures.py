"""Pictures of every page of the reading room: both languages, both widths, both themes.

    python -m tests.web.pictures docs/images          # the pictures of the documentation (WebP, one screen each)
    python -m tests.web.pictures FOLDER --whole       # for looking at: PNG, each page from top to end

The case is the six examples with the decisions of two reviewers.
"""

from __future__ import annotations

import argparse
import base64
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By

from musnad.article import Article
from musnad.casefile import review
from musnad.casefile.derive import derive
from musnad.casefile.description import Description, Factor, describe
from musnad.casefile.ingest import ingest
from musnad.casefile.store import Case, create
from musnad.reading.build import make_article
from musnad.reading.files import Failure, read
from musnad.web import facts
from tests.web.support import accounts, browser, served

#: name of the picture -> address
PAGES = {
    "overview": "/", "articles": "/articles", "article": "/articles/{talks}", "correct": "/articles/{talks}#correct",
    "add": "/articles/{talks}/edit?kind=statements", "events": "/events", "events-none": "/events?actor=XYZ", "event": "/events/{told}",
    "statements": "/statements", "topics": "/statements?by=topic&topic={topic}", "denials": "/statements?by=denials", "figures": "/figures",
    "commitments": "/commitments", "commitments-level": "/commitments?level=1", "actors": "/actors", "actor": "/actors/{actor}", "map": "/map",
    "map-world": "/map?view=world", "sources": "/sources", "search": "/search?q=%D9%88%D8%B2%D8%A7%D8%B1%D8%A9", "dossier": "/dossier",
    "review": "/review", "log": "/review/log", "agreement": "/review/agreement", "suggestions": "/review/suggestions", "ingest": "/ingest",
    "export": "/export", "audit": "/audit", "failures": "/failures", "help": "/help", "error": "/nothing", "login": "/login",
}  # fmt: skip
#: beside the examples: a copy under another name, and an event of the examples told by others with other numbers
MORE = [
    ("مرصد المتوسط", "2023-08-15", "قتلى في مواجهات جنوب طرابلس",
     "طرابلس 15-8 (مرصد المتوسط) - قُتل 22 شخصاً مساء الاثنين في اشتباكات بين قوة حماية الطرق وكتيبة الوادي جنوب العاصمة الليبية طرابلس، "
     "بحسب وزارة الصحة الليبية.\nونفى متحدث باسم كتيبة الوادي قصف المستشفى الميداني، وقال إن \"القذائف جاءت من الطرف الآخر\"."),
    ("صحيفة الشاطئ", "2023-08-16", "ارتفاع حصيلة اشتباكات طرابلس",
     "طرابلس - أعلنت وزارة الصحة الليبية الأربعاء مقتل 27 شخصاً وإصابة 85 آخرين في اشتباكات بين قوة حماية الطرق وكتيبة الوادي جنوب طرابلس "
     "مساء الاثنين.\nوقالت الوزارة إن بين القتلى ستة مدنيين."),
]  # fmt: skip
#: states of pages that are looked at and not kept
LOOKED_AT = ("events-none", "map-world", "commitments-level")
SIZES = {"wide": (1280, 860), "narrow": (390, 844)}


def reviewed_case(path: Path) -> Case:
    """The examples, with decisions of two reviewers."""
    case = create(path, "أمثلة مسند")
    folder = Path(__file__).resolve().parents[2] / "examples"
    (path.parent / "broken.jsonl").write_text('{"title": "بلا نص"}\n', encoding="utf-8")
    describe(case, Description(
        name="أمثلة مسند", question="من يفاوض من، ومن ينفي ماذا؟", keywords=["بغداد", "وقف إطلاق النار", "المساعدات"],
        factors=[Factor(name="الهدنة", keywords=["الهدنة", "وقف إطلاق النار"])],
    ))  # fmt: skip
    items = read([str(folder), str(path.parent / "broken.jsonl")])
    # the folder of this run is of no interest in a picture
    ingest(case, (i._replace(where=Path(i.where).name) if isinstance(i, Failure) else i for i in items), ["examples"])
    aid = next(a for a in read([str(folder / "aid.jsonl")]) if isinstance(a, Article))
    more = [make_article(text, title=title, outlet=outlet, published=day) for outlet, day, title, text in MORE]
    ingest(case, [*more, make_article(aid.text, title=aid.title, outlet="بوابة الفرات", published=aid.published)], ["others"])
    derive(case)
    with case.read() as connection:
        from musnad.casefile import queries

        events, statements = queries.events(connection), queries.statements(connection)
    for n, row in enumerate([*events[:9], *statements[:6]]):
        kind = "events" if n < 9 else "statements"
        for who, actions in (("أمل", "aacrara"), ("بدر", "aaaraar")):
            action = {"a": "accept", "c": "correct", "r": "reject"}[actions[n % 7]]
            if who == "بدر" and n % 2:
                continue
            after = {"status": "planned"} if kind == "events" else {"act": "announce"}
            review.decide(
                case, who, kind, action, document_id=row["document_id"], item=row["id"],
                after=after if action == "correct" else None, note="كما في النص" if action == "accept" and n % 3 == 0 else None,
            )  # fmt: skip
    review.decide(case, "أمل", "documents", "accept", document_id=events[0]["document_id"])
    return case


def addresses(case: Case) -> dict[str, int]:
    """Numbers that the addresses above name."""
    from sqlalchemy import text

    with case.read() as connection:
        topics = facts.topics(connection)

        def one(query: str) -> int:
            return int(connection.execute(text(query)).scalar() or 1)

        return {
            "talks": one("SELECT id FROM documents WHERE outlet = 'شبكة الرافدين'"),
            "told": one("SELECT id FROM event_groups ORDER BY sources DESC, mentions DESC, id"),
            "actor": one("SELECT case_entity_id FROM parties WHERE role = 'actor' GROUP BY 1 ORDER BY count(*) DESC"),
            "topic": topics[0]["id"] if topics else 1,
        }


@contextmanager
def room(given: Path | None) -> Iterator[tuple[dict[str, str], dict[str, int]]]:
    """Addresses of a case without accounts and with them."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        case = Case(given) if given else reviewed_case(folder / "case.musnad")
        known = addresses(case)
        with served(case.path, reviewer="أمل") as free, served(case.path, accounts=accounts(folder)) as guarded:
            yield {"free": free, "guarded": guarded}, known
        case.close()


def take(chrome: webdriver.Chrome, target: Path, whole: bool, width: int, height: int) -> None:
    """Keep a picture of the page that is open."""
    if whole:
        tall = min(chrome.execute_script("return document.documentElement.scrollHeight"), 2600)
        size = {"width": width, "height": max(tall, height), "deviceScaleFactor": 1, "mobile": width < 600}
        chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    made = chrome.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"} if whole else {"format": "webp", "quality": 70})
    target.with_suffix(".png" if whole else ".webp").write_bytes(base64.b64decode(made["data"]))


def main() -> None:
    """Take them."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--whole", action="store_true")
    arguments.add_argument("--case", type=Path, help="another case than the examples")
    arguments.add_argument("--only", nargs="*", default=[], help="names of pages")
    arguments.add_argument("--combinations", nargs="*", default=[], help="such as ar-wide-light")
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile, room(given.case) as (at, numbers):
        chrome = browser(Path(profile))
        try:
            for n, (name, address) in enumerate(PAGES.items()):
                if (given.only and name not in given.only) or (not given.whole and name in LOOKED_AT):
                    continue
                for lang in ("ar", "en"):
                    for k, (size, (width, height)) in enumerate(SIZES.items()):
                        # in the documentation the themes take turns
                        themes = ("light", "dark") if given.whole else (("light", "dark")[(n + k + (lang == "en")) % 2],)
                        for theme in themes:
                            wanted = f"{lang}-{size}-{theme}"
                            if given.combinations and wanted not in given.combinations:
                                continue
                            chrome.execute_cdp_cmd(
                                "Emulation.setDeviceMetricsOverride",
                                {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == "narrow"},
                            )
                            base = at["guarded" if name == "login" else "free"]
                            chrome.get(f"{base}/static/icon.svg")
                            for key, value in (("lang", lang), ("theme", theme), ("digits", "arab" if lang == "ar" and n % 2 else "latn")):
                                chrome.add_cookie({"name": key, "value": value})
                            path, _, then = address.format(**numbers).partition("#")
                            chrome.get(base + path)
                            if then == "correct":
                                chrome.find_element(By.CSS_SELECTOR, ".card.k-events .edit").click()
                                chrome.implicitly_wait(5)
                                chrome.find_element(By.CSS_SELECTOR, ".editing")
                                chrome.execute_async_script("setTimeout(arguments[0], 300)")
                            chrome.execute_async_script("document.fonts.ready.then(arguments[0])")
                            take(
                                chrome,
                                given.folder / (f"{name}-{wanted}" if given.whole else f"{name}-{lang}-{size}"),
                                given.whole,
                                width,
                                height,
                            )
        finally:
            chrome.quit()


if __name__ == "__main__":
    main()
