"""The many small shapes of a picture, written at once: a template that writes them one by one takes ten times as long."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup, escape

from musnad.casefile.queries import Row
from musnad.web.i18n import Speaker, visible


def rects(say: Speaker, bars: list[Row], colour: str = "") -> Markup:
    """Bars as rectangles that tell their day and number; without a colour each has that of its kind."""
    digits, number = say.digits, say.number
    return Markup(
        "".join(
            f'<rect x="{b["x"]}" y="{b["y"]}" width="{b["w"]}" height="{b["h"]}" class="{colour or "b-" + escape(b["kind"])}">'
            f"<title>{digits(escape(b['at']))}: {number(b['n'])}</title></rect>"
            for b in bars
        )
    )


def land(countries: list[Row]) -> Markup:
    """Countries as paths with their names."""
    return Markup(_land(tuple((c["d"], c["name"]) for c in countries)))


@lru_cache(maxsize=32)
def _land(paths: tuple[tuple[str, str], ...]) -> str:
    return "".join(f'<path d="{d}"><title>{escape(name)}</title></path>' for d, name in paths)


def circles(say: Speaker, drawn: Row, names: list[str]) -> Markup:
    """Places of a map: red where half of the events are material conflict, yellow where half are conflict."""
    out = []
    for c, name in zip(drawn["circles"], names, strict=True):
        of = c["place"]
        kind = "m4" if of["material"] * 2 >= of["n"] else "m3" if of["conflict"] * 2 >= of["n"] else "m1"
        out.append(
            f'<circle cx="{c["x"]}" cy="{c["y"]}" r="{c["r"]}" stroke-width="{drawn["line"]}" class="{kind}">'
            f"<title>{visible(name)}: {say.number(of['n'])}</title></circle>"
        )
    return Markup("".join(out))
