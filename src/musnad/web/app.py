"""The application: routes, headers, limits."""

from __future__ import annotations

import getpass
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from musnad import __version__
from musnad.casefile.store import open_case
from musnad.web.access import Accounts
from musnad.web.room import Page, Room

#: bytes of a request's body: an upload, and anything else
MAX_UPLOAD = 32 * 1024 * 1024
MAX_BODY = 2 * 1024 * 1024
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = [
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]
LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "testserver")
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class Guard:
    """ASGI middleware: safe headers on every answer, limits on every body, no foreign host names or origins."""

    def __init__(self, app: Any, loopback: bool) -> None:
        self.app, self.loopback = app, loopback

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"])
        host = given.get(b"host", b"").decode("latin-1").lower()
        name = host if host.endswith("]") else host.rsplit(":", 1)[0]
        static = scope["path"].startswith("/static/")

        async def guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = [(k, v) for k, v in message["headers"]] + HEADERS
                if not static and not any(k == b"cache-control" for k, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                elif static:
                    headers.append((b"cache-control", b"public, max-age=31536000, immutable"))
                message = {**message, "headers": headers}
            await send(message)

        async def refuse(status: int, words: str) -> None:
            await PlainTextResponse(words, status_code=status)(scope, receive, guarded)

        # a page elsewhere could point a name of its own at this address (DNS rebinding)
        if self.loopback and name not in LOOPBACK:
            await refuse(421, "this address is served to this computer only")
            return
        origin = given.get(b"origin", b"").decode("latin-1").lower()
        if scope["method"] not in ("GET", "HEAD") and origin and origin.split("://", 1)[-1] != host:
            await refuse(403, "this request comes from another site")
            return
        limit = MAX_UPLOAD if scope["path"] == "/ingest" else MAX_BODY
        declared = given.get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > limit:
            await refuse(413, f"more than {limit // (1024 * 1024)} MB")
            return
        seen = 0

        async def counted() -> Any:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, guarded)


def create_app(case_path: Path, accounts: Path | Accounts | None = None, reviewer: str | None = None) -> FastAPI:
    """The application that serves a case.

    :param accounts: accounts or their file; without them everybody who reaches the address is the case's owner, which is why
        only this computer's own names are answered to.
    :param reviewer: name under which decisions are kept where there are no accounts; the computer's user by default.
    :raises musnad.casefile.store.CaseError: where the case cannot be used.
    :raises musnad.web.access.AccountsError: where the accounts cannot be used.
    """
    from musnad.web.routes import actors, admin, api, articles, lists, overview, reviewing

    case = open_case(case_path)
    known = Accounts(accounts) if isinstance(accounts, Path) else accounts
    app = FastAPI(
        title="Musnad", version=__version__, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
        description="Questions to a case file, and decisions on what is in it. Every item leads back to article and offsets.",
    )  # fmt: skip
    app.state.room = Room(case, known, reviewer or _user_name())
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    for module in (overview, articles, lists, actors, reviewing, admin):
        app.include_router(module.router, include_in_schema=False)
    app.include_router(api.router)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OperationalError, _busy)
    app.add_exception_handler(OverflowError, _beyond)
    app.add_exception_handler(Exception, _broken)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=3)
    app.add_middleware(Guard, loopback=known is None)
    return app


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "owner"


def _answer(request: Request, status: int, words: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": words}, status_code=status)
    page = Page(request)
    if page.wants_fragment():
        # an error of a partial update is shown in place
        return page.finish(page.render("error_fragment.html", status=status, words=words))
    return page.render("error.html", status=status, words=words, code=status)


async def _refused(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    detail = str(getattr(error, "detail", "") or "")
    page_path = not request.url.path.startswith("/api/")
    if status == 401 and page_path and request.app.state.room.accounts is not None:
        page = Page(request)
        if request.method == "GET":
            from urllib.parse import quote

            return page.go(f"/login?next={quote(request.url.path)}")
    _ = Page(request)._
    known = {
        401: _("Sign in first."),
        404: _("There is no such page."),
        405: _("This address does not take that."),
        413: _("That is more than this page takes."),
    }
    generic = {"Not Found", "Method Not Allowed", "Unauthorized", ""}
    return _answer(request, status, known.get(status, detail) if detail in generic or status == 413 else detail)


async def _invalid(request: Request, error: Exception) -> Response:
    words = Page(request)._("Something in the address or the form is not what it should be.")
    if request.url.path.startswith("/api/"):
        details = [{"where": [str(x) for x in e["loc"]], "what": e["msg"]} for e in error.errors()]  # type: ignore[attr-defined]
        return JSONResponse({"detail": details}, status_code=422)
    return _answer(request, 422, words)


async def _busy(request: Request, error: Exception) -> Response:
    return _answer(request, 503, Page(request)._("The case file is busy: try again."))


async def _beyond(request: Request, error: Exception) -> Response:
    # a number that no row can have
    return _answer(request, 404, Page(request)._("There is no such page."))


async def _broken(request: Request, error: Exception) -> Response:
    # the exception itself goes to the server's log, not to the reader
    words = Page(request)._("Something went wrong here; the server's log says what.")
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": words}, status_code=500)
    return PlainTextResponse(words, status_code=500)
