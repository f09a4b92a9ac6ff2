"""Formulas: LaTeX to MathML, and what happens to one that cannot be converted."""

import subprocess
import sys
from xml.etree import ElementTree

import pytest
from docutils.utils.math import MathError

from analysis.site.math import to_mathml

CONF = 'extensions = ["myst_parser", "analysis.site.math"]\nmyst_enable_extensions = ["dollarmath", "amsmath"]\n'


def shape(formula, **options):
    """The tags of a formula's MathML, outside in, without their namespace."""
    return [element.tag.rpartition("}")[2] for element in ElementTree.fromstring(to_mathml(formula, **options)).iter()]


@pytest.mark.parametrize(
    ("formula", "tags"),
    [
        (r"\frac{a}{b}", ["math", "mfrac", "mi", "mi"]),
        (r"\tfrac12", ["math", "mfrac", "mn", "mn"]),
        (r"\hat{\alpha}", ["math", "mover", "mi", "mo"]),
        (r"\sum_{i=1}^{n} x_i", ["math", "munderover", "mo", "mrow", "mi", "mo", "mn", "mi", "msub", "mi", "mi"]),
        (r"\sqrt{x}", ["math", "msqrt", "mi"]),
    ],
)
def test_a_formula_has_the_shape_that_its_latex_says(formula, tags):
    assert [tag for tag in shape(formula, block=True) if tag != "mstyle"] == tags


def test_cases_and_aligned_lines_are_tables():
    assert shape(r"\begin{cases} 1 & x \\ 0 & y \end{cases}").count("mtr") == 2
    assert shape("\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}", block=True).count("mtr") == 2


def test_a_bar_is_no_taller_than_a_letter():
    assert '<mo stretchy="false">‖</mo>' in to_mathml(r"P \| Q")


def test_an_unknown_command_is_named():
    with pytest.raises(MathError, match="nosuchthing"):
        to_mathml(r"\nosuchthing")


def build(folder, text):
    """Build a page of its own with Sphinx; its HTML, and what Sphinx warned of."""
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "index.md").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-E", str(folder), str(folder / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return (folder / "out" / "index.html").read_text(encoding="utf-8"), done.stderr


def test_numbers_and_links_work_and_nothing_is_loaded(tmp_path):
    text = "# A\n\nAs $x$ in {eq}`one`.\n\n$$\ny = z\n$$ (one)\n\n\\begin{align}\na &= b\n\\end{align}\n"
    page, warnings = build(tmp_path, text)
    assert warnings == ""
    assert page.count("<math") == 3
    assert 'href="#equation-one">(1)</a>' in page
    assert 'id="equation-one"' in page
    assert 'id="environment-1"' in page
    assert "(2)" in page
    assert "mathjax@" not in page.lower()
    assert build(tmp_path, text)[0] == page, "an anchor is drawn at random"


def test_a_formula_that_cannot_be_shown_is_a_warning_with_its_place(tmp_path):
    _, warnings = build(tmp_path, "# A\n\n$\\nosuchthing$\n")
    assert "index.md:3" in warnings
    assert "cannot be shown" in warnings
