"""One style sheet for all pages: the rules of the theme that a page can use, and only those glyphs of its icon font.

The theme brings some 500 KB of rules and 1.9 MB of icons. A page uses a tenth of the rules and a dozen icons.
"""

from __future__ import annotations

import base64
import io
import logging
import shutil
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

import regex
from sphinx.application import Sphinx

SHEET = "pages.css"
FIRST = ("_static/basic.css", "_static/styles/pydata-sphinx-theme.css")  # the theme's layout names them by itself
DROPPED = (  # what the theme brings and no page loads: icons as scripts, tooltips, logos of others, sources
    "scripts/fontawesome*", "scripts/bootstrap*", "**/*.map", "vendor", "locales", "images/logo_*", "**/*macros.html",
    "webpack*", "styles",
)  # fmt: skip
PIECE = regex.compile(r"""/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\([^"')]*\)|[{};]|[^{};"'/u]+|.""", regex.S)
NAMES = regex.compile(r"""[.#](-?(?:[\p{L}_-]|\\.)(?:[\w-]|\\.)*)""")
SELECTOR = regex.compile(r"""(?:[^,()]|(\((?:[^()]|(?1))*\)))+""")
NOT_NEEDED = regex.compile(r"""\[[^]]*\]|:(?:not|is|where|has)(\((?:[^()]|(?1))*\))""")
WITHIN_PAGES = regex.compile(r"""\b(?:class|id)=(?:"([^"]*)"|'([^']*)')""")
GLYPHS = regex.compile(r"\\([ef][0-9a-f]{3})\b")
FONT_FILE = regex.compile(r"url\(([^)]+?\.ttf)\)")
NESTING = ("@media", "@supports", "@layer", "@container")


def rules(sheet: str) -> Iterator[tuple[str, str | None]]:
    """Yield the parts of a style sheet: what stands before the braces and within; of a statement, itself and None."""
    prelude, body, depth = [], [], 0
    for piece in PIECE.findall(sheet):
        if piece.startswith("/*"):
            continue
        depth += (piece == "{") - (piece == "}")
        if (piece == "{" and depth == 1) or (piece == "}" and depth == 0):
            if piece == "}":
                yield "".join(prelude).strip(), "".join(body).strip()
                prelude, body = [], []
        elif depth:
            body.append(piece)
        elif piece == ";":
            yield "".join(prelude).strip(), None
            prelude = []
        else:
            prelude.append(piece)


def split(selectors: str) -> list[str]:
    """The selectors of a list; commas within parentheses separate nothing."""
    return [match.group().strip() for match in SELECTOR.finditer(selectors)]


def can_match(selector: str, words: set[str]) -> bool:
    """Whether every class and id that a selector needs is among the words."""
    names = NAMES.findall(NOT_NEEDED.sub("", selector))
    return all(regex.sub(r"\\(.)", r"\1", name) in words for name in names)


def prune(sheet: str, words: set[str]) -> str:
    """Return a style sheet without the rules that need a class or id which is not among the words."""
    kept = []
    for prelude, body in rules(sheet):
        if body is None:
            continue
        if prelude.startswith(NESTING):
            if inner := prune(body, words):
                kept.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@"):
            kept.append(f"{prelude}{{{body}}}")
        elif body and (alive := [one for one in split(prelude) if can_match(one, words)]):
            kept.append(f"{','.join(alive)}{{{body}}}")
    return "\n".join(kept)


def vocabulary(pages: Iterable[str], scripts: Iterable[str]) -> set[str]:
    """Return every class and id of the pages, and every word of the scripts, which may set one."""
    found = {word for page in pages for pair in WITHIN_PAGES.findall(page) for word in unescape("".join(pair)).split()}
    return found.union(*(regex.findall(r"[\w-]+", script) for script in scripts))


def small_font(path: Path, characters: set[int]) -> str:
    """Return a font with only those characters, as an address that holds it."""
    from fontTools.subset import Options, Subsetter, load_font, save_font

    logging.getLogger("fontTools").setLevel(logging.WARNING)
    options = Options(flavor="woff", recalc_timestamp=False, notdef_outline=True, drop_tables=["GSUB", "GPOS"])
    font = load_font(str(path), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    save_font(font, file := io.BytesIO(), options)
    return f"data:font/woff;base64,{base64.b64encode(file.getvalue()).decode()}"


def with_small_fonts(sheet: str, folder: Path) -> str:
    """Return a style sheet that holds the icons it shows, in place of links to fonts with all icons there are."""
    characters = {int(code, 16) for code in GLYPHS.findall(sheet)}

    def face(match: regex.Match) -> str:
        file = FONT_FILE.search(match.group())
        if not file or "solid" not in file[1]:
            return ""
        family = regex.search(r"font-family:[^;]+", match.group()).group()
        source = small_font((folder / file[1]).resolve(), characters)
        return f'@font-face{{{family};font-weight:900;src:url("{source}") format("woff")}}'

    return regex.sub(r"@font-face\{[^{}]*\}\n?", face, sheet)


def bundle(static: Path, sheets: Iterable[str]) -> str:
    """Return one style sheet of several, without what no page of the site can use."""
    site = static.parent
    scripts = (path.read_text(encoding="utf-8") for path in sorted(static.rglob("*.js")))
    pages = (path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html")))
    words = vocabulary(pages, scripts)
    texts = [(site / sheet).read_text(encoding="utf-8") for sheet in sheets]
    licences = dict.fromkeys(licence for text in texts for licence in regex.findall(r"/\*!.*?\*/", text, regex.S))
    pruned = "\n".join(prune(text, words) for text in texts)
    return "\n".join([*licences, with_small_fonts(pruned, static / "styles"), ""])


def setup(app: Sphinx) -> dict[str, bool]:
    """Put one style sheet in the place of those that the theme and the extensions ask for."""
    asked = dict.fromkeys(FIRST)

    def collect(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
        sheets = sorted(context["css_files"], key=lambda sheet: sheet.priority)
        asked.update(dict.fromkeys(str(sheet.filename) for sheet in sheets))
        context["css_files"] = []

    def write(app: Sphinx, exception: Exception | None) -> None:
        static = Path(app.outdir) / "_static"
        if exception or app.builder.name != "html" or not (static / "styles").exists():
            return
        for path in (path for pattern in DROPPED[:2] for path in static.glob(pattern)):
            path.unlink()
        (static / SHEET).write_text(bundle(static, asked), encoding="utf-8", newline="\n")
        for path in (path for pattern in DROPPED for path in list(static.glob(pattern))):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        for sheet in asked:
            (static.parent / sheet).unlink(missing_ok=True)

    app.connect("html-page-context", collect, priority=900)
    app.connect("build-finished", write, priority=900)  # after the theme has written its colours of code
    return {"parallel_read_safe": True, "parallel_write_safe": False}
