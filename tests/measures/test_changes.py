"""Change points: planted ones are found where they are, and none where there are none."""

import numpy as np
import pytest
from made_up import some_words, study_of

import analysis
from analysis import StudyError

WATER = dict.fromkeys(["river", "lake", "sea", "boat"], 0.25)
METAL = {**dict.fromkeys(["river", "lake"], 0.25), **dict.fromkeys(["iron", "steel"], 0.25)}


def series(folder, periods, *, each=30, seed=0):
    draw = np.random.default_rng(seed)
    rows = [
        ("A", some_words(draw, words, 30), f"{2001 + year}-01-01")
        for year, words in enumerate(periods)
        for _ in range(each)
    ]
    return study_of(folder, rows)


def test_planted_changes(folder):
    table = analysis.change_points(series(folder, [WATER] * 3 + [METAL] * 2 + [WATER] * 2))
    assert table[["before", "change"]].to_numpy().tolist() == [["2003", "2004"], ["2005", "2006"]]
    assert table[["documents_before", "documents_after"]].to_numpy().tolist() == [[90, 60], [60, 60]]
    assert (table["gain"] > table["threshold"]).all() and (table["p"] == 1 / 200).all()


def test_volumes_are_in_the_order_of_their_numbers(folder):
    """As text, 10 would come before 8. A document without a volume is in none."""
    study = series(folder, [WATER] * 2 + [METAL] * 2 + [WATER] * 2, each=31)
    volumes = study.documents["year"].astype(int) - 1993  # 8 to 13
    study.documents["volume"] = volumes.astype(str).where(study.documents.index % 31 > 0, "")
    table = analysis.change_points(study, by="volume")
    assert table[["before", "change"]].to_numpy().tolist() == [["9", "10"], ["11", "12"]]
    assert analysis.drift(study, by="volume")["contrast"].iloc[0] == "8 – 9"


def test_no_change(folder):
    assert analysis.change_points(series(folder, [WATER] * 6, each=30)).empty


def test_the_gate(folder):
    assert analysis.change_points(series(folder, [WATER] * 3 + [METAL] * 3, each=5)).empty
    assert analysis.change_points(series(folder, [WATER, METAL])).empty, "two periods are no series"


def test_the_gain_by_hand(folder):
    study = series(folder, [WATER] * 2 + [METAL] * 2)
    row = analysis.change_points(study).iloc[0]
    roots = []
    for year in ("2001", "2002", "2003", "2004"):
        of_year = study.documents.loc[study.documents["year"] == year, "doc_id"]
        words = " ".join(study.texts[d] for d in of_year).replace(".", " ")
        shares = {w: words.split().count(w) / len(words.split()) for w in {*WATER, *METAL}}
        roots.append([np.sqrt(shares[w]) for w in sorted(shares)])
    points = np.array(roots)
    around = lambda part: ((part - part.mean(axis=0)) ** 2).sum()  # noqa: E731
    assert row["gain"] == pytest.approx(around(points) - around(points[:2]) - around(points[2:]))


def test_false_alarms_are_rare():
    """In 60 series without a change about 5 % give alarm: more than 9 would be beyond four standard errors."""
    from scipy.sparse import csr_array

    from analysis.measures.changes import _gain, _points
    from analysis.measures.resampling import relabel

    draw, alarms = np.random.default_rng(0), 0
    for _ in range(60):
        counts = csr_array(draw.multinomial(40, draw.dirichlet(np.full(20, 2.0), 40)).T.astype(float))
        period = np.repeat(np.arange(5), 8)
        null = np.array(
            [_gain(_points(counts, way)) for way in relabel(period, permutations=99, random_state=0).labels]
        )
        alarms += (np.sum(null >= _gain(_points(counts, period))) + 1) / 100 <= 0.05
    assert alarms <= 9


def test_numbers_that_make_no_sense(seeds):
    with pytest.raises(StudyError, match="0 relabellings"):
        analysis.change_points(seeds, permutations=0)


def test_the_verdict_on_a_series(folder):
    assert analysis.series_verdict(series(folder, [WATER] * 2)).startswith("A series needs 3 periods or more, and 2")
    assert analysis.series_verdict(series(folder, [WATER] * 3, each=5)).startswith("Descriptive only")
    assert analysis.series_verdict(series(folder, [WATER] * 3)).startswith("Large enough")
    undated = study_of(folder, [("A", "pear"), ("A", "plum")])
    assert analysis.series_verdict(undated).startswith("A series needs 3 periods or more, and 0")
