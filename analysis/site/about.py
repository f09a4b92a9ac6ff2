"""What a page says of itself to those who link to it or cite it: a description, a card, a citation."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape, unescape
from importlib.util import find_spec
from pathlib import Path

import regex
import yaml
from docutils import nodes
from sphinx.application import Sphinx

LONGEST = 160  # characters of a description that search engines show
ENOUGH = 60  # characters of text before a description stops taking up more
CARD = "card.png"
SIZE, MARGIN, PAPER, INK, MUTED, BAR = (1200, 630), 80, "#ffffff", "#14181e", "#48566b", "#0072b2"
SIZES = (72, 60, 48, 36, 28)  # of the title on the card, in pixels: the first that leaves room
SENTENCE = regex.compile(r'<span class="sentence"[^>]*><a[^>]*>\d+</a>(.*?)</span>', regex.S)
TAG = regex.compile(r"<[^>]*>")


def texts(doctree: nodes.document) -> Iterator[str]:
    """The paragraphs of a page, and the sentences of a document, in their order."""
    for node in doctree.findall(lambda n: isinstance(n, nodes.paragraph | nodes.raw)):
        if isinstance(node, nodes.raw):
            yield from (unescape(TAG.sub("", text)) for text in SENTENCE.findall(node.astext()))
        else:
            yield node.astext()


def describe(title: str, doctree: nodes.document | None, book: str) -> str:
    """A page's title and how its text begins, as long as a search engine shows it."""
    taken = ""
    for text in texts(doctree) if doctree else [book]:
        if len(taken) >= ENOUGH:
            break
        taken = f"{taken} {' '.join(text.split())}".strip()
    whole = f"{title}: {taken or book}"
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1].rpartition(" ")[0] + "…"


def entries(app: Sphinx, pagename: str, title: str, doctree: nodes.document | None) -> list[tuple[str, str, str]]:
    """The meta tags of a page. Its address and its card need to be absolute: they are left out where it has no home."""
    text = describe(title, doctree, app.config.html_title)
    found = [
        ("name", "description", text),
        ("property", "og:title", title),
        ("property", "og:description", text),
        ("property", "og:type", "website" if pagename == app.config.root_doc else "article"),
        ("property", "og:site_name", app.config.html_title),
    ]
    if home := app.config.html_baseurl.rstrip("/"):
        found += [
            ("property", "og:url", f"{home}/{app.builder.get_target_uri(pagename)}"),
            ("property", "og:image", f"{home}/_static/{CARD}"),
            ("name", "twitter:card", "summary_large_image"),
        ]
    return found


def draw_card(title: str, line: str, path: Path) -> None:
    """Draw the picture that stands beside a link to the book: its title, and a line below."""
    from PIL import Image, ImageDraw, ImageFont

    fonts = Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)

    def font(name: str, size: int) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(fonts / name, size, layout_engine=ImageFont.Layout.BASIC)

    def wrapped(size: int) -> str:
        lines = [""]
        for word in title.split():
            longer = f"{lines[-1]} {word}".strip()
            fits = draw.textlength(longer, font("DejaVuSans-Bold.ttf", size)) <= SIZE[0] - 2 * MARGIN
            lines = [*lines[:-1], longer] if fits else [*lines, word]
        return "\n".join(lines)

    size = next((size for size in SIZES if size * 1.3 * (wrapped(size).count("\n") + 1) < 340), SIZES[-1])
    draw.rectangle((0, 0, SIZE[0], 16), fill=BAR)
    draw.text((MARGIN, MARGIN), wrapped(size), INK, font("DejaVuSans-Bold.ttf", size), spacing=size * 0.3)
    draw.text((MARGIN, SIZE[1] - MARGIN), line, MUTED, font("DejaVuSans.ttf", 32), anchor="ls")
    picture.save(path, optimize=True)


def cited(app: Sphinx) -> dict[str, str]:
    """What a citation names. CITATION.cff has a say where it is about this very book."""
    config = app.config
    path = Path(app.srcdir) / "CITATION.cff"
    told = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    told = told if str(told.get("title", "")).startswith(config.html_title) else {}
    names = [
        author.get("name") or f"{author.get('given-names', '')} {author.get('family-names', '')}".strip()
        for author in told.get("authors", [])
    ]
    year = regex.search(r"\d{4}", str(told.get("date-released") or config.copyright))
    return {
        "author": " and ".join(names) or config.author,
        "year": year.group() if year else "",
        "title": told.get("title") or config.html_title,
        "version": str(told.get("version") or ""),
        "url": f"https://doi.org/{told['doi']}" if told.get("doi") else told.get("url") or config.html_baseurl,
        "note": f"built from inputs {config.stamp[:12]}",
    }


def plain(fields: dict[str, str]) -> str:
    """A citation as a line of text."""
    version = f"Version {fields['version']}, {fields['note']}" if fields["version"] else fields["note"].capitalize()
    year = f" ({fields['year']})" if fields["year"] else ""
    return f"{fields['author']}{year}. {fields['title']}. {version}. {fields['url']}".strip()


def bibtex(fields: dict[str, str]) -> str:
    """A citation as a BibTeX entry; the author in braces of its own, for it may be no person."""
    safe = {name: regex.sub(r"([&%#$_{}])", r"\\\1", text) for name, text in fields.items() if text}
    safe |= {"author": f"{{{safe['author']}}}"} if " and " not in safe["author"] else {}
    word = regex.search(r"[a-z]+", fields["title"].lower())
    key = f"{word.group() if word else 'book'}{fields['year']}"
    lines = "".join(f",\n  {name} = {{{text}}}" for name, text in safe.items())
    return f"@misc{{{key}{lines}\n}}"


def citation_box(app: Sphinx) -> str:
    """The section “Cite this book” of the front page. What stands in a block of code has a button that copies it."""
    fields = cited(app)
    blocks = "".join(
        f'<div class="highlight-none notranslate cite"><div class="highlight"><pre>{escape(text)}</pre></div></div>'
        for text in (plain(fields), bibtex(fields))
    )
    link = '<a class="headerlink" href="#cite-this-book" title="Link to this heading">#</a>'
    return f'<section id="cite-this-book"><h2>Cite this book{link}</h2>{blocks}</section>'


def tell(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    """Give a page its meta tags, and the front page its citation."""
    title = unescape(TAG.sub("", context.get("title") or "")) or {"search": "Search"}.get(pagename, pagename)
    context["about"] = entries(app, pagename, title, doctree)
    if pagename == app.config.root_doc:
        context["body"] += citation_box(app)


def write_card(app: Sphinx, exception: Exception | None) -> None:
    """Draw the card beside the other static files."""
    if not exception and app.builder.name == "html":
        draw_card(app.config.html_title, app.config.author, Path(app.outdir) / "_static" / CARD)


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell of each page, and draw the card."""
    app.connect("html-page-context", tell, priority=800)
    app.connect("build-finished", write_card, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
