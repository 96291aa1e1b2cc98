"""What the words around an expression say: whether it is a time, its relation, the tense of its clause."""

from __future__ import annotations

from musnad.pipeline import Analysis
from musnad.record import Relation, TimeType
from musnad.times.data import Frame, data
from musnad.times.engine import Item

#: how many words back the clause's verb is sought
_BACK = 12


def _word(analysis: Analysis, i: int) -> str:
    """Key of token i, '' outside the text."""
    if not 0 <= i < len(analysis.keys):
        return ""
    return analysis.keys[i]


def _cue(key: str, words: frozenset[str]) -> bool:
    return key in words or (len(key) > 3 and key[0] in "وفلب" and key[1:] in words)


def stands(analysis: Analysis, item: Item, offset: int) -> bool | None:
    """Whether an expression is a time in its place; None where it is the name of something else, as a whole."""
    guards = data().guards
    first = offset + item.first
    before = _word(analysis, first - 1) if first and _close(analysis, first - 1) else ""
    after_index = offset + item.last
    after = _word(analysis, after_index) if _close(analysis, after_index - 1) else ""
    if before in guards["not_before"]:
        return False
    frame = item.frame
    if {"day", "month"} <= set(frame) and "year" not in frame:
        if before in guards["named_after"]:
            return None
        if before == "و" or item.prefix[:1] == "و":  # ثورتي 25 يناير و30 يونيو
            named = guards["named_after"]
            if any(_word(analysis, j) in named and analysis.keys[j].endswith("ي") for j in range(first - 5, first - 2)):
                return None
    if len(frame) == 1 and "off" in frame:
        if (frame["off"] == 1 and before in guards["became"]) or after in guards["relatives"]:
            return False
        if frame["off"] == 0:
            if before == "في":  # «برميل في اليوم»
                return False
            if after.startswith("ال") and after in data().masculine:  # «لليوم الثالث على التوالي»
                return False
        # «اليوم» in quote marks is a newspaper
        begin = offset + item.begin
        outer = (
            analysis.tokens[begin - 1].text if begin else "",
            analysis.tokens[after_index].text if after else "",
        )
        if outer in (("«", "»"), ('"', '"'), ("“", "”")):
            return False
    if item.category == "clock" and set(frame) == {"hour", "minute"} and before in guards["not_clock"]:
        return False
    if set(frame) == {"year"} and item.weak != 2:
        return _year_stands(analysis, item, offset, before, after)
    if frame.get("unit") == "year" and frame.get("shift") == 0 and "section" not in frame and before in guards["after_adjective_year"]:
        return False
    if not item.weak:
        return True
    if item.weak == 4:
        return _lone(analysis, after_index) and _after_verb(analysis, first, before, item.prefix)
    if item.weak == 3:
        return _lone(analysis, after_index)
    if item.weak == 2 and set(frame) == {"year"} and (frame["year"] % 1000 == 0 or before not in ("في", "منذ", "حتي")):
        return False  # «وصل العدد إلى ألفين»
    if item.weak == 2 and before == "الي" and {"day", "month"} <= set(frame):
        return False  # «بين 4.5 إلى 5.6»
    if item.weak == 2:
        if _lone(analysis, after_index) and first and analysis.tokens[first - 1].has("س"):
            return True
        return _lone(analysis, after_index) and (_cue(before, guards["lone_cues"]) or item.prefix[-1:] == "ل")
    attached = item.prefix[-1:] in ("ب", "ل") if item.prefix else False
    if item.category == "duration":
        unit = frame["amounts"][0][1] if "amounts" in frame else ""
        if unit == "decade" and (before not in guards["decade_cues"] or after.startswith("ال")):
            return False
        single = item.end - item.begin == 1 and before not in ("قبل", "منذ")
        if single and after.startswith("ال") and len(after) > 3:  # «ليوم الاقتراع»
            return False
        if before == "خلال" and after.startswith("ال") and item.end - item.begin == 1:  # «خلال سنوات الحرب»
            return False
        if single and (analysis.keys[offset + item.begin] in guards["adverbial"]):
            return True  # «استمر الجمود أشهرا»
        return _cue(before, guards["duration_cues"]) or (attached and item.prefix[-1:] == "ل")
    day_part = frame.get("part") not in ("NI", "DT")
    if item.category == "point" and day_part and first and analysis.tokens[first - 1].verb is not None:
        return True
    return attached or _cue(before, guards["cues"])


