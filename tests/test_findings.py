"""What the book says of the firmness of its findings is what the specifications give."""

import json

import pytest
from made_up import ROOT

import analysis
from analysis.measures.specifications import ROBUST
from analysis.report.prose import hedged


@pytest.fixture(scope="module")
def robust():
    study = analysis.load(ROOT / "seeds")
    declared = analysis.read_findings(study, ROOT / "seeds" / "findings.csv")
    return analysis.robustness(analysis.specifications(ROOT / "seeds", declared))


def sentences():
    """All findings of all chapters, as they are stored."""
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                text = "".join(output.get("data", {}).get("text/html", ""))
                if 'class="findings"' in text:
                    yield text


def test_a_finding_that_holds_in_too_few_ways_says_so_in_its_sentence(robust):
    book = "".join(sentences())
    weak = robust[~(robust["share"] >= ROBUST)]
    clauses = [hedged("x.", row).removeprefix("x").removesuffix(".") for _, row in weak.iterrows()]
    assert clauses and all(clause in book for clause in clauses)
    assert book.count("ways to compute it") == len(weak), "and no other says it"
