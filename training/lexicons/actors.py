"""The actor knowledge base: names, titles, general heads and nisba forms as one compiled table with its tries."""

from __future__ import annotations

from pathlib import Path

from musnad.actors import build as base

ROOM = "actors"
LEXICON = Path(base.__file__).resolve().parent / "lexicon"


def build() -> dict[str, object]:
    """``kb``: see :func:`musnad.actors.build.compiled` for its parts."""
    made, _ = base.compiled(base.read_all(LEXICON), LEXICON)
    return {"kb": made}
