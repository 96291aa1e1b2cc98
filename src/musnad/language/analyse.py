"""Prints an analysis of the language layer: tab-separated, CoNLL-U or JSON."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from musnad.language.tokens import Token
from musnad.pipeline import Analysis

Format = Literal["tsv", "conllu", "json"]
_FEATURES = {
    "aspect": ("Aspect", {"perf": "Perf", "imp": "Imp"}),
    "mood": ("Mood", {"ind": "Ind", "sub": "Sub", "jus": "Jus"}),
    "person": ("Person", {}),
    "gender": ("Gender", {"m": "Masc", "f": "Fem"}),
    "number": ("Number", {"s": "Sing", "d": "Dual", "p": "Plur"}),
    "voice": ("Voice", {"act": "Act", "pass": "Pass"}),
    "form": ("VerbForm", {"masdar": "Vnoun", "ap": "Part", "pp": "Part"}),
}  # fmt: skip
_CLITIC_POS = {"و": "CCONJ", "ف": "PART", "ب": "ADP", "ل": "ADP", "ك": "ADP", "س": "PART", "أ": "PART"}


def render(analysis: Analysis, format: Format = "tsv") -> str:
    """The tokens, sentences, quotes and names of an analysis as text, ending with a newline.

    ``tsv``: a line per token: sentence, start, end, text, proclitics, stem, enclitic, lemma, part of speech, features,
    name. ``conllu``: CoNLL-U with clitics as words of their own. ``json``: one object with the same.

    :raises ValueError: for another format.
    """
    if format == "tsv":
        return _tsv(analysis)
    if format == "conllu":
        return _conllu(analysis)
    if format == "json":
        return msgspec.json.format(msgspec.json.encode(as_dict(analysis)), indent=1).decode() + "\n"
    raise ValueError(f"no format {format!r}: tsv, conllu or json")


def clitic_pos(form: str, stem_pos: str) -> str:
    """UD tag of a proclitic, by the custom of UD Arabic PUD: و before a pronoun is a particle (وهو), as ف is."""
    if form == "و" and stem_pos == "PRON":
        return "PART"
    return _CLITIC_POS.get(form, "PART")


def features(token: Token) -> dict[str, str]:
    """Universal Dependencies features of a token's stem, in order of name."""
    made = {}
    if token.readings:
        reading = token.readings[0]
        for field, (name, values) in _FEATURES.items():
            value = getattr(reading, field)
            if value:
                made[name] = values.get(value, value)
        if reading.aspect == "cmd":
            made.pop("Aspect")
            made["Mood"] = "Imp"
    if token.definite:
        made["Definite"] = "Def"
    return dict(sorted(made.items()))


def name_labels(analysis: Analysis) -> list[str]:
    """A B-, I- or O label for each token."""
    labels = ["O"] * len(analysis.tokens)
    for name in analysis.names:
        for i in range(name.first, name.last):
            labels[i] = ("B-" if i == name.first else "I-") + name.kind
    return labels


def _tsv(analysis: Analysis) -> str:
    lines = ["sentence\tstart\tend\ttext\tproclitics\tstem\tenclitic\tlemma\tpos\tfeatures\tname"]
    for token, label in zip(analysis.tokens, name_labels(analysis), strict=True):
        feats = "|".join(f"{k}={v}" for k, v in features(token).items())
        lines.append(
            "\t".join((
                str(token.sentence), str(token.start), str(token.end), token.text.replace("\t", " "),
                "+".join(c.form for c in token.proclitics) or "_", token.stem or "_",
                token.enclitic.form if token.enclitic else "_", token.lemma or "_", token.pos, feats or "_", label,
            ))
        )  # fmt: skip
    return "\n".join(lines) + "\n"


def _conllu(analysis: Analysis) -> str:
    labels = name_labels(analysis)
    out = []
    for sentence in analysis.sentences:
        out.append(f"# sent_id = {sentence.number + 1}")
        out.append("# text = " + " ".join(analysis.text[sentence.start : sentence.end].split()))
        number = 0
        for token in analysis.tokens[sentence.first : sentence.last]:
            parts = [(c.form, c.form, clitic_pos(c.form, token.pos), "_") for c in token.proclitics]
            feats = "|".join(f"{k}={v}" for k, v in features(token).items()) or "_"
            stem = analysis.text[token.stem_start : token.stem_end] or token.text
            parts.append((stem, token.lemma or "_", token.pos, feats))
            if token.enclitic:
                parts.append((token.enclitic.form, "هو", "PRON", "_"))
            last = token.index + 1 == len(analysis.tokens)
            misc = [f"Start={token.start}", f"End={token.end}"]
            if labels[token.index] != "O":
                misc.append(f"Name={labels[token.index]}")
            if not last and analysis.tokens[token.index + 1].start == token.end:
                misc.append("SpaceAfter=No")
            if len(parts) > 1:
                out.append(f"{number + 1}-{number + len(parts)}\t{token.text}" + "\t_" * 7 + "\t" + "|".join(misc))
            for form, lemma, pos, feats_ in parts:
                number += 1
                rest = "|".join(misc) if len(parts) == 1 else "_"
                out.append(f"{number}\t{form}\t{lemma}\t{pos}\t_\t{feats_}\t_\t_\t_\t{rest}")
        out.append("")
    return "\n".join(out) + "\n"


def as_dict(analysis: Analysis) -> dict[str, Any]:
    """The analysis as built-in types; offsets are code points into the text, half open."""
    return {
        "text": analysis.text,
        "sentences": [{"start": s.start, "end": s.end, "kind": s.kind, "paragraph": s.paragraph} for s in analysis.sentences],
        "quotes": [{"start": q.start, "end": q.end, "depth": q.depth, "closed": q.close is not None} for q in analysis.quotes],
        "names": [
            {"start": n.start, "end": n.end, "text": analysis.text[n.start : n.end], "kind": n.kind} for n in analysis.names
        ],
        "tokens": [
            {
                "start": t.start, "end": t.end, "text": t.text, "kind": t.kind, "sentence": t.sentence,
                "proclitics": [{"form": c.form, "start": c.start, "end": c.end} for c in t.proclitics],
                "stem": {"form": t.stem, "start": t.stem_start, "end": t.stem_end},
                "enclitic": None if t.enclitic is None else {"form": t.enclitic.form, "start": t.enclitic.start, "end": t.enclitic.end},
                "lemma": t.lemma, "pos": t.pos, "features": features(t),
                "verb": t.readings[0].verb or None if t.readings else None,
            }
            for t in analysis.tokens
        ],
    }  # fmt: skip
