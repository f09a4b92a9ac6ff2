"""Tokens, terms and searches."""

from collections import Counter
from unittest import mock

import numpy as np
import pyarrow as pa
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from made_up import study_of
from scipy.sparse import csr_array

import analysis
from analysis.corpus import counting
from analysis.corpus.counting import count_terms, document_counts
from analysis.corpus.index import Index, find, pattern_words
from analysis.corpus.tokens import term, terms_of, tokenise

TOKENS = {
    "Belarus’ policy": ["Belarus", "policy"],
    "Minsk’s and Minsk's": ["Minsk’s", "and", "Minsk's"],
    "military-technical, pro-Azerbaijani": ["military-technical", "pro-Azerbaijani"],
    "Karabakh—the so-called": ["Karabakh", "the", "so-called"],
    "September 27th - 30th": ["September", "27th", "30th"],
    "the U.S. (President.az 1)": ["the", "U.S", "President.az", "1"],
    "1,000 or 3.5, 50%": ["1,000", "or", "3.5", "50"],
    "“[W]e are” [and] state[s]": ["W]e", "are", "and", "state[s"],
    "‘peacemaker’ snake_case": ["peacemaker", "snake", "case"],
    "Вооружённые силы Беларуси": ["Вооружённые", "силы", "Беларуси"],
    "Հայաստանի Հանրապետություն": ["Հայաստանի", "Հանրապետություն"],
    "Azərbaycan e\u0301te\u0301": ["Azərbaycan", "e\u0301te\u0301"],
    "ʼquotedʼ сьʼезд": ["quoted", "сьʼезд"],
    "Bela\u00adrus, Min\u200bsk\u200e and": ["Bela\u00adrus", "Min\u200bsk", "and"],
    "—’-.": [],
}
TERMS = {
    "Belarus": "belarus",
    "Belarus’s": "belarus",
    "MINSK'S": "minsk",
    "W]e": "we",
    "state[s": "states",
    "don’t": "don't",
    "Secretary‑General": "secretary-general",
    "Straße": "strasse",
    "Bela\u00adrus": "belarus",
    "e\u0301te\u0301": "\u00e9t\u00e9",
    "İlham": "ilham",
    "McDonald's's": "mcdonald",
    "ŉ": "'n",
    "ԱԶԱՏ": "ազատ",
}


@pytest.mark.parametrize(("text", "expected"), TOKENS.items())
def test_tokens(text, expected):
    assert tokenise(text) == expected


@pytest.mark.parametrize(("token", "expected"), TERMS.items())
def test_terms(token, expected):
    assert term(token) == expected


@given(st.lists(st.text("aBsSkKſİéŉ1'’ʼ-‐‑.,[]\u200b\u00ad\u0327", min_size=1)))
def test_terms_of_many_tokens_are_those_of_each(tokens):
    assert terms_of(pa.array(tokens, pa.large_string())).to_pylist() == list(map(term, tokens))


@given(st.text())
def test_a_term_is_its_own_term_and_every_letter_is_in_a_token(text):
    tokens = tokenise(text)
    letters = regex.compile(r"[^\P{L}ʼ]|\p{N}")  # ʼ is a letter to Unicode, and an apostrophe here
    assert letters.findall(text) == letters.findall("".join(tokens))
    assert all(term(t) and term(term(t)) == term(t) for t in tokens)


@given(st.text())
def test_what_is_counted_can_be_searched(text):
    """The words of a text, as a search pattern, are its terms."""
    plain = text.replace("*", "").replace("?", "")
    assert pattern_words(plain) == [term(t) for t in tokenise(plain)]


def test_offsets_lead_to_the_tokens(seeds):
    index = seeds.index
    doc_ids = seeds.documents["doc_id"].to_numpy()[index.documents]
    spelled = [seeds.texts[d][a:b] for d, a, b in zip(doc_ids, index.starts, index.ends)]
    assert [term(s) for s in spelled] == index.terms[index.ids].tolist()
    assert sorted(set(index.terms)) == index.terms.tolist()


def test_counts_agree_with_a_count_by_hand(seeds):
    """The word “minsk” in each body, cut out of the file by its first and last words and counted by a plain pattern."""
    bodies = {
        "000": ("While declaring", "nothing to offer."),
        "001": ("The escalation in Karabakh has", "allies at once."),
        "004": ("Last week, a trend", "persist in future."),
    }
    terms, counts = document_counts(seeds.index)
    of_minsk = counts[[terms.tolist().index("minsk")]].toarray()[0]
    for row, doc_id in enumerate(seeds.documents["doc_id"]):
        if doc_id in bodies:
            first, last = bodies[doc_id]
            text = seeds.texts[doc_id]
            body = text[text.index(first) : text.index(last) + len(last)]
            assert of_minsk[row] == len(regex.findall(r"\bMinsk\b", body))


