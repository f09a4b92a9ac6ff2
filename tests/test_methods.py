"""The chapter of formulas: it names every measure, cites what the package cites, and its formulas are what is computed.

Each formula is computed here once more, in the plainest way, from what the chapter says.
"""

import ast
from itertools import combinations, permutations
from math import comb, exp, log, log2, prod, sqrt

import numpy as np
import pandas as pd
import pytest
import regex
from docutils.utils.math import latex2mathml
from made_up import ROOT, planted_study, study_of, vocabulary
from scipy.sparse import csr_array
from scipy.stats import t as student

import analysis
from analysis.measures.contingency import precision_recall
from analysis.measures.divergence import contrast
from analysis.measures.keyness import MEASURES
from analysis.measures.resampling import false_discovery, relabel
from analysis.measures.stability import agreement_of_terms
from analysis.measures.topics import frex, tf_idf, unit_counts
from analysis.site.docstrings import references, work

PAGE = (ROOT / "book" / "methods.md").read_text(encoding="utf-8")
SECTIONS = dict(regex.findall(r"(?ms)^### (.+?)\n(.*?)(?=^##|\Z)", PAGE))
DISPLAYED, INLINE = regex.compile(r"(?s)\$\$\n(.+?)\n\$\$"), regex.compile(r"(?<!\$)\$([^$\n]+)\$(?!\$)")
MEASURED = sorted(name for name, module in analysis.HOME.items() if module.startswith("analysis.measures"))
CHECKS = {}


def formula(name):
    """Put a check into the list, under the heading whose formulas it checks."""
    return lambda check: CHECKS.setdefault(name, check)


def is_close(value, expected):
    assert value == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", MEASURED)
def test_every_measure_is_named(name):
    assert f"`~analysis.{name}`" in PAGE


@pytest.mark.parametrize("path", sorted((ROOT / "analysis" / "measures").glob("*.py")), ids=lambda path: path.stem)
def test_what_a_measure_cites_is_cited(path):
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    documented = [n for n in nodes if isinstance(n, (ast.Module, ast.FunctionDef, ast.ClassDef))]
    cited = [text for node in documented for text in references(ast.get_docstring(node) or "").values()]
    assert not [text for text in cited if f"(#{work(text).label})" not in PAGE]


def test_every_formula_is_checked_here():
    assert {name for name, text in SECTIONS.items() if "$$" in text} == set(CHECKS)


def test_every_formula_has_a_range_and_what_would_make_it_wrong():
    lacking = [name for name in CHECKS for said in ("Range", "Wrong where") if f"\n{said}\n: " not in SECTIONS[name]]
    assert not lacking


@pytest.mark.parametrize("name", SECTIONS)
def test_formulas_can_be_set_without_a_script(name):
    """As MathML, by the translator that comes with docutils."""
    for found in (*DISPLAYED.findall(SECTIONS[name]), *INLINE.findall(SECTIONS[name])):
        assert latex2mathml.tex2mathml(found).startswith("<math")


@pytest.mark.parametrize("page", ["methods.md", "glossary.md", "references.md", "api.md"])
def test_the_page_names_nothing_of_the_study(page, seeds):
    text = (ROOT / "book" / page).read_text(encoding="utf-8")
    names = {alias.strip("*") for alias in seeds.actors["alias"]} | set(seeds.documents["source"])
    names |= {*seeds.documents["file"], *seeds.frames["frame"], "seeds"}
    names -= {"U.S."}  # in the title of a work
    assert not [n for n in names if regex.search(rf"\b{regex.escape(n)}\b", text)]


@pytest.mark.parametrize("name", CHECKS)
def test_formula(name, tmp_path, seeds):
    check = CHECKS[name]
    given = {"folder": tmp_path, "seeds": seeds}
    check(**{key: given[key] for key in check.__code__.co_varnames[: check.__code__.co_argcount]})


def entropy(shares):
    return -sum(p * log2(p) for p in shares if p > 0)


def jensen_shannon(groups):
    """From the counts of the words in each group."""
    shares = [np.array(own) / sum(own) for own in groups]
    return entropy(sum(shares) / len(shares)) - sum(map(entropy, shares)) / len(shares)


def scatter(points):
    return ((points - points.mean(axis=0)) ** 2).sum()


