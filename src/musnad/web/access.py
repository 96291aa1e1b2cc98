"""Who may do what: accounts (argon2), sessions, CSRF tokens, roles and limits of rate."""

from __future__ import annotations

import hmac
import json
import os
import secrets
import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import Literal, NamedTuple, cast

from itsdangerous import BadSignature, Signer

Role = Literal["reader", "reviewer", "owner"]
RANK: dict[str, int] = {"reader": 0, "reviewer": 1, "owner": 2}
SESSION_SECONDS = 12 * 3600
_MOST_SESSIONS = 20_000


class AccountsError(ValueError):
    """An accounts file that cannot be used; the message says what to do, in one line."""


class User(NamedTuple):
    """Who is at the other end."""

    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Whether the user's role is this one or a higher one."""
        return RANK[self.role] >= RANK[role]


class Accounts:
    """Accounts in a JSON file: ``{"accounts": [{"name", "role", "hash"}]}``; passwords are kept as argon2id hashes only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries: dict[str, dict[str, str]] = {}
        if path.exists():
            try:
                entries = json.loads(path.read_text(encoding="utf-8"))["accounts"]
                self._entries = {e["name"]: {"role": e["role"], "hash": e["hash"]} for e in entries}
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise AccountsError(f"{path} is no accounts file ({error})") from None
            if any(e["role"] not in RANK for e in self._entries.values()):
                raise AccountsError(f"{path}: roles are {', '.join(RANK)}")

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, name: str, password: str, role: Role) -> None:
        """Add or change an account and write the file (readable by its owner only).

        :raises AccountsError: for an empty or odd name, a password below 10 characters, or a file that cannot be written.
        """
        from argon2 import PasswordHasher

        if not name.strip() or len(name) > 60 or not name.isprintable():
            raise AccountsError("a name has 1 to 60 printable characters")
        if len(password) < 10:
            raise AccountsError("a password has 10 characters or more")
        self._entries[name] = {"role": role, "hash": PasswordHasher().hash(password)}
        made = {"accounts": [{"name": n, **e} for n, e in sorted(self._entries.items())]}
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(made, file, ensure_ascii=False, indent=1)
        except OSError as error:
            raise AccountsError(f"{self.path} cannot be written ({error.strerror})") from None

    def check(self, name: str, password: str) -> User | None:
        """The user whose name and password these are, or None; takes as long for a name that is not there."""
        from argon2 import PasswordHasher
        from argon2.exceptions import InvalidHashError, VerificationError

        entry = self._entries.get(name)
        stored = entry["hash"] if entry else _dummy_hash()
        try:
            PasswordHasher().verify(stored, password[:1000])
        except (VerificationError, InvalidHashError):
            return None
        return User(name, cast(Role, entry["role"])) if entry else None

    def role_of(self, name: str) -> Role | None:
        """The role that an account has."""
        entry = self._entries.get(name)
        return cast(Role, entry["role"]) if entry else None


def _dummy_hash() -> str:
    return "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ"


class Session:
    """What the server keeps of a browser: its CSRF token, its user, messages to show once."""

    def __init__(self, user: User | None) -> None:
        self.csrf = secrets.token_urlsafe(24)
        self.user = user
        self.seen = time.monotonic()
        self.messages: list[tuple[str, str]] = []


class Sessions:
    """Sessions by a signed, random id in a cookie; kept in memory, so a restart ends them."""

    def __init__(self, secret: bytes | None = None) -> None:
        self._signer = Signer(secret or secrets.token_bytes(32), salt="musnad.session")
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, user: User | None) -> tuple[str, Session]:
        """A new session and the value of its cookie."""
        name = secrets.token_urlsafe(24)
        session = Session(user)
        with self._lock:
            self._sessions[name] = session
            while len(self._sessions) > _MOST_SESSIONS:
                self._sessions.popitem(last=False)
        return self._signer.sign(name).decode(), session

    def find(self, cookie: str | None) -> Session | None:
        """The session of a cookie; None where it is forged, unknown or too old."""
        if not cookie:
            return None
        try:
            name = self._signer.unsign(cookie).decode("ascii", "strict")
        except (BadSignature, UnicodeDecodeError):
            return None
        with self._lock:
            session = self._sessions.get(name)
            if session is None:
                return None
            if time.monotonic() - session.seen > SESSION_SECONDS:
                del self._sessions[name]
                return None
            session.seen = time.monotonic()
            self._sessions.move_to_end(name)
        return session

    def close(self, cookie: str | None) -> None:
        """End a session."""
        if not cookie:
            return
        try:
            name = self._signer.unsign(cookie).decode("ascii", "strict")
        except (BadSignature, UnicodeDecodeError):
            return
        with self._lock:
            self._sessions.pop(name, None)


def same(one: str | None, other: str) -> bool:
    """Whether two tokens are the same, in time that does not tell where they differ."""
    return one is not None and hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


#: requests a minute for one address: kind -> how many
LIMITS = {"login": 10, "upload": 20, "export": 60, "write": 300}


class Limiter:
    """Counts requests by kind and address in windows of a minute."""

    def __init__(self, limits: dict[str, int] | None = None) -> None:
        self._limits = limits or LIMITS
        self._counts: dict[tuple[str, str, int], int] = {}
        self._lock = threading.Lock()

    def allows(self, kind: str, address: str) -> bool:
        """Count a request; False where it is one too many."""
        window = int(time.monotonic() // 60)
        with self._lock:
            if len(self._counts) > 10_000:
                self._counts = {k: v for k, v in self._counts.items() if k[2] == window}
            key = (kind, address, window)
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key] <= self._limits[kind]