@pytest.mark.parametrize("n", range(1, 6))
def test_ngrams_stay_within_their_sentence(seeds, n):
    """As many as a loop over the sentences finds, and the same ones."""
    expected = Counter()
    for first, end in zip(seeds.index.sentence_bounds, seeds.index.sentence_bounds[1:]):
        words = seeds.index.terms[seeds.index.ids[first:end]]
        expected.update(" ".join(words[i : i + n]) for i in range(len(words) - n + 1))
    terms, counts = document_counts(seeds.index, n)
    assert dict(zip(terms, counts.sum(axis=1).tolist())) == expected
    assert [t.split(" ") for t in terms] == sorted(t.split(" ") for t in terms)


@pytest.mark.parametrize("part", [counting.PART, 2])
@given(texts=st.lists(st.tuples(st.lists(st.integers(0, 5), max_size=8), st.tuples(*[st.booleans()] * 3)), min_size=1))
def test_counts_by_group_are_sums_over_its_documents(part, texts):
    """A document may stand in several groups, or in none; parts of the documents may be counted side by side."""
    documents, members = zip(*texts)
    bounds = np.cumsum([0, *map(len, documents)])
    ids = np.array([i for d in documents for i in d], np.int32)
    index = Index(np.array(list("abcdef"), object), ids, bounds, bounds, dict, lambda: bounds)
    groups = np.array(members, np.int64)
    with mock.patch.object(counting, "PART", part), mock.patch("os.cpu_count", lambda: 3):
        terms, counts = document_counts(index)
        grouped, in_group, spread = count_terms(index, csr_array(groups))
    expected = np.array([[d.count(i) for d in documents] for i in range(6)])
    occurring = expected.any(axis=1)
    assert terms.tolist() == np.array(list("abcdef"))[occurring].tolist()
    assert (counts.toarray() == expected[occurring]).all()
    occurring = (expected @ groups).any(axis=1)
    assert grouped.tolist() == np.array(list("abcdef"))[occurring].tolist()
    assert (in_group.toarray() == (expected @ groups)[occurring]).all()
    assert (spread.toarray() == ((expected > 0) @ groups)[occurring]).all()


def test_the_address_of_a_website_has_no_parts(folder):
    study = study_of(folder, [("A", "Vienna-led talks (Vienna-news.org, May 3), not Vienna-based ones")])
    assert find(study.index, "vienna", parts=True).tolist() == [0, 6]
    assert find(study.index, "vienna-news.org", parts=True).tolist() == [2]


@pytest.mark.parametrize(
    ("pattern", "parts", "expected"),
    [
        ("pears", False, 3),
        ("PEARS", False, 3),
        ("pear?", False, 3),
        ("plum*", False, 3),
        ("plum", False, 0),
        ("plum", True, 1),
        ("not pears", False, 1),
        ("ripe,pears", False, 0),
        ("sell--well", False, 1),
        ("p*-tr??", False, 1),
        ("tr?e", True, 1),
        ("ripe pears", False, 0),  # across the end of a sentence
        ("orchard", False, 1),
        ("the orchard’s pears", False, 1),
        ("*", False, 8 + 6 + 4 + 5),
        ("pears pears pears pears pears pears pears pears", False, 0),
    ],
)
def test_find(folder, pattern, parts, expected):
    assert len(find(analysis.load(folder).index, pattern, parts=parts)) == expected


@pytest.mark.parametrize("pattern", ["", "…", "’", "[]", "-.,"])
def test_a_pattern_without_a_word_finds_nothing(folder, pattern):
    assert pattern_words(pattern) == []
    assert len(find(analysis.load(folder).index, pattern)) == 0


def test_a_selection_counts_like_a_study_of_its_own(seeds):
    part = analysis.select(seeds, source="Belarus in Focus")
    table = analysis.frequency(part, by="document", ngram=2)
    whole = analysis.frequency(seeds, by="document", ngram=2)
    whole = whole[whole["group"].isin(part.documents["doc_id"])].reset_index(drop=True)
    own = table.columns.drop("tf_idf")  # which is about the other documents, too
    assert table[own].equals(whole[own])
    assert analysis.kwic(part, "minsk")["sentence_id"].isin(part.sentences["sentence_id"]).all()


def test_a_selection_that_is_empty_is_an_error(seeds):
    with pytest.raises(analysis.StudyError, match="there is no “none”"):
        analysis.select(seeds, source="none")
    with pytest.raises(analysis.StudyError, match="there is no “colour”"):
        analysis.select(seeds, colour="red")


def test_the_index_is_plain_arrays(seeds):
    index = seeds.index
    per_token = [index.ids, index.starts, index.ends, index.documents, index.paragraphs, index.sentences]
    assert {(a.dtype.str, len(a)) for a in per_token} == {("<i4", seeds.documents["tokens"].sum())}
    tables = [seeds.documents, seeds.paragraphs, seeds.sentences]
    bounds = [index.document_bounds, index.paragraph_bounds, index.sentence_bounds]
    assert [len(b) - 1 for b in bounds] == [len(t) for t in tables]
    assert {(b[0], b[-1]) for b in bounds} == {(0, len(index.ids))}