@formula("Containment and resemblance")
def _(folder):
    words = vocabulary("m", 25) + vocabulary("n", 25)
    texts = [" ".join(words[:30]), " ".join(words[:27] + words[40:43])]
    row = study_of(folder, [("A", text) for text in texts]).duplicates.iloc[0]
    a, b = (set(zip(*(text.split()[n:] for n in range(5)))) for text in texts)
    is_close(row["containment"], len(a & b) / min(len(a), len(b)))
    is_close(row["jaccard"], len(a & b) / len(a | b))


@formula("Share of the largest document")
def _(folder):
    study = study_of(folder, [("A", "one"), ("A", "two and three")])
    is_close(analysis.balance(study)["largest_share"].item(), 3 / 4)


@formula("Rate and TF-IDF")
def _(folder):
    table = analysis.frequency(study_of(folder, [("A", "pear pear plum"), ("A", "plum"), ("B", "plum rain")]))
    row = table[(table["term"] == "pear") & (table["group"] == "A")].iloc[0]
    is_close([row["per_10k"], row["tf_idf"]], [1e4 * 2 / 4, 2 * log(3 / 1)])


@formula("Dispersion")
def _():
    v, sizes = np.array([4, 1, 0]), np.array([20, 30, 50])
    f, n, s, p = v.sum(), 3, sizes / sizes.sum(), v / sizes
    q, dp = p / p.sum(), sum(abs(v / v.sum() - s)) / 2
    expected = {
        "juilland_d": 1 - p.std() / (p.mean() * sqrt(n - 1)),
        "d2": entropy(q) / log2(n),
        "s": sum(np.sqrt(s * v)) ** 2 / f,
        "dp": dp,
        "dp_norm": dp / (1 - min(s)),
        "da": 1 - sum(abs(a - b) for a, b in combinations(p, 2)) / comb(n, 2) / (2 * p.mean()),
        "kld": sum(a / f * log2(a / f / b) for a, b in zip(v, s) if a),
    }
    is_close(analysis.dispersion_measures([v], sizes)[[*expected]].iloc[0].to_dict(), expected)


def stretches(words):
    whole, seen = 0, []
    for word in words:
        seen.append(word)
        if len(set(seen)) / len(seen) <= 0.72:
            whole, seen = whole + 1, []
    return whole + ((1 - len(set(seen)) / len(seen)) / (1 - 0.72) if seen else 0)


@formula("Diversity")
def _(folder):
    words = [f"w{n**3 % 31}" for n in range(60)]
    row = analysis.lexical_diversity(study_of(folder, [("A", " ".join(words))]), window=10).iloc[0]
    windows, counts = [len(set(words[n : n + 10])) for n in range(51)], pd.Series(words).value_counts()
    expected = {
        "ttr": len(counts) / 60,
        "mattr": sum(windows) / (51 * 10),
        "mtld": (60 / stretches(words) + 60 / stretches(words[::-1])) / 2,
        "hdd": sum(1 - comb(60 - f, 42) / comb(60, 42) for f in counts) / 42,
    }
    is_close(row[[*expected]].to_dict(), expected)


@formula("Readability")
def _(folder):
    row = analysis.readability(study_of(folder, [("A", "The orchard is old. Its pears keep wonderfully well")])).iloc[0]
    s, w, letters, k = 2, 9, 3 + 7 + 2 + 3 + 3 + 5 + 4 + 11 + 4, 2
    y = 1 + 2 + 1 + 1 + 1 + 1 + 1 + 4 + 1
    is_close(row["flesch"], 206.835 - 1.015 * w / s - 84.6 * y / w)
    is_close(row["flesch_kincaid"], 0.39 * w / s + 11.8 * y / w - 15.59)
    is_close(row["ari"], 4.71 * letters / w + 0.5 * w / s - 21.43)
    is_close(row["coleman_liau"], 5.88 * letters / w - 29.6 * s / w - 15.8)
    is_close([row["lix"], row["rix"]], [w / s + 100 * k / w, k / s])


