"""Languages of the pages: choice, translations (Babel), digits, days and isolates."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from babel.core import negotiate_locale
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from markupsafe import Markup, escape

LOCALE = Path(__file__).parent / "locale"
Lang = Literal["ar", "en"]
LANGUAGES: tuple[Lang, ...] = ("ar", "en")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


class Preferences(NamedTuple):
    """What a reader chose: language, digits (latn, arab), theme (auto, light, dark)."""

    lang: Lang = "en"
    digits: str = "latn"
    theme: str = "auto"

    @property
    def dir(self) -> str:
        """Direction of the page."""
        return "rtl" if self.lang == "ar" else "ltr"


def choose(accept: str | None, cookies: dict[str, str]) -> Preferences:
    """Preferences from cookies, with the language from Accept-Language where none was chosen."""
    lang = cookies.get("lang")
    if lang not in LANGUAGES:
        wanted = []
        for part in (accept or "")[:500].split(","):
            tag, _, q = part.strip().partition(";q=")
            try:
                wanted.append((-float(q or 1), tag.replace("-", "_")))
            except ValueError:
                continue
        tags = [t for _, t in sorted(wanted, key=lambda w: w[0])]
        found = negotiate_locale([t for tag in tags for t in (tag, tag.split("_")[0])], list(LANGUAGES))
        lang = found if found in LANGUAGES else "en"
    digits = cookies.get("digits", "latn")
    theme = cookies.get("theme", "auto")
    return Preferences(
        lang,
        digits if digits in ("latn", "arab") else "latn",
        theme if theme in ("auto", "light", "dark") else "auto",
    )


@lru_cache(maxsize=4)
def translations(lang: Lang) -> NullTranslations:
    """The catalogue of a language; English is the source."""
    if lang == "en":
        return NullTranslations()
    return Translations.load(LOCALE, [lang], domain="messages")


class Speaker:
    """Everything a template needs of a reader's language."""

    def __init__(self, preferences: Preferences) -> None:
        self.preferences = preferences
        self.lang, self.dir = preferences.lang, preferences.dir
        self._catalogue = translations(preferences.lang)

    def gettext(self, message: str, **values: Any) -> str:
        """A message in the reader's language."""
        made = self._catalogue.ugettext(message)
        return made % values if values else made

    def ngettext(self, one: str, many: str, n: int, **values: Any) -> str:
        """A message in the form that a number asks for."""
        made = self._catalogue.ungettext(one, many, n)
        return made % {"num": self.number(n), **values}

    def digits(self, words: str) -> str:
        """Words in the reader's digits."""
        return words.translate(_ARABIC) if self.preferences.digits == "arab" else words

    def number(self, value: float | int | None) -> str:
        """A number with grouping, in the reader's digits."""
        if value is None:
            return "–"
        made = f"{value:,}" if isinstance(value, int) else format_decimal(value, locale="en")
        return self.digits(made).replace(",", "٬").replace(".", "٫") if self.preferences.digits == "arab" else made

    def day(self, iso: str | None) -> Markup:
        """An ISO day, isolated and left to right, with the day in words on hover."""
        return _day(iso, self.lang, self.preferences.digits) if iso else Markup("–")

    def moment(self, iso: str | None) -> Markup:
        """An instant, to the minute, UTC."""
        if not iso:
            return Markup("–")
        return Markup('<time datetime="{0}" dir="ltr"><bdi>{1}</bdi></time>').format(iso, self.digits(iso[:16].replace("T", " ")) + " UTC")

    def ltr(self, words: Any) -> Markup:
        """A reference, range or code: isolated, left to right."""
        return Markup(f'<bdi dir="ltr">{escape(self.digits(str(words)))}</bdi>')

    def code(self, words: Any) -> Markup:
        """A name of the record or a key, which keeps its digits: isolated, left to right."""
        return Markup(f'<bdi dir="ltr">{escape(words)}</bdi>')

    def name(self, words: Any) -> Markup:
        """A name or words of an article: isolated, in its own direction."""
        plain = str(words or "–")
        # a title of a million letters does not travel
        return Markup(f'<bdi dir="auto">{visible(plain if len(plain) <= 600 else plain[:600] + "…")}</bdi>')


@lru_cache(maxsize=20_000)
def _day(iso: str, lang: Lang, digits: str) -> Markup:
    import datetime as dt

    try:
        words = format_date(dt.date.fromisoformat(iso[:10]), "full", locale=lang)
    except ValueError:
        words = iso
    shown = iso[:10].translate(_ARABIC) if digits == "arab" else iso[:10]
    return Markup('<time datetime="{0}" title="{1}" dir="ltr"><bdi>{2}</bdi></time>').format(iso[:10], words, shown)


_CONTROLS: dict[int, None] = dict.fromkeys(
    (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, *range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000))
)  # fmt: skip


def harmless(value: Any) -> Any:
    """What a template writes: plain strings without controls, which could reorder the page or end it."""
    return value.translate(_CONTROLS) if isinstance(value, str) and not isinstance(value, Markup) else value


def visible(words: str) -> Markup:
    """Words of an article, escaped, without bidi controls (which could reorder the page around them)."""
    return escape(words.translate(_CONTROLS))


#: overrides, embeddings and isolates deceive the eye; what does nothing in HTML confuses it
_SHOWN = dict.fromkeys((*range(8234, 8239), *range(8294, 8298)), "◦") | dict.fromkeys(
    (*range(9), 11, 12, *range(14, 32), *range(55296, 57344)), "�"
)


def shown(words: str) -> Markup:
    """Words of an article's text, escaped; each control that could reorder or hide words becomes one visible sign, so that
    offsets stay true."""
    return escape(words.translate(_SHOWN))
