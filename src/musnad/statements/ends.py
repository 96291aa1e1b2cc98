"""Where what was said ends, and the spans it is written in."""

from __future__ import annotations

from bisect import bisect_left

from musnad.record import Span, StatementMode
from musnad.statements.frames import Opener, find_opener
from musnad.statements.lexicon import words
from musnad.statements.view import COMMAS, DASHES, STOPS, Cue, View

#: the longest content, in tokens, outside quote marks
LONGEST = 300


class Ends:
    """Content ends of one article; remembers each cue's opener."""

    def __init__(self, v: View) -> None:
        self.v = v
        self._openers: dict[int, Opener | None] = {}
        self._cuts: dict[int, bool] = {}
        # stretches known to hold no end of a content, by frame: scanned once, however many cues stand before them
        self._free: dict[bool, tuple[int, int]] = {}
        self._open = sorted(v.opens)

    def opener(self, cue: Cue) -> Opener | None:
        """The opener of a cue (found once)."""
        i = cue.token
        if i not in self._openers:
            self._openers[i] = find_opener(self.v, cue)
        return self._openers[i]

    def cuts(self, k: int) -> bool:
        """Whether a clause outside the reported words begins at token k."""
        known = self._cuts.get(k)
        if known is None:
            known = self._cuts[k] = self._cut(k)
        return known

    def _cut(self, k: int) -> bool:
        v = self.v
        word = v.norms[k]
        closed = v.closes.get(k - 1)
        after_mark = k > 0 and (v.tokens[k - 1].text in COMMAS | DASHES or (closed is not None and closed.last - closed.first > 3))
        cue = v.cues.get(k)
        if cue is not None:
            if cue.form.aspect == "ap":
                opener = self.opener(cue)
                if k and v.norms[k - 1] in words("being"):
                    # «كان ملتزما بـ»: a predicate
                    return False
                if opener is not None and cue.form.verb.lemma == "اتهم" and opener.stop == k + 1:
                    # «590 شخصا متهمين بـ»: those accused
                    return False
                return opener is not None and (opener.kind != "obj" or after_mark or v.tokens[k].text.endswith(("اً", "ا", "ًا")))
            if cue.form.aspect == "perf" and (cue.conjunction or (closed is not None and after_mark)):
                if cue.form.verb.weak and not after_mark and not (self.opener(cue) or _NONE).strong:
                    return False
                opener = self.opener(cue)
                return opener is not None and (opener.strong or after_mark)
            if cue.form.aspect == "imp" and cue.conjunction and after_mark:
                opener = self.opener(cue)
                return opener is not None and opener.strong
        if after_mark and word in words("breaks"):
            return True
        if word in words("but") and any(
            m in v.cues and v.cues[m].form.aspect in ("perf", "imp") and not v.cues[m].form.verb.weak and self.opener(v.cues[m]) is not None
            for m in range(k + 1, min(k + 7, v.sentence_end(k)))
        ):
            return True
        if (
            after_mark
            and v.tokens[k - 1].text in "؛،,"
            and word in ("من", "ومن")
            and k + 1 < v.n
            and v.norms[k + 1] in ("جانبه", "جانبها", "جهته", "جهتها", "جانبهم", "جهتهم")
        ):
            return True
        hit = v.formula("closing", k)
        if hit is not None:
            return True
        hit = v.formula("according", k)
        if hit is not None and word.lstrip("و") in words("sure"):
            return source_follows(v, hit[1])
        if word in words("sure") and k + 2 < v.n and v.norms[k + 1] in ("ما", "لما") and (v.tokens[k + 2].pos == "VERB" or k + 2 in v.cues):
            return True
        return (
            word in words("relaying")
            and k + 1 < v.n
            and k + 1 in v.cues
            and v.cues[k + 1].form.aspect in ("perf", "imp")
            and (word != "كما" or after_mark)
        )

    def _speaks_on(self, k: int) -> bool:
        """Whether another cue joined by و follows a noun phrase said: «أبدى سعادته ووعد بالظهور»."""
        cue = self.v.cues.get(k)
        return cue is not None and cue.form.aspect == "perf" and bool(cue.conjunction) and self.opener(cue) is not None

    def _narrates(self, k: int) -> bool:
        """Whether token k begins a clause of the narrator's after a noun phrase said: «… وقامت بعدها»، «، وهي تحالف»."""
        v = self.v
        token = v.tokens[k]
        word = v.norms[k]
        if word in ("في", "خلال", "عبر") and k + 1 < v.n and v.norms[k + 1] in words("speech_places") and not v.tokens[k + 1].definite:
            return True
        if v.tokens[k - 1].text in COMMAS and word in (
            "وهو",
            "وهي",
            "وهم",
            "وهما",
            "حيث",
            "وذلك",
            "فيما",
            "بينما",
            "لكن",
            "الا",
            "كما",
            "ثم",
            "والتي",
            "والذي",
        ):
            return True
        return bool(token.conjunction and token.readings and token.readings[0].pos == "VERB" and token.readings[0].aspect == "perf")

    def content(self, opener: Opener) -> tuple[list[Span], StatementMode, int]:
        """Spans said, mode, and the token after them."""
        last = self._last(opener)
        spans, mode = self.spans(opener.first, opener.start, last)
        return spans, mode, last

    def _last(self, opener: Opener) -> int:
        v = self.v
        k = first = opener.first
        limit = v.sentence_end(first) if first < v.n else v.n
        limit = min(limit, first + LONGEST)
        inside = v.quoted[first] if first < v.n else -1
        if inside >= 0 and opener.kind != "quote":
            limit = min(limit, v.quotes[inside].last)
        noun = opener.kind in ("obj", "prep")
        low, high = self._free.get(noun, (0, 0))
        known = low <= first + 1 < high
        clean = True
        while k < limit:
            if k == first + 1 and known:
                k = min(high, limit)
                if k >= limit:
                    break
            if clean and k > first:
                if k in v.opens:
                    clean = False
                else:
                    self._free[noun] = (low if known else first + 1, k)
            token = v.tokens[k]
            quote = v.opens.get(k)
            if quote is not None and quote.close is None and k > first and opener.kind in ("that", "prep", "obj"):
                k += 1
                continue
            if quote is not None:
                close = quote.close if quote.close is not None else quote.last
                after = close + 1 if quote.close is not None else close
                if after > limit:
                    return after
                whole = k == first
                k = after
                if k >= limit:
                    return k
                if whole and opener.kind in ("quote", "colon") and not _goes_on(v, k):
                    return k
                if whole and v.tokens[k].text in COMMAS | DASHES and not _goes_on(v, k) and quote.last - quote.first > 3:
                    return k
                continue
            if k > first and (self.cuts(k) or (noun and (self._narrates(k) or self._speaks_on(k)))):
                return k
            if token.text in STOPS and (k + 1 >= limit or _glued_stop(v, k)):
                return k
            k += 1
        return k

    def spans(self, first: int, start: int, last: int) -> tuple[list[Span], StatementMode]:
        v = self.v
        tokens = v.tokens
        while last > first and (
            tokens[last - 1].text in STOPS | COMMAS | DASHES | {":", "(", "-"} or tokens[last - 1].text.startswith("..")
        ):
            last -= 1
        while last > first and v.norms[last - 1] in ("و", "كما", "وذلك", "حيث", "في") and last - 1 > first:
            last -= 1
            while last > first and tokens[last - 1].text in COMMAS | DASHES:
                last -= 1
        if last <= first:
            return [], "indirect"
        inside = v.quoted[first]
        quote = v.opens.get(first)
        if quote is not None and (quote.close is None or quote.close + 1 == last):
            end = last if quote.close is None else quote.close
            while end > quote.first and tokens[end - 1].text in STOPS | COMMAS and quote.close is None:
                end -= 1
            while end > quote.first + 1 and tokens[end - 1].text in {".", "،", "؛"}:
                end -= 1
            if end <= quote.first:
                return [], "indirect"
            return [v.analysis.span(tokens[quote.first].start, tokens[end - 1].end)], "direct"
        mode: StatementMode = "direct" if inside >= 0 else "indirect"
        if mode == "indirect":
            for k in self._open[bisect_left(self._open, first) : bisect_left(self._open, last)]:
                q = v.opens[k]
                if (q.last - q.first >= 2 or (k - 1 >= 0 and v.is_that(k - 1))) and not _is_name(v, q.first, q.last):
                    mode = "mixed"
                    break
        while last > first and tokens[last - 1].text in '»”"' and (last - 1) in v.closes and v.closes[last - 1].open < first:
            last -= 1
        end_offset = tokens[last - 1].end
        if end_offset <= start:
            return [], "indirect"
        return [v.analysis.span(start, end_offset)], mode