@formula("Keyness")
def _():
    a, b, n, m = 10, 5, 100, 200
    total, rate, p, q = n + m, (a + b) / (n + m), a / n, b / m
    cells = [(a, n * rate), (b, m * rate), (n - a, n * (1 - rate)), (m - b, m * (1 - rate))]
    surprise = [2 * o * log(o / e) for o, e in cells]
    williams = 1 + (total / (a + b) + total / (total - a - b) - 1) * (total / n + total / m - 1) / (6 * total)
    below = (a + b) * (total - a - b) * n * m
    tables = [comb(n, k) * comb(m, a + b - k) / comb(total, a + b) for k in range(a + b + 1)]
    alpha, of_all = a + b, n + m
    delta = log((a + alpha) / (n + of_all - a - alpha)) - log((b + alpha) / (m + of_all - b - alpha))
    middle = (p + q) / 2
    expected = {
        "g2": sum(surprise),
        "g2_two_cell": sum(surprise[:2]),
        "g2_williams": sum(surprise) / williams,
        "chi2": total * (a * m - b * n) ** 2 / below,
        "chi2_yates": total * (abs(a * m - b * n) - total / 2) ** 2 / below,
        "fisher": sum(one for one in tables if one <= tables[a] * (1 + 1e-9)),
        "bic": sum(surprise) - log(total),
        "log_ratio": log2(p / q),
        "percent_difference": 100 * (p - q) / q,
        "odds_ratio": (a / (n - a)) / (b / (m - b)),
        "simple_maths": (1e6 * p + 1) / (1e6 * q + 1),
        "log_odds": delta,
        "log_odds_z": delta / sqrt(1 / (a + alpha) + 1 / (b + alpha)),
        "jsd": (p * log2(p / middle) + q * log2(q / middle)) / 2,
    }
    assert set(expected) == set(MEASURES)
    for name, value in expected.items():
        is_close(float(MEASURES[name](*map(np.array, (a, b)), n, m)), value)


@formula("Superiority")
def _(folder):
    texts = {"A": ["pear pear plum", "pear plum plum", "plum"], "B": ["pear plum", "plum plum plum pear"]}
    study = study_of(folder, [(source, text) for source, own in texts.items() for text in own])
    table = analysis.keyness_test(study, target="A", minimum=1).set_index("term")
    a, b = ([text.split().count("pear") / len(text.split()) for text in own] for own in texts.values())
    ranks = pd.Series(a + b).rank()
    is_close(table["superiority"]["pear"], (ranks[:3].sum() - 3 * 4 / 2) / (3 * 2))
    is_close(table["superiority"]["pear"], sum((x > y) + (x == y) / 2 for x in a for y in b) / 6)


@formula("Collocations")
def _():
    both, first, second, total = 8, 20, 30, 200
    expected = first * second / total
    a, b, c, d = both + 0.5, first - both + 0.5, second - both + 0.5, total - first - second + both + 0.5
    values = {
        "expected": expected,
        "pmi": log2(both / expected),
        "npmi": log2(both / expected) / -log2(both / total),
        "t": (both - expected) / sqrt(both),
        "log_dice": 14 + log2(2 * both / (first + second)),
        "delta_p_forward": both / first - (second - both) / (total - first),
        "delta_p_backward": both / second - (first - both) / (total - second),
        "log_odds": log(a * d / (b * c)),
        "z": log(a * d / (b * c)) / sqrt(1 / a + 1 / b + 1 / c + 1 / d),
    }
    is_close(analysis.association_measures(both, first, second, total)[[*values]].iloc[0].to_dict(), values)


COUNTS = np.array([[4, 3, 0, 1, 2], [0, 1, 4, 4, 1]])  # of two words in five documents


def of_groups(groups):
    return [COUNTS[:, [d for d in range(5) if groups[d] == k]].sum(axis=1) for k in sorted(set(groups))]


@formula("Relabelling whole documents")
def _():
    groups = (0, 0, 1, 1, 1)
    null = [jensen_shannon(of_groups(way)) for way in set(permutations(groups))]
    found = contrast(csr_array(COUNTS), np.array(groups))
    is_close(found.p, sum(value >= jensen_shannon(of_groups(groups)) - 1e-12 for value in null) / len(null))
    apart = csr_array(np.kron(np.eye(2), np.ones(9)))
    assert contrast(apart, np.repeat([0, 1], 9), permutations=99).p == (1 + 0) / (1 + 99)


