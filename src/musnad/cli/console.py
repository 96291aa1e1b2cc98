"""What all commands share: messages on stderr, isolates around mixed names, reading of inputs."""

from __future__ import annotations

import sys
import unicodedata

FSI, PDI = "\u2068", "\u2069"


class UserError(Exception):
    """A mistake of the person at the keyboard; its one line says what to do."""


def say(words: str) -> None:
    """One line on stderr."""
    line = " ".join(printable(words).split())
    print(f"musnad: {line}", file=sys.stderr)


def printable(words: str) -> str:
    """The words without control characters and bidi overrides, which could rule a terminal."""
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") else "" if unicodedata.category(c) == "Cf" else "\ufffd"
        for c in words
    )


def isolated(words: str) -> str:
    """The words in a first-strong isolate, so that Arabic and Latin on one line keep their places."""
    return f"{FSI}{printable(words)}{PDI}"
