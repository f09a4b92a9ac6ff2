"""What the book says of the firmness of its findings is what the specifications give."""

import ast
import json

import pytest
import regex
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


# A number as it is typed: 0 and 1 are ends of scales, 10,000 words a unit.
TYPED = regex.compile(r"(?<![\d.,_])(?!10,000 words|[01](?!\d|\.\d))\d")


def literals(code):
    """What is typed in the strings of some code, docstrings and the formats of numbers aside."""
    tree = ast.parse(code)
    blocks = (ast.Module, ast.FunctionDef, ast.ClassDef)
    heads = [node.body[0] for node in ast.walk(tree) if isinstance(node, blocks) and node.body]
    aside = {id(head.value) for head in heads if isinstance(head, ast.Expr)}
    formats = (node.format_spec for node in ast.walk(tree) if isinstance(node, ast.FormattedValue) and node.format_spec)
    aside |= {id(part) for spec in formats for part in ast.walk(spec)}
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node.value for node in strings if id(node) not in aside]


def findings_cells():
    """The code that shows findings, and the prose between “What we find” and the next heading."""
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        inside = False
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                inside = source.rstrip().endswith(("## What we find", "## What the book finds")) or (
                    inside and "\n## " not in f"\n{source}"
                )
                if inside:
                    yield path.name, [regex.sub(r"(?s)^.*## What[^\n]*|\{glue:text\}`[^`]*`|\]\([^)]*\)", "", source)]
            elif "findings(" in source:
                yield path.name, literals(source)


def test_no_number_in_a_finding_is_typed_by_hand():
    cells = list(findings_cells())
    assert len({name for name, _ in cells}) >= 8
    assert not [(name, text) for name, texts in cells for text in texts if TYPED.search(text)]


CHAPTERS = ["documents", "words", "actors", "frames", "learning", "voices", "topics", "drift", "power", "how_sure"]


@pytest.mark.parametrize("chapter", [*CHAPTERS, "statements", "groups"])
def test_no_number_in_a_sentence_of_a_chapter_is_typed_by_hand(chapter):
    code = (ROOT / "analysis" / "report" / f"{chapter}.py").read_text(encoding="utf-8")
    said = [text for text in literals(code) if " " in text.strip()]
    assert said and not [text for text in said if TYPED.search(text)]


def test_a_number_that_is_typed_is_found():
    assert TYPED.search(literals('f"It holds in {n} of 12 ways."')[1])
    assert not TYPED.search("".join(literals('f"{x:.2f} of {n:,}, per 10,000 words, 0 to 1"')))