@formula("The smallest attainable p")
def _():
    for sizes, alike in (((2, 2), 2), ((2, 3), 1), ((2, 2, 2), 6), ((1, 1), 2)):
        labels = np.repeat(np.arange(len(sizes)), sizes)
        ways = len(set(permutations(labels.tolist())))
        is_close(relabel(labels, permutations=99, random_state=0).p_floor, alike / ways)
    strata = np.array([0, 0, 0, 1, 1, 1])
    found = relabel(np.array([0, 1, 1, 0, 1, 1]), permutations=99, random_state=0, strata=strata)
    is_close(found.p_floor, 1 / prod([3, 3]))
    assert relabel(np.arange(2000) % 2, permutations=99, random_state=0).p_floor == 1 / 100


@formula("Intervals")
def _(folder):
    texts = ["pear pear", "pear plum", "plum plum plum", "rain", "pear plum rain"]
    study = study_of(folder, [("A", text) for text in texts])
    table = analysis.frequency(study, interval=True, resamples=99, confidence=0.9).set_index("term")
    draw = np.random.default_rng(0)
    drawn = [[texts[n].split() for n in draw.integers(0, 5, 5)] for _ in range(99)]
    rates = [1e4 * sum(t.count("pear") for t in own) / sum(map(len, own)) for own in drawn]
    assert table.loc["pear", ["low", "high"]].tolist() == pytest.approx(np.quantile(rates, [0.05, 0.95]), rel=1e-6)


@formula("False discovery control")
def _():
    p = sorted([0.001, 0.3, 0.02, 0.04, 0.9])
    is_close(false_discovery(p), [min(min(5 * p[j] / (j + 1), 1) for j in range(i, 5)) for i in range(5)])


@formula("Mentions")
def _(seeds):
    named = analysis.mentions(seeds).groupby("actor")["sentence_id"].agg(set)
    for row in analysis.co_mentions(seeds).itertuples():
        a, b = named[row.actor], named[row.other]
        is_close(row.jaccard, len(a & b) / (len(a) + len(b) - len(a & b)))


@formula("Cue rate and coded share")
def _(seeds):
    hits, source = analysis.cue_hits(seeds), seeds.documents.set_index("doc_id")["source"]
    paragraphs = seeds.paragraphs["doc_id"].map(source).value_counts()
    for row in analysis.cue_rates(seeds).itertuples():
        own = hits[(hits["frame"] == row.frame) & (hits["doc_id"].map(source) == row.group)]
        is_close(row.cue_rate, len(set(zip(own["doc_id"], own["paragraph"]))) / paragraphs[row.group])
    codings = analysis.read_codings(seeds, ROOT / "seeds" / "codings.csv")
    judged = analysis.judgements(seeds, codings)
    parts = judged.groupby(["code", "unit", "document"])["given"].mean().reset_index()
    for row in analysis.coded_shares(seeds, codings, resamples=1).itertuples():
        own = parts[(parts["code"] == row.code) & (parts["document"].map(source) == row.group)]["given"]
        is_close(row.share, sum(own) / len(own))


@formula("Precision, recall, F1")
def _():
    row = precision_recall(*map(pd.Series, ([8], [5], [4]))).iloc[0]
    is_close(row.tolist(), [4 / 5, 4 / 8, 2 * 4 / (8 + 5)])
    is_close(row["f1"], 2 / (1 / row["precision"] + 1 / row["recall"]))


@formula("Agreement of readers")
def _():
    readings = {"A": [1, 1, 0, 0, 1, 0], "B": [1, 0, 0, 0, 1, 1], "C": [1, 1, 0, 1]}
    rows = [(c, "d", str(u), "X", bool(v)) for c, own in readings.items() for u, v in enumerate(own)]
    table = analysis.agreement(pd.DataFrame(rows, columns=["coder", "document", "unit", "code", "given"])).iloc[0]
    units = [[own[u] for own in readings.values() if u < len(own)] for u in range(6)]
    n, with_code = sum(map(len, units)), sum(map(sum, units))
    disagreement = sum(sum(u) * (len(u) - sum(u)) / (len(u) - 1) for u in units)
    is_close(table["alpha"], 1 - (n - 1) * disagreement / (with_code * (n - with_code)))
    pairs = [a == b for u in units for a, b in combinations(u, 2)]
    is_close(table["agreement"], sum(pairs) / len(pairs))
    p, alpha, z = 0.25, 0.8, 1.6448536269514722
    needed = 2 * z**2 * ((1 + alpha) * (3 - alpha) / (4 * p * (1 - p) * (1 - alpha)) - alpha)
    assert analysis.units_needed(alpha, prevalence=p) == int(needed) + 1


