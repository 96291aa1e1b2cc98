"""The spaCy component, on a blank pipeline: no model of spaCy's is needed."""

from __future__ import annotations

import pytest

spacy = pytest.importorskip("spacy")

TEXT = "أعلن وزير الخارجية العراقي فؤاد حسين في بغداد أن بلاده ستوقع الاتفاق غدا. وقال حسين إن 12 شخصا قتلوا في الموصل."


@pytest.fixture(scope="module")
def nlp():
    import musnad.spacy_component  # noqa: F401 (registers the factory, as the entry point does)

    made = spacy.blank("ar")
    made.add_pipe("musnad", config={"published": "2024-01-27"})
    return made


def test_names_become_entities(nlp):
    doc = nlp(TEXT)
    found = {(e.text, e.label_) for e in doc.ents}
    assert ("بغداد", "LOC") in found
    assert any(text.endswith("حسين") and label == "PER" for text, label in found)


def test_the_record_speaks_of_the_same_text(nlp):
    doc = nlp(TEXT)
    record = doc._.record
    assert record.article.text == doc.text == TEXT
    assert record.article.published == "2024-01-27"
    assert record.statements
    assert record.figures
    for item in [*record.times, *record.figures, *record.mentions]:
        assert doc.text[item.start : item.end] == item.text
        assert doc.char_span(item.start, item.end, alignment_mode="expand") is not None


def test_relative_dates_are_read_against_the_given_day(nlp):
    assert "2024-01-28" in {t.value for t in nlp(TEXT)._.record.times}


def test_without_a_date_nothing_is_dated():
    import musnad.spacy_component  # noqa: F401

    made = spacy.blank("ar")
    made.add_pipe("musnad")
    record = made(TEXT)._.record
    assert record.article.published is None
    assert all(t.value is None or not t.value.startswith("20") for t in record.times)


def test_many_texts_and_an_empty_one(nlp):
    texts = [TEXT, "", "زار الوفد القاهرة.", "12"]
    docs = list(nlp.pipe(texts))
    assert [d.text for d in docs] == texts
    assert [d._.record.article.text for d in docs] == texts
    assert docs[1].ents == ()


def test_an_entity_that_cuts_spacys_words_takes_whole_words(nlp):
    # spaCy leaves the clitic on the word, so the entity does too; the record has the exact letters
    doc = nlp("وصل الوفد إلى بيروت وبغداد أمس.")
    for entity in doc.ents:
        assert entity.text == doc[entity.start : entity.end].text
