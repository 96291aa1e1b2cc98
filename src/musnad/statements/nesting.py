"""Statements inside statements, and direct quotes that two speakers cannot share."""

from __future__ import annotations

from musnad.record import Statement


def apart(out: list[Statement]) -> list[Statement]:
    """Two people cannot be quoted directly in the same words, unless one quotes the other: the later claim is taken back."""
    parent = {s.id: s.parent for s in out}
    direct = sorted(
        ((c.start, c.end, s) for s in out if s.mode == "direct" for c in s.content),
        key=lambda x: (x[0], -x[1]),
    )
    gone: set[str] = set()
    end, holder = -1, None
    for start, stop, statement in direct:
        if holder is not None and start < end and statement.speaker != holder.speaker:
            related = statement.id == parent.get(holder.id) or holder.id == parent.get(statement.id)
            if not related:
                gone.add(statement.id)
                continue
        if stop > end:
            end, holder = stop, statement
    if gone:
        out = [s for s in out if s.id not in gone]
        for statement in out:
            if statement.parent in gone:
                statement.parent = None
    return out


def parents(out: list[Statement]) -> None:
    """A statement whose cue lies inside another's content hangs on the smallest such one."""
    spans = sorted(((c.start, c.end, s) for s in out for c in s.content), key=lambda x: (x[0], -x[1]))
    cues = sorted(out, key=lambda s: s.cue.start)
    open_: list[tuple[int, int, Statement]] = []
    k = 0
    for statement in cues:
        at = statement.cue.start
        while k < len(spans) and spans[k][0] <= at:
            open_.append(spans[k])
            k += 1
            if len(open_) > 64:
                open_ = [x for x in open_ if x[1] > at][-64:]
        inside = [x for x in open_ if x[0] <= at < x[1] and x[2] is not statement]
        if inside and statement.parent is None:
            best = min(inside, key=lambda x: x[1] - x[0])
            if best[2].parent != statement.id:
                statement.parent = best[2].id