@formula("A coder that learns")
def _():
    texts = [f"{what} in the year {n}" for n in range(4) for what in ("new tanks", "dear bread", "rain")]
    table = analysis.cross_validate(texts, ["arms", "prices", "arms"] * 4, folds=2, resamples=9).set_index("label")
    own = table.drop("all labels")
    is_close(
        table["f1"]["all labels"], np.mean([2 * b / (n + f) for n, f, b in own[["n", "predicted", "both"]].values])
    )
    is_close(own["always_f1"].tolist(), [2 * n / (n + 12) for n in own["n"]])


@formula("Corrected share")
def _():
    draw = np.random.default_rng(1)
    predicted, probability = draw.random(200), np.where(np.arange(200) % 2, 0.3, 0.6)
    read, documents = draw.random(200) < probability, np.repeat(np.arange(20), 10)
    coded = np.where(read, (draw.random(200) < predicted).astype(float), np.nan)
    row = analysis.corrected_share(predicted, coded, probability, documents=documents).iloc[0]
    w, error = np.where(read, 1 / probability, 0), np.where(read, coded - predicted, 0)
    mean = sum(w * error) / sum(w)
    is_close(row["estimate"], predicted.mean() + mean)
    z = predicted - predicted.mean() + 200 * w * (error - mean) / sum(w)
    sums, c, n = pd.Series(z).groupby(documents).sum(), len(set(documents[read])), read.sum()
    reach = student.ppf(0.975, c - 1) * sqrt(c / (c - 1) * sum(sums**2) / 200**2)
    is_close([row["low"], row["high"]], [row["estimate"] - reach, row["estimate"] + reach])
    variance = n / (n - 1) * sum(w**2 * (1 - probability) * (error - mean) ** 2) / sum(w) ** 2
    is_close(row["corpus_high"] - row["estimate"], student.ppf(0.975, n - 1) * sqrt(variance))


@formula("Tone")
def _(seeds):
    hits, source = analysis.tone_hits(seeds), seeds.documents.set_index("doc_id")["source"]
    of_source = seeds.documents.groupby("source")[["tokens", "sentences"]].sum()
    for row in analysis.tone(seeds).itertuples():
        own = hits[(hits["category"] == row.category) & (hits["doc_id"].map(source) == row.group)]
        tokens, sentences = of_source.loc[row.group]
        is_close(row.per_10k, 1e4 * len(own) / tokens)
        is_close(row.sentence_share, own["sentence_id"].nunique() / sentences)


def two_topics(folder, **options):
    """A study of two vocabularies, and topics fitted to it."""
    documents = [("2001", [vocabulary("m"), vocabulary("n")]), ("2002", [vocabulary("n"), vocabulary("m")])]
    study = planted_study(folder, documents * 3)
    return study, analysis.fit_topics(study, topics=2, **options)


@formula("Non-negative matrix factorisation")
def _(folder):
    from sklearn.decomposition import NMF

    study, model = two_topics(folder)
    counts = unit_counts(study, unit="paragraph", minimum=2)[0].toarray()
    weights = counts * (1 + np.log((1 + len(counts)) / (1 + (counts > 0).sum(axis=0))))
    weights /= np.sqrt((weights**2).sum(axis=1, keepdims=True))
    assert np.allclose(weights, tf_idf(csr_array(counts)).toarray())
    nmf = NMF(2, init="nndsvda", random_state=0, max_iter=2000)
    own = nmf.fit_transform(weights) * nmf.components_.sum(axis=1)
    own = own[:, np.argsort(-own.sum(axis=0))]
    assert np.allclose(model.shares["share"].to_numpy().reshape(-1, 2), own / own.sum(axis=1, keepdims=True))


