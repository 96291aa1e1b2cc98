"""The way of an article: stages that each add their own items to an analysis, until it is a record."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Protocol, runtime_checkable

from musnad.article import Article
from musnad.language.letters import fold
from musnad.language.tokens import Name, Quote, Sentence, Token
from musnad.record import Commitment, Entity, Event, Figure, Mention, Record, Span, Statement, Time

_END: Any = attrgetter("end")


class Analysis:
    """An article with its tokens and what the stages found so far. One per article, never shared."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.text = article.text
        # language
        self.tokens: list[Token] = []
        self.keys: list[str] = []  # search-level fold of each token's norm, for PhraseTrie
        self.sentences: list[Sentence] = []
        self.quotes: list[Quote] = []
        self.names: list[Name] = []
        # one list per stage, in order of start
        self.times: list[Time] = []
        self.figures: list[Figure] = []
        self.mentions: list[Mention] = []
        self.entities: list[Entity] = []
        self.statements: list[Statement] = []
        self.events: list[Event] = []
        self.commitments: list[Commitment] = []
        self.warnings: list[str] = []
        #: what a stage leaves for later ones, by a name it documents; not part of the record
        self.notes: dict[str, Any] = {}
        self._counts: dict[str, int] = {}

    def new_id(self, prefix: str) -> str:
        """The next id of a kind: m mentions, e entities, t times, f figures, s statements, v events, c commitments."""
        number = self._counts.get(prefix, 0) + 1
        self._counts[prefix] = number
        return f"{prefix}{number}"

    def span(self, start: int, end: int) -> Span:
        """The words at [start, end) as a span."""
        return Span(start=start, end=end, text=self.text[start:end])

    def token_at(self, offset: int) -> int:
        """Index of the token that covers or follows a text offset (``len(tokens)`` after the last)."""
        return bisect_right(self.tokens, offset, key=_END)

    def sentence_of(self, offset: int) -> Sentence | None:
        """The sentence that holds a text offset, or None between sentences."""
        i = self.token_at(offset)
        if i >= len(self.tokens):
            return self.sentences[-1] if self.sentences else None
        return self.sentences[self.tokens[i].sentence]

    def words(self, sentence: Sentence) -> list[Token]:
        """The tokens of a sentence."""
        return self.tokens[sentence.first : sentence.last]

    def free(self) -> None:
        """Drop what stages left for each other. Their notes point back at the analysis: without them all of it is freed at
        once, not when the garbage collector comes by."""
        self.notes.clear()

    def record(self) -> Record:
        """The record of what was found."""
        from musnad import __version__

        return Record(
            musnad=__version__,
            article=self.article,
            mentions=self.mentions,
            entities=self.entities,
            times=self.times,
            figures=self.figures,
            statements=self.statements,
            events=self.events,
            commitments=self.commitments,
        )


@runtime_checkable
class Stage(Protocol):
    """A step of the pipeline. It adds items of the kinds it provides and changes none of another stage's.

    ``name``: unique. ``requires``/``provides``: names of lists of :class:`Analysis` (``tokens``, ``times`` …).
    A stage keeps nothing between articles, so that one instance serves every article of a process.
    """

    name: str
    requires: frozenset[str]
    provides: frozenset[str]

    def run(self, analysis: Analysis) -> None:
        """Add this stage's items to the analysis."""
        ...


class PipelineError(ValueError):
    """Stages that do not fit together."""


class Pipeline:
    """Stages in order; checked once that each finds what it requires."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        have: set[str] = set()
        names: set[str] = set()
        for stage in stages:
            missing = stage.requires - have
            if missing:
                raise PipelineError(f"stage {stage.name} needs {', '.join(sorted(missing))}, which no earlier stage gives")
            if stage.name in names:
                raise PipelineError(f"two stages are named {stage.name}")
            names.add(stage.name)
            have |= stage.provides
        self.stages = tuple(stages)

    def replace(self, *stages: Stage) -> Pipeline:
        """A pipeline in which each given stage stands for the one of its name.

        :raises PipelineError: where no stage has that name, or the new one does not fit.
        """
        by_name = {s.name: s for s in stages}
        unknown = by_name.keys() - {s.name for s in self.stages}
        if unknown:
            raise PipelineError(f"no stage is named {', '.join(sorted(unknown))}; there are {', '.join(s.name for s in self.stages)}")
        return Pipeline([by_name.get(s.name, s) for s in self.stages])

    def analyse(self, article: Article) -> Analysis:
        """Run every stage on an article."""
        analysis = Analysis(article)
        for stage in self.stages:
            stage.run(analysis)
        return analysis

    def code(self, article: Article) -> Record:
        """The record of an article."""
        analysis = self.analyse(article)
        record = analysis.record()
        analysis.free()
        return record


def keys_of(tokens: Iterable[Token]) -> list[str]:
    """Search-level fold of each token, as :class:`musnad.language.phrases.PhraseTrie` matches them."""
    norms = [t.norm for t in tokens]
    # folded at once, which is faster than word by word; a token that holds the mark between them is left to itself
    keys = fold("\n".join(norms), "search").split("\n")
    return keys if len(keys) == len(norms) else [fold(norm, "search") for norm in norms]
