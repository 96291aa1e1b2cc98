"""What numpy computes from the exported weights is what CRFsuite computes from its own model."""

from pathlib import Path

import numpy as np
import pycrfsuite

from musnad.language.model.fast import FastModel
from musnad.language.model.features import Lexicon, sentence
from training.tokenmodel.fast import export, train

# invented sentences, labels of the names head
TEXT = [
    ("زار سامر الكفري مدينة نورية أمس", "O B-PERS I-PERS O B-LOC O"),
    ("وقال سامر إن نورية ترحب بهيئة الغيث", "O B-PERS O B-LOC O B-ORG I-ORG"),
    ("أعلنت هيئة الغيث بناء سد في نورية", "O B-ORG I-ORG O O O B-LOC"),
    ("رفضت دلال الكفري 3 عروض من هيئة الغيث .", "O B-PERS I-PERS O O O B-ORG I-ORG O"),
    ("عاد الكفري", "O B-PERS"),
    ("NATO وصل", "B-ORG O"),
]


def arrays() -> dict[str, np.ndarray]:
    words = ["الغيث", "زار", "سامر", "نوريه", "هييه"]
    levels = np.array([[0, 1, 2, 1], [0, 1, 0, 1], [0, 0, 1, 1]], np.int16)
    return {
        "words": np.array("\n".join(words)), "use": np.array([0, 1, 2, 3, -1], np.int16),
        "sense": np.array([-1, 0, 1, 2, 3], np.int16), "flags": np.array([0, 0, 1, 2, 0], np.int32),
        "flag_kinds": np.array("first\ncity"), "use_levels": levels, "sense_levels": levels,
    }  # fmt: skip


def lexicon() -> Lexicon:
    a = arrays()
    words = str(a["words"]).split("\n")
    use, sense = ({w: int(c) for w, c in zip(words, a[k], strict=True) if c >= 0} for k in ("use", "sense"))
    flags = {"سامر": ("first",), "نوريه": ("city",)}
    return Lexicon(use, sense, a["use_levels"].tolist(), a["sense_levels"].tolist(), flags)


def test_same_labels_as_crfsuite(tmp_path: Path) -> None:
    lex = lexicon()
    seqs = [(sentence(t.split(), lex), y.split()) for t, y in TEXT]
    trained = train(seqs, 0.0, 0.1, 60, 1)
    single = train([([f], [y]) for x, ys in seqs for f, y in zip(x, ys, strict=True)], 0.0, 0.1, 60, 1)
    export(tmp_path / "m.npz", arrays(), {"names": trained, "pos": trained, "split": single})
    model = FastModel(tmp_path / "m.npz")
    trainer = pycrfsuite.Trainer(verbose=False)
    for x, y in seqs:
        trainer.append(x, y)
    trainer.set_params({"c1": 0.0, "c2": 0.1, "max_iterations": 60, "feature.possible_transitions": True})
    trainer.train(str(tmp_path / "m.crf"))
    tagger = pycrfsuite.Tagger()
    tagger.open(str(tmp_path / "m.crf"))
    unseen = [(t.split()[::-1], "") for t, _ in TEXT] + [(["دلال", "في", "نورية"], ""), (["سامر"], "")]
    sents = [t.split() for t, _ in TEXT] + [w for w, _ in unseen]
    for words, tags in zip(sents, model.tag(sents), strict=True):
        assert tags.pos == tagger.tag(sentence(words, lex))
    for (_, y), tags in zip(TEXT, model.tag([t.split() for t, _ in TEXT]), strict=True):
        assert tags.names == tags.split == y.split()