@formula("Latent Dirichlet allocation")
def _(folder):
    _, model = two_topics(folder, method="lda")
    of_unit = model.shares.pivot(index=["doc_id", "paragraph"], columns="topic", values="share").to_numpy()
    of_term = model.terms.pivot(index="topic", columns="term", values="weight").fillna(0).to_numpy()
    assert np.allclose((of_unit @ of_term).sum(axis=1), 1)


@formula("Coherence")
def _(folder):
    study, model = two_topics(folder)
    counts, terms = unit_counts(study, unit="paragraph", minimum=1)
    held = pd.DataFrame(counts.toarray() > 0, columns=terms)
    for row in analysis.topic_table(study, model).itertuples():
        leading = model.terms[(model.terms["topic"] == row.topic) & (model.terms["rank"] <= 10)]["term"]
        values = []
        for a, b in combinations(leading, 2):
            p, both = held.mean(), (held[a] & held[b]).mean()
            values.append(-1 if both == 0 else log(both / (p[a] * p[b])) / -log(both))
        is_close(row.coherence, np.mean(values))


@formula("Exclusivity and FREX")
def _():
    of_term = np.array([[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]])
    exclusivity, values = frex(of_term)
    assert np.allclose(exclusivity, of_term / of_term.sum(axis=0))
    for k, t in ((0, 0), (1, 0), (0, 2)):
        parts = [np.mean(own[k] <= own[k, t]) for own in (exclusivity, of_term)]
        is_close(values[k, t], 2 / (1 / parts[0] + 1 / parts[1]))


@formula("Spread, and topics that rediscover a document")
def _(folder):
    study, model = two_topics(folder)
    table = analysis.topic_table(study, model).set_index("topic")
    for topic, own in model.shares.groupby("topic"):
        parts = own.groupby("doc_id")["share"].sum() / own["share"].sum()
        is_close(table["effective_documents"][topic], exp(-sum(p * log(p) for p in parts if p > 0)))
        assert table["rediscovers"][topic] == (parts.max() > 0.5)


@formula("Adjusted mutual information")
def _():
    documents, topics = ["a", "a", "a", "b", "b", "b"], [1, 1, 2, 2, 2, 1]
    rows = [(d, n, k, float(k == own)) for n, (d, own) in enumerate(zip(documents, topics)) for k in (1, 2)]
    shares = pd.DataFrame(rows, columns=["doc_id", "paragraph", "topic", "share"])

    def parts(*labels):
        return pd.Series(list(zip(*labels))).value_counts() / 6

    def information(other):
        return entropy(parts(documents)) + entropy(parts(other)) - entropy(parts(documents, other))

    chance = np.mean([information(order) for order in permutations(topics)])
    largest = (entropy(parts(documents)) + entropy(parts(topics))) / 2
    found = analysis.document_agreement(analysis.Topics(pd.DataFrame(), shares, "paragraph"))
    is_close(found["adjusted_mutual_information"].item(), (information(topics) - chance) / (largest - chance))


@formula("Stability, and how many topics")
def _():
    a, b = list(range(10)), [1, 0, 2, 11, 4, 12, 3, 13, 14, 15]
    expected = np.mean([len({*a[:d]} & {*b[:d]}) / len({*a[:d]} | {*b[:d]}) for d in range(1, 11)])
    is_close(agreement_of_terms(np.array([a]), np.array([b])), expected)


@formula("Topics from period to period")
def _(folder):
    study, _ = two_topics(folder)
    links = analysis.windowed_topics(study, topics=2, resamples=1).links
    years = [analysis.fit_topics(analysis.select(study, year=year), topics=2).terms for year in ("2001", "2002")]
    first, second = (own.pivot(index="term", columns="topic", values="weight") for own in years)
    both = pd.concat({"first": first, "second": second}, axis=1).fillna(0)
    assert len(links) == 2
    for link in links.itertuples():
        a, b = both["first"][link.topic], both["second"][link.next_topic]
        is_close(link.similarity, sum(a * b) / sqrt(sum(a**2) * sum(b**2)))