def _after_verb(analysis: Analysis, first: int, before: str, prefix: str) -> bool:
    """Whether a bare number is a day: «سيعود في 15»، «أرجئت الجلسة إلى 27»."""
    tokens, keys = analysis.tokens, analysis.keys
    if before == "في":
        return first >= 2 and tokens[first - 2].has("س")
    postponed = data().guards["postponed"]
    at = first - 1 if before == "الي" else first if prefix[-1:] == "ل" else -1
    return at > 0 and any(k in postponed for k in keys[max(0, at - 3) : at])


def _lone(analysis: Analysis, following: int) -> bool:
    """Whether the clause ends before token ``following``."""
    if following >= len(analysis.tokens) or not _close(analysis, following - 1):
        return True
    return analysis.tokens[following].text in (".", "،", ",", "؛", "!", "؟", "?", ")", "»", "”", '"', ":")


def _close(analysis: Analysis, i: int) -> bool:
    """Whether no line end stands between token i and the next."""
    tokens = analysis.tokens
    if not 0 <= i < len(tokens) - 1:
        return True
    return tokens[i].sentence == tokens[i + 1].sentence


def _year_stands(analysis: Analysis, item: Item, offset: int, before: str, after: str) -> bool:
    guards = data().guards
    year: int = item.frame["year"]
    if not item.weak:
        if item.begin != item.first:  # in brackets
            return 1900 <= year <= 2100
        return True
    if not 1900 <= year <= 2100 or after in guards["count_nouns"]:
        return False
    plain = before[1:] if before[:1] in "وف" and before[1:] in guards["not_year_after"] else before
    if plain in guards["not_year_after"] or plain.removeprefix("ال") in guards["not_year_after"]:
        return False
    if after == "%" or before in ("-", "/", "."):
        return False
    following = offset + item.last
    if before == "و" and offset + item.first >= 2:  # عامي 2013 و2014
        earlier = analysis.keys[offset + item.first - 2]
        return len(earlier) == 4 and earlier.isdigit()
    cue = _cue(before, guards["cues"]) or item.prefix[-1:] == "ل"
    if following < len(analysis.tokens) and analysis.tokens[following].kind == "word" and after:
        token = analysis.tokens[following]
        if before == "من" and _word(analysis, offset + item.first - 2) in guards["relations"]["since"]:
            return True  # «بدءا من 2017 ورشات عمل»
        # an indefinite noun in the accusative right after is what the number counts
        if token.text.endswith(("ا", "اً", "ًا")) and not token.definite and len(after) > 3:
            return False
        if token.readings and token.pos in ("NOUN", "ADJ") and not token.definite and not token.preposition:
            return cue and before in ("منذ", "قبل", "بعد") and token.pos == "ADJ"
    if cue:
        return True
    return bool(before) and before[:1].isalpha() and not before[:1].isdigit() and 1945 <= year <= 2060


def needs_tense(frame: Frame) -> bool:
    """Whether the direction of an expression is left to its clause."""
    if "from" in frame:
        return needs_tense(frame["from"]) or needs_tense(frame["to"])
    if "later" in frame:
        return True
    if "weekend" in frame:
        return "shift" not in frame
    return "shift" not in frame and "year" not in frame and "off" not in frame and bool({"month", "day", "weekday", "season"} & set(frame))


