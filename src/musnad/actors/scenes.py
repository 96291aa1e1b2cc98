"""Actor or scene: whether a capital, seat or country acts or is only where it happens; agreement features of a phrase."""

from __future__ import annotations

from musnad.actors.kb import Base
from musnad.actors.link import Linker
from musnad.actors.parsed import Parsed
from musnad.actors.placing import Placer
from musnad.actors.words import Words
from musnad.pipeline import Analysis
from musnad.record import Entity

_IN = frozenset({"في", "داخل", "خارج", "وسط", "قرب", "شمال", "جنوب", "شرق", "غرب", "شرقي", "غربي", "شمالي", "جنوبي", "عبر", "نحو", "باتجاه", "غادر",
                 "غادرت", "زار", "ضمن", "فوق"})  # fmt: skip
_PLACE_HEADS = frozenset({"مدينه", "محافظه", "عاصمه", "شارع", "شوارع", "مطار", "سماء", "سما", "اجواء", "اجوا", "ضواحي", "حي", "احياء", "احيا", "منطقه", "مناطق", "ريف",
                          "قضاء", "قضا", "ناحيه", "بلده", "قريه", "وسط", "شمال", "جنوب", "شرق", "غرب", "قرب", "طريق", "حدود", "اراضي", "ساحل", "سواحل", "جامعه",
                          "ضاحيه", "ولايه", "اقليم", "جزيره", "ميناء", "مينا", "سوق", "جبل", "جبال", "معبر", "مخيم", "سفاره", "مقر", "ميدان", "ساحه", "بلد", "داخل"})  # fmt: skip
_TO_ACTOR = frozenset({"طلب", "يطلب", "تطلب", "طلبت", "طلبا", "بطلب", "دعم", "بدعم", "مدعوم", "مدعومه", "مدعومين", "بضغط", "ضغوط", "ضغط", "رساله", "دعوه", "طلبات",
                       "قريب", "مقرب", "مقربه", "ضمانات", "موافقه", "رد", "تحذير", "بتمويل", "اتهام", "اتهامات", "نسب", "انضم", "انضمام", "مبادره", "ضربه", "ضربات",
                       "غارات", "تهديد", "تهديدات", "بايعاز", "شكر", "وجه", "تسليم", "قرار"})  # fmt: skip


class Scenes:
    """Decides the kind of each mention."""

    def __init__(self, analysis: Analysis, base: Base, words: Words, linker: Linker, placer: Placer) -> None:
        self.analysis = analysis
        self.base = base
        self.words = words
        self.linker = linker
        self.placer = placer

    def decide(self, parsed: Parsed) -> tuple[str, Entity]:
        """Kind of the mention and its entity."""
        if parsed.form == "place":
            made = self.placer.entity(parsed)
            self.linker.see(parsed)
            return "place", made
        if parsed.form == "capital" and self.placer.namesake(parsed):
            parsed.form, parsed.country, parsed.sector = "place", None, None
            city = self.placer.city(parsed, only=False)
            assert city is not None
            return "place", city
        if parsed.form == "capital" and self.is_scene(parsed):
            self.linker.see(parsed)
            city = self.placer.city(parsed)
            if city is not None:
                return "place", city
            return "place", self.linker.resolve(parsed)
        entity = self.linker.resolve(parsed)
        kind = parsed.kind if parsed.form not in ("known", "seat", "short", "alias") else entity.kind
        if parsed.form in ("state", "capital", "loose", "land"):
            kind = "place" if self.is_scene(parsed) else "state"
        return kind, entity

    def is_scene(self, parsed: Parsed) -> bool:
        """Whether words before the name make it the scene («في بغداد», «وصل إلى بغداد», «مطار بغداد»)."""
        i = parsed.first
        tokens, words = self.words.tokens, self.words
        token = tokens[i]
        if parsed.start > token.start and token.preposition == "ب":
            return True
        if i == 0:
            following = tokens[i + 1].text if i + 1 < words.n else ""
            return following in ("(", "-", "–", "—", ":", "/", "ـ")
        before = tokens[i - 1]
        if before.sentence != token.sentence:
            following = tokens[i + 1].text if i + 1 < words.n else ""
            return following in ("(", "-", "–", "—", ":", "/", "ـ") and parsed.form == "capital"
        if before.norm in _IN or words.bare[i - 1] in _PLACE_HEADS or words.bare[i - 1] in _IN:
            return True
        if before.norm in ("من", "الي"):
            near = {words.keys[k] for k in range(max(0, i - 4), i - 1)} | {words.bare[k] for k in range(max(0, i - 4), i - 1)}
            return not near & _TO_ACTOR
        return False


def agreement(base: Base, words: Words, parsed: Parsed, entity: Entity) -> tuple[str, str]:
    """Gender (m, f or empty) and number (s, d, p) of a phrase, for verbs and pronouns that refer to it."""
    if parsed.form in ("state", "capital", "loose", "land") or entity.kind == "state":
        gender = "m" if parsed.form == "state" and entity.country in base.masculine_states else "f"
        return gender, "s"
    if parsed.shape:
        return parsed.shape[0], parsed.shape[1]
    if entity.kind == "person":
        return "", "s"
    first = words.bare[parsed.first]
    if parsed.noun is not None and parsed.noun.category in ("people", "armed", "person", "official", "source", "count"):
        if first.endswith(("ون", "ين", "و")) or first in _BROKEN:
            return "m", "p"
        if first.endswith("ات"):
            return "f", "p"
        if first.endswith("ه"):
            return "f", "s"
        if first.endswith("ان"):
            return "m", "d"
        if first in _FEMININE:
            return "f", "s"
        return "m", "p" if parsed.kind == "group" and first not in (parsed.noun.form,) else "s"
    if first.endswith("ه") or first in _FEMININE:
        return "f", "s"
    return "m", "s"


_FEMININE = frozenset({"قوات", "سلطات", "مصادر", "استخبارات", "مخابرات", "كتايب", "سرايا", "فصايل", "مليشيات", "ميليشيات", "ميليشيا", "مليشيا", "طايرات", "قوي",
                       "احزاب", "جماعات", "حركات", "تنظيمات", "قيادات", "اجهزه", "حماس", "فتح", "طالبان", "داعش", "بوكو", "امم", "دول", "وسايل", "الامم"})  # fmt: skip
_BROKEN = frozenset({"جنود", "ضباط", "قاده", "زعماء", "زعما", "عناصر", "اعضاء", "اعضا", "افراد", "رجال", "نواب", "وزراء", "وزرا", "شهود", "ثوار", "سكان", "اهالي",
                     "ابناء", "ابنا", "اشخاص", "اطفال", "شبان", "شباب", "عمال", "طلاب", "نشطاء", "نشطا", "رهاين", "قتلي", "جرحي", "اكراد", "شيعه", "سنه", "انصار"})  # fmt: skip