@formula("Jensen–Shannon divergence")
def _():
    groups = [np.array([4, 1, 0, 2]), np.array([0, 3, 3, 1]), np.array([5, 0, 1, 1])]
    counts, labels = csr_array(np.stack(groups, axis=1)), np.array([[0, 1, 2]])
    is_close(analysis.divergences(counts, labels), [jensen_shannon(groups)])
    shares = [own / own.sum() for own in groups]
    h = [1 - sum(p**2) for p in (sum(shares) / 3, *shares)]
    largest = (1 - 1 / 3) / 3 * sum(sum(p**2) for p in shares)
    is_close(analysis.divergences(counts, labels, order=2), [(h[0] - sum(h[1:]) / 3) / largest])
    p, q = shares[:2]
    of_two = analysis.divergences(counts[:, [0, 1]], labels[:, :2], order=2)
    is_close(of_two, [sum((p - q) ** 2) / sum(p**2 + q**2)])


TEXTS = {"2001": ["pear pear plum rain"], "2002": ["plum plum rain", "rain rain pear plum", "plum rain sun"]}


def drift_of(folder):
    """The table of drift of some documents, and the words of each of them with its year."""
    dated = [(year, text) for year, own in TEXTS.items() for text in own]
    study = study_of(folder, [("A", text, f"{year}-01-01") for year, text in dated])
    words = sorted({word for _, text in dated for word in text.split()})
    return analysis.drift(study).iloc[0], [(y, np.array([t.split().count(w) for w in words])) for y, t in dated]


def apart(dated):
    return jensen_shannon([sum(counts for own, counts in dated if own == year) for year in sorted(TEXTS)])


@formula("Excess")
def _(folder):
    row, dated = drift_of(folder)
    years, counts = zip(*dated)
    null = [apart(list(zip(way, counts))) for way in set(permutations(years))]
    is_close([row["divergence"], row["null_mean"]], [apart(dated), np.mean(null)])
    is_close(row["excess"], apart(dated) - np.mean(null))


@formula("Matched divergence")
def _(folder):
    row, dated = drift_of(folder)
    is_close(row["matched"], np.mean([apart([dated[0], other]) for other in dated[1:]]))


@formula("Power")
def _():
    from analysis.measures.power import Model

    model = Model(np.array([0.6, 0.4, 0]), np.array([0.4, 0.4, 0.2]), 5.0, np.array([40]), 1)
    row = analysis.drift_power(model, effects=[0.05], documents=[3], simulations=40).iloc[0]
    p, n, z = row["power"], 40, 1.959963984540054
    middle, reach = p + z**2 / (2 * n), z * sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    is_close([row["low"], row["high"]], [(middle + side * reach) / (1 + z**2 / n) for side in (-1, 1)])


@formula("Change points")
def _(folder):
    texts = {"2001": "pear pear plum", "2002": "pear pear plum", "2003": "rain rain plum"}
    study = study_of(folder, [("A", text, f"{year}-01-01") for year, text in texts.items() for _ in range(30)])
    found = analysis.change_points(study, permutations=19)
    words = ["pear", "plum", "rain"]
    points = np.sqrt([[text.split().count(w) / 3 for w in words] for text in texts.values()])
    assert found["change"].tolist() == ["2003"]
    is_close(found["gain"][0], scatter(points) - scatter(points[:2]) - scatter(points[2:]))


@formula("Proposed findings")
def _(folder):
    texts = {"A": ["pear", "a pear", "plum"], "B": ["pear", "plum", "plum"], "C": ["rain", "rain", "rain"]}
    study = study_of(folder, [(source, text) for source, own in texts.items() for text in own])
    (folder / "tone.yml").write_text("- {category: fruit, definition: d, patterns: [pear]}\n", encoding="utf-8")
    rates = {"A": 2 / 3 - 1 / 6, "B": 1 / 3 - 2 / 6, "C": 0 / 3 - 3 / 6}
    assert analysis.proposed_findings(analysis.load(study.folder), "voices")["target"][0] == max(rates, key=rates.get)


@formula("Specification curve")
def _():
    choices = dict.fromkeys(("cleaning", "context", "years", "unit", "stop_list", "aliases", "left_out"), "")
    differences = [1.0, -0.5, np.nan, 2.0]
    table = pd.DataFrame({"finding": "it", **choices, "difference": differences})
    table = table.assign(holds=table["difference"] > 0, base=[True, False, False, False])
    is_close(analysis.robustness(table)["share"][0], 2 / 3)