def tense(analysis: Analysis, begin: int, end: int) -> int:
    """-1 where the clause tells of the past, 1 of the future, 2 where only a word such as حتى says so, 0 where nothing does."""
    guards = data().guards
    future, not_future = guards["future"], guards["not_future"]
    tokens, keys = analysis.tokens, analysis.keys
    sentence = tokens[begin].sentence
    past = False
    if begin and _cue(keys[begin - 1], guards["deadlines"]) and not any(
        t.verb is not None and t.verb.aspect == "perf" for t in tokens[max(0, begin - 4) : begin - 1]
    ):  # fmt: skip
        return 2
    toward = begin and (keys[begin - 1] == "الي" or tokens[begin].preposition == "ل")
    if toward and _put_off(analysis, begin):
        return 1
    plan = -1  # a verb in the present that may tell what is planned
    called = narrated = False
    for j in range(begin - 1, max(-1, begin - 1 - _BACK), -1):
        token = tokens[j]
        if token.sentence != sentence or token.text in "؛.":
            break
        key = keys[j]
        plain = key[1:] if key[:1] in "وف" and len(key) > 4 else key
        if plain in future:
            was = j > 0 and token.verb is not None and keys[j - 1].removeprefix("و") in ("كان", "كانت", "كانوا")
            return -1 if was else 1
        if called and _cue(key, guards["calls"]):
            return 1
        called = called or key == "الي"
        narrated = narrated or plain in guards["narrating"]
        verb = token.verb
        if verb is not None:
            if token.has("س"):
                return 1
            if verb.aspect == "perf" and verb.pos == "VERB" and not past:
                past = True
                if not _reports(verb.lemma):
                    return -1
            elif begin - j <= 7 and plan < 0 and not narrated and not past and _plans(analysis, j):
                plan = j
        elif (
            plain[:1] == "س"
            and plain[1:2] in ("ي", "ت", "ن")
            and len(plain) >= 5
            and plain not in not_future
            and token.pos in ("X", "VERB")
        ):
            return 1
    for j in range(end, min(len(tokens), end + 1)):
        token = tokens[j]
        if token.sentence != sentence or token.kind == "punct":
            break
        if token.verb is not None and token.has("س"):
            return 1
    return 1 if plan >= 0 else -1 if past else 0


def _plans(analysis: Analysis, j: int) -> bool:
    """Whether the verb in the present at j leads its clause: first in it, or behind its subject, and nothing makes it past."""
    guards, tokens = data().guards, analysis.tokens
    verb, key = tokens[j].verb, analysis.keys[j]
    if verb is None or verb.pos != "VERB" or verb.mood == "jus" or key in guards["not_plan"]:
        return False
    if any(r.aspect != "imp" for r in tokens[j].readings if r.pos == "VERB"):  # تجمع: she gathers, he gathered
        return False
    if key[:1] in "وف" and key[1:] in guards["not_plan"]:
        return False
    first = analysis.sentences[tokens[j].sentence].first
    if j > first and analysis.keys[j - 1] in ("ان", "بان"):  # طلب أن تبقى مفتوحة إلى الخميس
        return j == first + 1 or analysis.keys[j - 2] not in guards["before_that"]
    for k in range(j - 1, max(first, j - 6) - 1, -1):
        if analysis.keys[k] in guards["not_plan"] or tokens[k].verb is not None:
            return False
        if tokens[k].text in ("،", ",", ":") or analysis.keys[k] in ("ان", "بان"):
            return True
    return j - first < 6


def _put_off(analysis: Analysis, begin: int) -> bool:
    """Whether what is put off to the day at ``begin`` stands shortly before it."""
    guards, keys = data().guards, analysis.keys
    off = guards["putting_off"] | guards["postponed"]
    return any(_cue(k, off) for k in keys[max(0, begin - 8) : begin])


def _reports(lemma: str) -> bool:
    return lemma in (
        "قال",
        "أعلن",
        "أكد",
        "ذكر",
        "أضاف",
        "أفاد",
        "أوضح",
        "صرح",
        "كشف",
        "أشار",
        "توقع",
        "قرر",
        "دعا",
    )


def relation(analysis: Analysis, begin: int, kind: TimeType, item: Item) -> Relation | None:
    """The relation that the word before an expression gives it; a date or time without one is ``at``."""
    relations = data().guards["relations"]
    if kind == "set":
        return None
    if item.frame.get("toward"):
        return "at"
    for j in (begin - 1, begin - 2):
        if j < 0 or analysis.tokens[j].sentence != analysis.tokens[begin].sentence:
            break
        key = analysis.keys[j]
        for name, words in relations.items():
            if _cue(key, words) or (key[:1] == "ل" and key[1:] in words):
                return name  # type: ignore[no-any-return]
        if key not in ("من", "نحو", "حوالي", "يوم", "تاريخ", "فتره"):
            break
    return None if kind == "duration" else "at"
