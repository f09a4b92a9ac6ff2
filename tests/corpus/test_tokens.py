"""What is compiled and the pattern find the same tokens, in any text."""

import re

import numpy as np
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.corpus import scanning
from analysis.corpus.scanning import as_bytes, no_words, scan_lines, scan_tokens, spelled
from analysis.corpus.tokens import TOKEN, term

HARD = st.sampled_from("aBéßЖԱ中𝐀1٣２.,'’ʼ‐‑-[]_*– \n\r\t\u0301\u0302\u00ad\u200b\ufeff🙂\ud800")


def scan(texts, words=None):
    return scan_tokens(*as_bytes(texts), words or no_words())


def found(*texts):
    """What `scan_tokens` finds in texts: for each the places of its tokens."""
    tokens = scan(texts)
    places = list(zip(tokens.starts.tolist(), tokens.ends.tolist()))
    return [places[a:b] for a, b in zip(tokens.bounds, tokens.bounds[1:])]


def expected(text):
    return [match.span() for match in TOKEN.finditer(text)]


@given(st.lists(st.text(HARD, max_size=40) | st.text(max_size=60), max_size=4))
@example(["a\u0301[b] \u0301a-\u0301b 1,000,a \u00adx\u00ady e\u00ad\u0301z\n[W]e don’t"])
@example(["1\u0301,2 1\u00ad,2 a\u00ad\u0301[b 1\u0301[b a--b a-[b a,b 1,,2 ʼa ʼʼ 'n", "", "a", "-", "\u00ad"])
def test_any_texts(texts):
    assert found(*texts) == list(map(expected, texts))


def test_a_run_of_letters_of_any_length_before_any_character_of_ascii():
    """A word of the processor holds eight of them; with a letter behind, at the end of a text, and of the last text."""
    runs = [("aZ09" * 5)[:length] + chr(code) for length in range(20) for code in range(128)]
    texts = [run + after for run in runs for after in ("", "b", " b", "b" * 9)]
    assert found(*texts) == list(map(expected, texts))
    for text in texts[::7]:
        assert found(text) == [expected(text)]


def test_millions_of_texts_of_one_letter_come_to_an_end():
    """They stand side by side: were a run followed from each to the end of all, they would take minutes."""
    tokens = scan(["a"] * 3_000_000)
    assert len(tokens.ids) == 3_000_000 and tokens.words.number == 1


def test_a_word_has_one_number_whatever_stands_beside_it():
    words = [("aZ09" * 5)[:length] for length in range(1, 20)]
    beside = ["", ".", "—", "’", ",", "-", " b", "\u00ad"]
    known = spelled(scan([word + after for word in words for after in beside]).words).to_pylist()
    assert sorted(known) == sorted([*words, "b"])


def test_the_seeds(seeds):
    assert found(*seeds.texts.values()) == list(map(expected, seeds.texts.values()))


@given(st.lists(st.lists(st.text(HARD, max_size=40), max_size=3), max_size=3))
def test_equal_tokens_have_one_number(batches):
    """Also those of texts that are scanned later."""
    words, ids = no_words(), []
    for texts in batches:
        tokens = scan(texts, words)
        words = tokens.words
        ids += tokens.ids.tolist()
    said = [
        text[a:b] for texts in batches for text, places in zip(texts, found(*texts), strict=True) for a, b in places
    ]
    known = spelled(words).to_pylist()
    assert [known[number] for number in ids] == said
    assert known == list(dict.fromkeys(said))


def test_words_beyond_the_first_slots(monkeypatch):
    """Short and long words, many more than there are slots at first, some of them twice."""
    words = [f"{'long' * (number % 3)}{number}" for number in range(3 * scanning.SLOTS)]
    tokens = scan([" ".join(words)])
    assert spelled(tokens.words).to_pylist() == words
    assert tokens.ids.tolist() == [*range(len(words))]
    again = scan([" ".join(words[::7]), "another"], tokens.words)
    assert again.ids.tolist() == [*range(0, len(words), 7), len(words)]
    assert spelled(again.words).to_pylist() == [*words, "another"]


def test_words_of_one_key_are_told_apart():
    """Hashes may agree where words do not: then the word looks for another slot."""
    data, _ = as_bytes(["longword1 longword2"])
    slots, words = np.zeros((4, 2), np.uint64), np.array([0, 9])
    key = np.uint64(scanning._key(data, 10, 19))
    slot = scanning._slot(key, slots)
    slots[slot] = key, 1  # as if the first word had this key
    found, other = scanning._find_word(data, 10, 19, key, slots, words, data[:9].copy())
    assert found == -1 and other == (slot + 1) % 4


@given(st.lists(st.text(HARD | st.characters(categories=["Z", "Cc"]), max_size=30), max_size=4))
@example(["\n", " a\u00a0\n\x1f\nb c\r\n\u2028d\r \re", "", "x"])
def test_lines_are_those_of_the_pattern(texts):
    rows, starts, ends = scan_lines(*as_bytes(texts))
    line = re.compile(r"\S(?:[^\n\r]*\S)?")
    assert list(zip(rows, starts, ends)) == [
        (n, *m.span()) for n, text in enumerate(texts) for m in line.finditer(text)
    ]


def test_white_space_is_what_python_takes_for_it():
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    rows, _, _ = scan_lines(*as_bytes(characters))
    assert {characters[row] for row in set(range(len(characters))) - set(rows)} == {
        c for c in characters if c.isspace()
    }


def test_an_arrow_array_is_read_in_place():
    texts = pa.array(["", "not this", "two words", "été", None, "x"], pa.large_string())[2:]
    data, bounds = as_bytes(texts)
    tokens = scan_tokens(data, bounds, no_words())
    assert spelled(tokens.words).to_pylist() == ["two", "words", "été", "x"]
    assert tokens.bounds.tolist() == [0, 2, 3, 3, 4]
    assert np.shares_memory(data, np.frombuffer(texts.buffers()[2], np.uint8))
    assert not data.flags.writeable  # as that of a list: what is compiled for one serves the other


def test_where_nothing_can_be_kept_on_the_disk_it_is_compiled_each_time(monkeypatch):
    monkeypatch.setattr("numba.core.caching.CacheImpl._locator_classes", [])
    assert scanning.compiled(lambda number: number + 1)(1) == 2


def test_a_term_is_composed_whatever_stands_on_its_letters():
    """A stressed İ is an í; and a term is its own term."""
    assert term("\u0130\u0301") == "\xed" == term(term("\u0130\u0301"))


def test_a_million_possessives_within_a_token_come_to_an_end():
    """Looked for from each place in turn, they would take an hour."""
    assert term("\xe9" + "'s" * 1_000_000) == "\xe9"
    assert len(term("\xe9" + "'s" * 1_000_000 + "z")) == 2_000_002
