"""What requests share: the case, who asks, how pages are written, what is remembered between them."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy import Connection, insert, or_, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from musnad import __version__
from musnad.casefile import schema
from musnad.casefile.dossier import amount
from musnad.casefile.queries import Filters
from musnad.casefile.store import Case, now
from musnad.web import drawing, facts, labels, svg
from musnad.web.access import Accounts, Limiter, Role, Session, Sessions, User, same
from musnad.web.i18n import LANGUAGES, Preferences, Speaker, choose, harmless, shown, visible
from musnad.web.listing import Listing, Narrowed, listing, narrow

T = TypeVar("T")
COOKIE = "musnad_session"
#: a source as casefile.dossier writes it, and the state of a commitment with its level
_REFERENCE = re.compile(r"(.*) \u2066([\d\s\[\]:–-]+)\u2069", re.DOTALL)
_LEVEL = re.compile(r"([a-z_]+) (\([0-3]/3\))")
_EXPONENT = re.compile(r"\d[\d.,]*e\+\d{2}")
_VOWELS = dict.fromkeys((*range(0x64B, 0x660), 0x670))


class Lasting(NamedTuple):
    """A count over the whole case: of which version, when it was made and how long that took."""

    version: tuple[int, ...]
    value: Any
    at: float
    cost: float


class Room:
    """The application's state."""

    def __init__(self, case: Case, accounts: Accounts | None, reviewer: str) -> None:
        self.case, self.accounts = case, accounts
        self.local = User(reviewer, "owner")
        self.sessions, self.limiter = Sessions(), Limiter()
        self._cache: OrderedDict[Any, Any] = OrderedDict()
        self._lasting: dict[Any, Lasting] = {}
        self._lock, self._aside_lock = threading.Lock(), threading.Lock()
        self.turns = threading.BoundedSemaphore(2)
        self._listings: dict[str, tuple[tuple[int, ...], Listing]] = {}
        self._making: dict[Any, threading.Lock] = {}
        self._waiting: set[Any] = set()
        #: stands for the token in pages that are kept; no article can know it
        self.token_place = f"csrf-{secrets.token_urlsafe(24)}"
        #: one upload at a time: coding an article takes a core
        self.uploading = threading.Lock()
        facts.prepare(case)

    def version(self) -> tuple[int, ...]:
        """Changes whenever the case file does, whoever writes it."""
        out: list[int] = []
        for path in (self.case.path, Path(f"{self.case.path}-wal")):
            try:
                stat = path.stat()
                out += [stat.st_mtime_ns, stat.st_size]
            except OSError:
                out += [0, 0]
        return tuple(out)

    def remembered(self, key: Any, make: Callable[[], T]) -> T:
        """The value of a key, made anew after the case file has changed; by one reader while the others wait."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            version = self.version()
            with self._lock:
                if key in self._cache and self._cache[key][0] == version:
                    self._cache.move_to_end(key)
                    value: T = self._cache[key][1]
                    return value
            made = make()
            self.keep(key, version, made)
            return made

    def keep(self, key: Any, version: tuple[int, ...], value: Any) -> None:
        """Remember a value that was made from the case file of a version."""
        with self._lock:
            self._cache[key] = (version, value)
            while len(self._cache) > 400:
                gone, _ = self._cache.popitem(last=False)
                self._making.pop(gone, None)

    def recalled(self, key: Any) -> bytes | None:
        """What is remembered under a key, where the case is as it was."""
        version = self.version()
        with self._lock:
            found = self._cache.get(key)
            if found is None or found[0] != version:
                return None
            self._cache.move_to_end(key)
            value: bytes = found[1]
            return value

    def forget(self) -> None:
        """Keep no page and no answer to a question; counts over the whole case stay."""
        with self._lock:
            self._cache.clear()

    def lasting(self, key: Any, make: Callable[[Connection], T]) -> tuple[T, bool]:
        """A count over the whole case, and whether it is of the case as it is. After a change readers get the last one while it is
        made anew aside, so that a decision of a reviewer makes nobody wait."""
        version = self.version()
        with self._lock:
            found = self._lasting.get(key)
            making = self._making.setdefault(("lasting", key), threading.Lock())
        if found is None:
            with making:
                if key not in self._lasting:
                    with self.case.read() as connection:
                        self._renew(key, make, connection)
                found = self._lasting[key]
        if found.version != version:
            self._aside(key, make, found)
        value: T = found.value
        return value, found.version == version

    def _renew(self, key: Any, make: Callable[[Connection], Any], connection: Connection) -> None:
        version, begun = self.version(), time.monotonic()
        value = make(connection)
        with self._lock:
            self._lasting[key] = Lasting(version, value, time.monotonic(), time.monotonic() - begun)

    def _aside(self, key: Any, make: Callable[[Connection], Any], found: Lasting) -> None:
        # a reviewer at work changes the case every few seconds: a tenth of a core goes into counting at most
        if time.monotonic() - found.at < min(10 * found.cost, 30):
            return
        with self._lock:
            if key in self._waiting:
                return
            self._waiting.add(key)

        def run() -> None:
            try:
                with self._aside_lock, self.case.read() as connection:
                    self._renew(key, make, connection)
            finally:
                with self._lock:
                    self._waiting.discard(key)

        threading.Thread(target=run, daemon=True).start()

    def listing(self, kind: str) -> Listing:
        """All events or statements of the case as it is."""
        version = self.version()
        with self._lock:
            reading = self._making.setdefault(("listing", kind), threading.Lock())
        with reading:
            found = self._listings.get(kind)
            if found is None or found[0] != version:
                with self.case.read() as connection:
                    found = version, listing(connection, kind, found[1] if found else None)
                self._listings[kind] = found
            return found[1]

    def warm(self) -> None:
        """Load what the first reader would wait for: the words of a search, the counts over the whole case."""
        from musnad.casefile.search import match_expression
        from musnad.web.counts import COUNTS
        from musnad.web.routes.overview import dossier_parts

        match_expression("سلام")
        for kind in ("events", "statements"):
            self.listing(kind)
        for name, make in COUNTS.items():
            self.lasting(name, make)
        for lang in LANGUAGES:
            dossier_parts(self, lang)

    def note(self, who: str, action: str, what: str | None, address: str | None) -> None:
        """Write a line of the audit."""
        with self.case.write() as connection:
            row = {"at": now(), "who": who, "action": action, "what": what, "address": address}
            connection.execute(insert(schema.audit).values(**row))


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates; everything is escaped, an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True, finalize=harmless, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )  # fmt: skip
    made.globals |= {
        "EVENT_TYPES": labels.EVENT_TYPES, "STATUSES": labels.STATUSES, "QUADS": labels.QUADS, "QUAD_NAMES": labels.QUAD_NAMES,
        "LEVELS": labels.LEVELS, "figure_amount": _figure_amount, "program_version": __version__, "amount": _amount, "svg": svg, "static_version": _static_version(),
    }  # fmt: skip
    made.filters |= {"visible": visible, "shown": shown}
    return made


def _amount(row: Any) -> str:
    """A figure as :func:`musnad.casefile.dossier.amount` writes it, millions in full."""
    return _EXPONENT.sub(lambda m: f"{float(m[0].replace(',', '')):,.0f}", amount(row))


def _figure_amount(item: Any) -> str:
    return _amount({k: getattr(item, k) for k in ("value", "low", "high", "comparator")})


@lru_cache(maxsize=1)
def _static_version() -> str:
    folder = Path(__file__).parent / "static"
    return format(max(p.stat().st_mtime_ns for p in folder.glob("*.*")) // 1000, "x")


class Page:
    """One request: who asks, in which language, with which filters."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.room: Room = request.app.state.room
        self.preferences: Preferences = choose(request.headers.get("accept-language"), dict(request.cookies))
        self.say = Speaker(self.preferences)
        self.new_cookie: str | None = None
        # taken before anything is read: what is written meanwhile makes a kept page out of date
        self.version = self.room.version()
        self.keeping = bool(getattr(request.state, "keeping", False))
        session = self.room.sessions.find(request.cookies.get(COOKIE))
        if session is None:
            user = None if self.room.accounts is not None else self.room.local
            self.new_cookie, session = self.room.sessions.open(user)
        self.session: Session = session
        self.user = self._user(session)

    def _user(self, session: Session) -> User | None:
        if self.room.accounts is None:
            return self.room.local
        if session.user is None:
            return None
        # a role that was changed or an account that was removed holds at once
        role = self.room.accounts.role_of(session.user.name)
        return User(session.user.name, role) if role else None

    @property
    def address(self) -> str:
        """The address that asks."""
        return self.request.client.host if self.request.client else "?"

    @property
    def _(self) -> Callable[..., str]:
        return self.say.gettext

    def need(self, role: Role) -> User:
        """The user, who must have a role. :raises HTTPException: 401 or 403."""
        if self.user is None:
            raise HTTPException(401)
        if not self.user.may(role):
            raise HTTPException(403, self._("Your role does not allow this."))
        return self.user

    def checked(self, token: str | None, kind: str = "write") -> None:
        """Refuse a change that does not come from our own pages, or one too many. :raises HTTPException: 403 or 429."""
        given = self.request.headers.get("x-csrf-token") or token
        if self.new_cookie is not None or not same(given, self.session.csrf):
            raise HTTPException(403, self._("This page is too old: load it again and repeat what you did."))
        if not self.room.limiter.allows(kind, self.address):
            raise HTTPException(429, self._("Too many requests: wait a minute."))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading."""
        with self.room.case.read() as connection:
            yield connection

    def remembered(self, key: Any, make: Callable[[Connection], T]) -> T:
        """What a query gives, until the case file changes."""

        def run() -> T:
            with self.room.case.read() as connection:
                return make(connection)

        return self.room.remembered(key, run)

    def narrowed(self, kind: str, filters: Filters) -> Narrowed:
        """What filters leave of all events or statements."""
        wanted = filters._replace(limit=None, offset=0)
        ids = self.entities(filters.actor) if filters.actor else None
        return self.remembered((kind, wanted), lambda c: narrow(c, self.room.listing(kind), wanted, ids))

    def entities(self, words: str) -> list[int]:
        """Ids of the actors that a reader's words mean."""
        if words.isascii() and words.isdigit():
            return [int(words[:12])]
        e = schema.case_entities.c
        with self.read() as c:
            exact = c.execute(select(e.id).where(or_(e.actor == words, e.country == words.upper()))).scalars().all()
        return list(exact) or self.counted("names").find(" ".join(words.split()))

    def counted(self, name: str) -> Any:
        """One of :data:`musnad.web.counts.COUNTS`."""
        from musnad.web.counts import COUNTS

        return self.lasting(self.room.lasting(name, COUNTS[name]))

    def lasting(self, made: tuple[T, bool]) -> T:
        """A count over the whole case, which may be that of a moment ago: the page is then not kept."""
        self.keeping = self.keeping and made[1]
        return made[0]

    def filters(self, limit: int = 50) -> tuple[Filters, int]:
        """Filters of the address and the number of the page (from 1). :raises HTTPException: 400 for a day that is none."""
        import datetime as dt

        query = self.request.query_params
        days: dict[str, str | None] = {}
        for name in ("since", "until"):
            value = (query.get(name) or "").strip() or None
            if value is not None:
                try:
                    value = dt.date.fromisoformat(value).isoformat()
                except ValueError:
                    raise HTTPException(400, self._("%(day)s is no date: write 2024-01-27.", day=value[:40])) from None
            days[name] = value
        number = query.get("page") or "1"
        page = min(max(int(number), 1), 100_000) if number.isascii() and number.isdigit() and len(number) < 7 else 1
        return Filters(
            since=days["since"], until=days["until"], outlet=query.get("outlet") or None,
            actor=(query.get("actor") or "")[:200] or None, types=tuple(t for t in query.getlist("type")[:20] if t),
            status=tuple(s for s in query.getlist("status")[:10] if s), limit=limit, offset=(page - 1) * limit,
        ), page  # fmt: skip

    def address_with(self, **changes: Any) -> str:
        """This address with other query values; None takes one out."""
        query = [(k, v) for k, v in self.request.query_params.multi_items() if k not in changes and v]
        for k, v in changes.items():
            query += [(k, x) for x in (v if isinstance(v, (list, tuple)) else [v]) if x is not None]
        return f"{self.request.url.path}?{urlencode(query)}" if query else self.request.url.path

    def label(self, code: Any) -> str:
        """A code of the record in the reader's language."""
        return self._(labels.LABELS.get(str(code), str(code)))

    def party(self, row: Any) -> Markup:
        """Name of an actor, in the reader's language where it has one."""
        return self.say.name(self.shown_name(row))

    def shown_name(self, row: Any) -> str:
        """Name of an actor as plain words."""
        # vowel marks that a romanised name kept have no letter to stand on
        english = (row.get("name_en") or "").translate(_VOWELS) if self.say.lang == "en" else ""
        return english or row.get("name") or "–"

    def decision(self, code: str) -> str:
        """What a decision is called; an act of speech has the same code as one."""
        return self._(labels.DECISIONS[code]) if code in labels.DECISIONS else self.label(code)

    def series_title(self, series: Any) -> Markup:
        """What a series of figures is of; what it counts is told beside it."""
        parts = [p for p in series["label"].split(" · ") if p != series["counts"]]
        return self.say.name(" · ".join(parts)) if parts else Markup("{}").format(self.label(series["counts"]))

    def map_labels(self, drawn: Any, factor: float) -> list[dict[str, Any]]:
        """Names of a map's places where they hide no other."""
        return drawing.map_labels(drawn, self.map_names(drawn), factor)

    def map_names(self, drawn: Any) -> list[str]:
        """What the places of a map are called."""
        return [self.shown_name(c["place"]) for c in drawn["circles"]]

    def cell(self, words: str) -> Markup:
        """A cell of a report: a day, a code, words; a reference behind them reads from left to right."""
        if self.is_day(words):
            return self.say.day(words)
        found = _REFERENCE.fullmatch(words)
        if found is not None:
            return Markup("{} {}").format(self.say.name(found[1]), self.say.ltr(found[2]))
        state = _LEVEL.fullmatch(words)
        if state is not None:
            return Markup("{} {}").format(self.labelled(state[1]), self.say.ltr(state[2]))
        if _EXPONENT.search(words) and len(words) < 60:
            return self.say.ltr(_EXPONENT.sub(lambda m: f"{float(m[0].replace(',', '')):,.0f}", words))
        plain = self.labelled(words)
        return self.say.name(plain if len(plain) <= 400 else plain[:400] + "…")

    def is_day(self, words: str) -> bool:
        """Whether words are an ISO day."""
        return len(words) == 10 and words[4] == "-" == words[7] and words[:4].isdigit()

    def labelled(self, words: str) -> str:
        """Words of a report; codes of the record in the reader's language."""
        return self._(labels.LABELS[words]) if words in labels.LABELS else words

    def wants_fragment(self) -> bool:
        """Whether htmx asks for the results alone."""
        return self.request.headers.get("hx-request") == "true" and self.request.headers.get("hx-boosted") != "true"

    def context(self, messages: Sequence[tuple[str, str]] = (), csrf: str = "") -> dict[str, Any]:
        """What every template is given."""
        return {
            "page": self, "_": self._, "ngettext": self.say.ngettext, "say": self.say, "user": self.user, "lang": self.say.lang,
            "dir": self.say.dir, "csrf": csrf, "messages": messages, "case_name": self.case_name, "label": self.label, "party": self.party,
            "path": self.request.url.path, "fragment": self.wants_fragment(), "with_accounts": self.room.accounts is not None,
        }  # fmt: skip

    def piece(self, template: str, **values: Any) -> Markup:
        """A part of a page without forms, which may be remembered by itself."""
        return Markup(environment().get_template(template).render({**self.context(), **values}))

    def render(self, template: str, status: int = 200, part: str | None = None, **values: Any) -> Response:
        """A page; ``part``: a template that is written first and given to the page whole (long pages are written faster so)."""
        # a fragment has no place for messages: they wait for the next page
        messages = [] if self.wants_fragment() else list(self.session.messages)
        if messages:
            self.session.messages.clear()
        keep = self.keeping and status == 200 and not messages
        context = {**self.context(messages, self.room.token_place if keep else self.session.csrf), **values}
        if part is not None and part != template:
            context["part"] = Markup(environment().get_template(part).render(context))
        html = environment().get_template(template).render(context).encode("utf-8", "replace")
        if keep:
            self.room.keep(self._key(), self.version, html)
            html = html.replace(self.room.token_place.encode(), self.session.csrf.encode())
        return self.finish(HTMLResponse(html, status_code=status))

    def _key(self) -> tuple[Any, ...]:
        return ("page", str(self.request.url), self.preferences, self.user, self.wants_fragment())

    def kept(self) -> Response | None:
        """This very page as it was written for a reader of the same name, role and language, while the case is as it was."""
        self.keeping = True
        if self.user is None or self.session.messages:
            return None
        html = self.room.recalled(self._key())
        if html is None:
            return None
        return self.finish(HTMLResponse(html.replace(self.room.token_place.encode(), self.session.csrf.encode())))

    @property
    def case_name(self) -> str:
        """What the case is called."""
        return self.room.remembered("name", lambda: str(self.room.case.setting("name") or self.room.case.path.stem))

    def go(self, where: str, kind: str = "good", message: str | None = None) -> Response:
        """Send the reader to another page, where a message is shown once."""
        if message:
            self.session.messages.append((kind, message))
        return self.finish(RedirectResponse(safe_path(where), status_code=303))

    def finish(self, response: Response) -> Response:
        """Give the browser its session where it has none yet."""
        if self.new_cookie is not None:
            response.set_cookie(
                COOKIE, self.new_cookie, httponly=True, samesite="strict", secure=self.request.url.scheme == "https", path="/",
            )  # fmt: skip
        return response


def safe_path(where: str | None) -> str:
    """An address of our own pages; anything else becomes the first page."""
    value = where or "/"
    plain = value.startswith("/") and not value.startswith("//") and "\\" not in value and value.isprintable()
    return value if plain and len(value) < 2000 else "/"


def kept(handler: Callable[..., Response]) -> Callable[..., Response]:
    """A page whose every reader of one role and language gets the same, until the case changes."""

    @wraps(handler)
    def run(request: Request, **values: Any) -> Response:
        found = Page(request).kept()
        if found is not None:
            return found
        request.state.keeping = True
        # pages are made two at a time: eight at once would each take eight times as long
        with request.app.state.room.turns:
            return handler(request, **values)

    return run
