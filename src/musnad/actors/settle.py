"""What the parts of a phrase say together: kind, country and sector."""

from __future__ import annotations

from musnad.actors.build import ACTOR
from musnad.actors.parsed import BODY_OFFICES, DEPUTIES, KIND, NATION, SPREADS, Parsed
from musnad.actors.persons import Persons


class Settling(Persons):
    """Gives a phrase its kind, country and sector from title, head, adjectives and complements."""

    def settle(self, made: Parsed) -> Parsed | None:
        head, title = made.noun, made.title
        body = next((p for p in made.inner if p.sector or p.country), None)
        if made.title is not None and (made.person is not None or head is None or (title is not None and title.kind == "office")):
            return self._settle_title(made, body)
        if head is None:
            return None
        made.kind = KIND.get(head.category, "group")
        if head.category in ("person", "official", "source", "member") and made.shape in ("ms", "fs", ""):
            made.kind = "person" if self._singular(made) else "group"
        own = None if head.sector == "=" else head.sector
        if made.sector is None:
            made.sector = own
        if (
            body is not None
            and body.sector
            and (head.category == "facility" or (head.sector == "=" and head.category in ("member", "unit")))
        ):
            made.sector = body.sector
        elif head.sector == "=" or own is None or (head.link and body is not None and body.form in ("known", "short")):
            made.sector = (body.sector if body is not None and body.sector else None) or made.sector
        if head.category == "force" and own == "MIL" and body is not None and body.sector in ("REB", "PRM"):
            made.sector = body.sector
        if head.category in ("armed", "people") and not head.link and body is not None and body.sector in SPREADS:
            made.sector = body.sector
        if made.sector == "UAF" and made.nisbas:
            # armed men of a told nation are no longer unidentified
            made.sector = "REB"
        if made.sector is None and head.sector == "=" and head.category == "unit" and made.nisbas:
            made.sector = "MIL"
        if head.form in NATION and not made.nisbas:
            made.country = made.country or NATION[head.form]
        if head.category == "facility" and made.sector is None and body is None and not made.nisbas:
            return None
        made.country = made.nisbas[0] if made.nisbas else made.country or self._country(made)
        if head.link and made.inner and made.inner[0].form == "known" and made.inner[0].ref is not None and not made.nisbas:
            made.ref = made.inner[0].ref
            made.kind = made.inner[0].kind
            made.form = "known"
            made.refs = made.inner[0].refs
            made.sector = made.inner[0].sector
        if own in ("UAF", "REB") and made.kind == "group":
            made.kind = "armed_group"
        if head.category == "armed" and not head.link and self._one(made.key.split()[0]):
            made.kind = "person"
        if made.kind == "armed_group" and made.sector not in ("REB", "PRM", "UAF", "CRM", "MIL"):
            made.kind = "organisation"
        elif head.link and made.inner and made.inner[0].form == "short" and len(made.inner[0].refs) == 1 and not made.nisbas:
            # «حركة فتح»: the head makes a short form plain
            actor = self.base.actors[made.inner[0].refs[0] >> 3]
            made.ref, made.form, made.refs = made.inner[0].refs[0] >> 3, "known", [made.inner[0].refs[0] // 8 * 8 + ACTOR]
            made.kind, made.country, made.sector = actor.kind, actor.country, actor.sector
        made.head = made.head or (made.start, made.end)
        made.rules.append(f"head:{head.form}")
        if made.person is not None:
            made.kind = "person"
        return made

    def _settle_title(self, made: Parsed, body: Parsed | None) -> Parsed | None:
        title = made.title
        assert title is not None
        made.form = "title"
        made.kind = "person" if title.shape[1:] == "s" or made.person is not None else "group"
        sector = title.sector
        if made.noun is not None and made.sector:
            sector = made.sector
        weak = title.kind in ("profession", "honorific") or not sector or title.office in BODY_OFFICES
        if body is not None and body.sector and (weak or not sector):
            sector = body.sector
        elif (
            body is not None
            and body.sector
            and body.form in ("title", "known", "group")
            and self.words.bare[made.first] in DEPUTIES
            and (made.first + 1 == body.first)
        ):
            # a deputy of somebody, not a deputy in parliament
            sector = body.sector
        if "former" in made.rules and sector in ("GOV", "MIL", "LEG", "JUD", "COP", "SPY"):
            sector = "PRE"
        made.sector = sector or made.sector
        made.country = made.nisbas[0] if made.nisbas else made.country or self._country(made)
        if made.country is None and made.ref is not None and made.person is not None:
            made.country = self.base.actors[made.ref].country
        if made.person is None:
            if title.kind == "honorific" and not made.inner:
                return None
            made.head = (made.start, made.end)
            made.role = (made.start, made.end)
        made.rules.append(f"title:{title.english or title.arabic}")
        return made

    @staticmethod
    def _country(made: Parsed) -> str | None:
        named = made.noun is not None and made.noun.link and made.noun.category == "armed"
        return next((p.country for p in made.inner if p.country and not (named and p.form == "place")), None)

    def _one(self, bare: str) -> bool:
        """Whether a noun for armed people is in the singular («انتحاري», not «مسلحي» or «ثوار»)."""
        return not bare.endswith(("ون", "ين", "ات", "ان", "ه", "و")) and bare not in self.base.construct and bare != "ثوار"

    def _singular(self, made: Parsed) -> bool:
        form = made.key.split()[0]
        return not form.endswith(("ون", "ين", "ات", "ان")) and made.noun is not None and form == made.noun.form.split()[0]
