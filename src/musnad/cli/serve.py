"""``musnad serve``, ``demo`` and ``account``: the reading room."""

from __future__ import annotations

import socket
import sys
import tempfile
import threading
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer

from musnad.cli.console import UserError, say

Port = Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Open no browser.")]


class Role(StrEnum):
    """What an account may do."""

    reader = "reader"
    reviewer = "reviewer"
    owner = "owner"


def add_to(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("serve")(serve)
    app.command("demo")(demo)
    app.command("account")(account)


def serve(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="The case file.")],
    port: Port = 8750,
    no_browser: NoBrowser = False,
    host: Annotated[str, typer.Option(help="Address to listen on; other than this computer's own needs --accounts.")] = "127.0.0.1",
    accounts: Annotated[Path | None, typer.Option(help="File of accounts, made with `musnad account`; readers then sign in.")] = None,
    reviewer: Annotated[str | None, typer.Option(help="Name under which decisions are kept where there are no accounts.")] = None,
) -> None:
    """Read and review a case in the browser, in Arabic or English."""
    _run(case, port, no_browser, host, accounts, reviewer)


def demo(port: Port = 8750, no_browser: NoBrowser = False) -> None:
    """Make a case from the examples and serve it: the whole in one command."""
    from musnad.casefile.derive import derive
    from musnad.casefile.ingest import ingest
    from musnad.casefile.store import create
    from musnad.reading.files import read

    folder = examples()
    _free(port, "127.0.0.1").close()
    with tempfile.TemporaryDirectory(prefix="musnad-demo-") as place:
        path = Path(place) / "demo.musnad"
        case = create(path, "Musnad demo")
        say("coding the six examples …")
        ingest(case, read([str(folder)]), ["examples"])
        derive(case)
        case.close()
        _run(path, port, no_browser, "127.0.0.1", None, None)


def examples() -> Path:
    """The folder of the example articles: in the package, or in the source tree.

    :raises UserError: where they are in neither.
    """
    for folder in (
        Path(str(files("musnad") / "examples")),
        Path(__file__).resolve().parents[3] / "examples",
    ):
        if (folder / "talks.jsonl").is_file():
            return folder
    raise UserError("this installation has no examples: use `musnad new` and `musnad ingest`")


def account(
    accounts: Annotated[Path, typer.Argument(metavar="FILE", help="File of accounts; made where it is not there.")],
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    role: Annotated[Role, typer.Option(help="reader, reviewer or owner.")] = Role.reviewer,
    password: Annotated[
        str,
        typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for where not given."),
    ] = "",
) -> None:
    """Add an account to a file, or change its password and role."""
    from musnad.web.access import Accounts, AccountsError

    try:
        known = Accounts(accounts)
        known.put(name, password, role.value)
    except AccountsError as error:
        raise UserError(str(error)) from None
    say(f"{name} is {role.value} now; {accounts} has {len(known)} account(s)")


def _warm(room: Any) -> None:
    """Read what stays in memory, and keep the garbage collector from going through all of it while readers wait."""
    import gc

    room.warm()
    gc.collect()
    gc.freeze()


def _loopback(host: str) -> bool:
    import ipaddress

    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _free(port: int, host: str) -> socket.socket:
    """A socket that listens. :raises UserError: where the port is taken or the address is none of this computer's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(128)
    except OSError as error:
        made.close()
        import errno

        if error.errno == errno.EADDRINUSE:
            raise UserError(f"port {port} is in use: choose another with --port") from None
        raise UserError(f"{host}:{port} cannot be listened on ({error.strerror or error})") from None
    return made


def _run(case: Path, port: int, no_browser: bool, host: str, accounts: Path | None, reviewer: str | None) -> None:
    import uvicorn

    from musnad.casefile.store import CaseError
    from musnad.web.access import Accounts, AccountsError
    from musnad.web.app import create_app

    if not _loopback(host) and accounts is None:
        raise UserError(f"{host} can be reached by others: give --accounts FILE (see `musnad account`)")
    try:
        known = None
        if accounts is not None:
            known = Accounts(accounts)
            if not len(known):
                raise UserError(f"{accounts} has no account: add one with `musnad account {accounts} NAME --role owner`")
        app: Any = create_app(case, known, reviewer)
    except (CaseError, AccountsError) as error:
        raise UserError(str(error)) from None
    listening = _free(port, host)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/"
    say(f"reading room at {address} (stop with Ctrl-C)")
    if accounts is None:
        say("it answers to this computer only; to let others in, give --accounts")
    elif not _loopback(host):
        say("others can reach it: put it behind HTTPS, passwords travel as they are")
    # SQLite gives up the interpreter's lock at each row: beside a thread that counts, each row would wait for 5 ms to get it back
    sys.setswitchinterval(0.0005)
    threading.Thread(target=_warm, args=(app.state.room,), daemon=True).start()
    if not no_browser:
        import webbrowser

        threading.Timer(0.8, webbrowser.open, [address]).start()
    config = uvicorn.Config(app, log_level="warning", server_header=False, proxy_headers=False, timeout_keep_alive=30)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        listening.close()
