r"""Formulas as MathML, made when the book is built: no script, no request, and read aloud as a formula.

The converter is that of docutils. It knows the commands of LaTeX and AMS that it lists in its documentation; one that
it does not know is a warning that names the page, so that no formula is left half converted.
"""

from __future__ import annotations

import regex
from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

NUMBERED = r"align|alignat|eqnarray|equation|flalign|gather|multline"
ENVIRONMENT = regex.compile(rf"\\begin\{{((?:{NUMBERED})\*?)\}}(.*)\\end\{{\1\}}", regex.S)
SHORT_FRACTION = regex.compile(r"(\\[dt]?frac)(\d)(\d)")  # \frac12: the converter takes it for twelve over what comes
BAR = regex.compile(r"<mo( class=\"\w+\")?>([|∣∥‖])</mo>")  # a browser would stretch them, where LaTeX does not
SPACE = regex.compile(r">\s+<")
LOGGER = logging.getLogger(__name__)


def in_lines(formula: str) -> str:
    """A formula that has lines or columns, as a table of them."""
    return rf"\begin{{aligned}}{formula}\end{{aligned}}" if regex.search(r"(?<!\\)&|\\\\", formula) else formula


def to_mathml(formula: str, *, block: bool = False) -> str:
    r"""Return a formula of LaTeX as MathML.

    Of an environment that only numbers and lays out whole formulas, the contents are taken.

    >>> to_mathml("p_i")
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><msub><mi>p</mi><mi>i</mi></msub></math>'
    """
    inner = ENVIRONMENT.sub(lambda match: in_lines(match[2]), formula.strip())
    mathml = tex2mathml(SHORT_FRACTION.sub(r"\1{\2}{\3}", inner).strip(), as_block=block)
    return BAR.sub(r'<mo\1 stretchy="false">\2</mo>', SPACE.sub("><", mathml))


def converted(node: nodes.Element, *, block: bool = False) -> str:
    """The MathML of a node, or a warning."""
    try:
        return to_mathml(node.astext(), block=block)
    except (MathError, AttributeError) as error:  # the converter’s own, and what it meets in ill-formed LaTeX
        LOGGER.warning("the formula “%s” cannot be shown: %s", node.astext(), error, location=node)
        return ""


def inline(writer: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    writer.body.append(f'<span class="math">{converted(node)}</span>')
    raise nodes.SkipNode


def block(writer: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula that stands by itself, with its number and a link to it if it has one."""
    writer.body.append(writer.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node.get("number"):
        writer.body.append(f'<span class="eqno">({get_node_equation_number(writer, node)})')
        writer.add_permalink_ref(node, "Link to this equation")
        writer.body.append("</span>")
    writer.body.append(f"{converted(node, block=True)}</div>\n")
    raise nodes.SkipNode


def steady_anchors(app: Sphinx, doctree: nodes.document) -> None:
    """Give numbered environments an anchor by their order on the page: theirs is drawn at random."""
    numbered = (node for node in doctree.findall(nodes.math_block) if "amsmath" in node["classes"] and node["ids"])
    for number, node in enumerate(numbered, 1):
        node["ids"] = [f"environment-{number}"]


def setup(app: Sphinx) -> dict[str, bool]:
    """Make this the way in which HTML pages show formulas."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.config.html_math_renderer = "mathml"
    app.connect("doctree-read", steady_anchors)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