def _glued_stop(v: View, k: int) -> bool:
    """Whether a full stop without a space after it ends the sentence: «… لن يتأخر».ودعت …»."""
    if v.tokens[k].text != "." or k == 0 or k + 1 >= v.n:
        return False
    before, after = v.tokens[k - 1], v.tokens[k + 1]
    if after.kind != "word" or len(after.text) < 3:
        return False
    return before.text in '»”"' or (before.kind == "word" and len(before.text) > 3)


_NONE = Opener("obj", 0, 0, 0, False)


def source_follows(v: View, k: int) -> bool:
    """Whether what follows «بحسب» is somebody who speaks, not a rule («بحسب القانون»)."""
    if k >= v.n:
        return False
    if k in v.opens:
        k += 1
    if k >= v.n:
        return False
    mention = v.name_at.get(k)
    if mention is not None and mention.kind in (
        "person",
        "organisation",
        "armed_group",
        "state",
        "outlet",
        "group",
    ):
        return True
    token = v.tokens[k]
    word = v.norms[k]
    for form in (
        word,
        token.stem,
        token.bare,
        word[1:] if word[:1] == "ل" else "",
        "ال" + word[2:] if word.startswith("لل") else "",
    ):
        if form in words("sources") or form in words("papers") or (form in words("outlets") and not form.endswith("برنامج")):
            return True
    return bool(token.readings) and token.readings[0].pos == "PROPN"


def _goes_on(v: View, k: int) -> bool:
    """Whether the words said go on after a closing mark: «"…" و"…"», «"…"، وأن …»."""
    while k < v.n and v.tokens[k].text in "،,":
        k += 1
    if k >= v.n:
        return False
    word = v.norms[k]
    if word in ("وان", "وانه", "وانها", "وانهم", "وبان", "وانهما"):
        return True
    return word == "و" and k + 1 < v.n and (k + 1 in v.opens or v.is_that(k + 1))


def _is_name(v: View, first: int, last: int) -> bool:
    mention = v.name_at.get(first)
    return mention is not None and v.name_at.get(last - 1) is mention and last - first <= 4
