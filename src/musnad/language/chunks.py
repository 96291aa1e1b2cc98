"""Base noun phrases over tokens: head, idafa chain, adjectives, apposed name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from musnad.language.letters import fold
from musnad.language.tokens import Token

_ENDS = {"VERB", "AUX", "ADP", "CCONJ", "SCONJ", "PRON", "PART", "ADV", "DET", "INTJ"}
_OPEN, _CLOSE = frozenset('«“"„‹('), frozenset('»”"›)')
#: closed-class words that no noun phrase goes beyond, in every spelling of alef and ya
_PARTICLES = """
    نفسه نفسها نفسهم نفسهما أنفسهم ذاته ذاتها وحده وحدها وحدهم معا جميعا
    قبالة بمحاذاة حيال تجاه إزاء طوال طيلة فور رغم بفضل بشأن جراء نتيجة لأجل أنحاء خشية لحظة ريثما عشية غداة
    أنهما إنهما أننا إننا أنني إنني أنك إنك أنكم لأنه لأنها لأنهم بأنهم بأننا وأنه وأنها كأنه كأنها لكنهم لكننا لعل ليت سواء
    و ف أن إن أنه إنه أنها إنها أنهم إنهم لأن لكن لكنه لكنها بل أو أم ثم حتى في من إلى على عن مع بين بعد
    قبل خلال منذ عند عندما لدى تحت فوق أمام وراء خلف حول دون بدون ضد عبر نحو وفق وفقا حسب بحسب بسبب بعدما
    قبيل بعيد إثر عقب أثناء داخل خارج قرب وسط ضمن الذي التي الذين اللذين اللذان اللتين اللتان اللواتي
    اللاتي ما ماذا هو هي هم هما هن أنا نحن هذا هذه هؤلاء ذلك تلك هناك هنا حيث حين حينما إذا إذ لو لولا كما
    كذلك أيضا لا لم لن لما ليس ليست قد لقد سوف كان كانت كانوا يكون تكون إلا غير سوى مثل اليوم أمس غدا أول
    الآن حاليا مؤخرا سابقا فيما بينما مما عما فيه فيها منه منها له لها لهم به بها عليه عليها إليه إليها
    عنه عنها معه معها كيف لماذا متى أين أي أية أيا هل قال قالت أعلن أعلنت أكد أكدت أضاف أضافت ذكر ذكرت
    أوضح أوضحت أشار أشارت صرح صرحت يقول تقول يذكر جاء جاءت تم يتم تتم بأن بأنه بأنها لكي كي ضمنهم بينهم
    بينها بينهما الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت صباح مساء ليل فجر ظهر
"""
PARTICLES = frozenset(fold(word) for word in _PARTICLES.split())
#: how many indefinite nouns in a row a chain may have where nothing is known about the words
_CHAIN = 4


@lru_cache(maxsize=1 << 13)
def is_particle(norm: str) -> bool:
    """Whether a folded word (match level) is a preposition, conjunction, particle or the like."""
    return norm in PARTICLES


def ends_phrase(token: Token) -> bool:
    """Whether a token can't continue a noun phrase: a verb, a particle, or with a conjunction or preposition attached."""
    if token.kind != "word":
        return token.kind != "latin"
    if is_particle(token.norm):
        return True
    if token.proclitics:
        return True
    return token.pos in _ENDS


def is_definite(token: Token) -> bool:
    """Whether a word is definite by itself: with ال, a possessive pronoun, or a proper name."""
    return token.definite or token.enclitic is not None or token.pos == "PROPN" or token.kind == "latin"


def noun_phrase(tokens: Sequence[Token], i: int, limit: int) -> int:
    """Token index after the base noun phrase that begins at token i (at least ``i + 1``, at most ``limit``).

    Head, idafa chain, adjectives and apposed name; no relative clause, no prepositional phrase. Works from definiteness
    where tokens have no readings, and stops at verbs and adverbs where they have.
    """
    if i >= limit:
        return limit
    closed = is_definite(tokens[i])
    indefinite, adjective = 0 if closed else 1, False
    j = i + 1
    while j < limit:
        token = tokens[j]
        if token.text in _OPEN:
            inner = _quoted_name(tokens, j, limit)
            if inner == j or (closed and token.text == "("):
                break
            j, closed = inner, True
            continue
        if ends_phrase(token):
            break
        if token.pos == "PROPN" or token.kind == "latin":
            closed = True
        elif token.definite:
            # «مسؤول عراقي الذي», «اليوم»: a definite word after an indefinite adjective begins something else
            if adjective and not closed:
                break
            closed = True
        else:
            if closed or indefinite >= _CHAIN or (adjective and token.pos == "NOUN"):
                break
            indefinite += 1
            adjective = adjective or token.pos == "ADJ"
            closed = token.enclitic is not None
        j += 1
    return j


def _quoted_name(tokens: Sequence[Token], j: int, limit: int) -> int:
    """Index after a short quoted name that opens at j («حركة «الشباب»»), or j."""
    for k in range(j + 1, min(j + 7, limit)):
        if tokens[k].text in _CLOSE:
            return k + 1 if k > j + 1 else j
        if tokens[k].kind not in ("word", "latin", "number"):
            return j
    return j
