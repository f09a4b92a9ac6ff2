"""What all figures share: how they look, and their place on the page with alt text, caption and downloads.

A figure is an SVG within the page. Its text is text, takes the page's colour, and can be read aloud. The SVG that is
saved stands alone: dark on white, without links, with its caption and its alt text inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import pandas as pd
import regex
from IPython.display import HTML

from analysis.report.downloads import SVG, Download, csv_link, file_link

INK = "#123456"  # stands for the page's own text colour, which takes its place in the SVG
DARK = "#222832"  # the ink of a figure that is saved
GREY = "#808890"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", INK, "#9B30D9")  # Okabe & Ito; violet for two that are too pale
MARKS = ("o", "s", "^", "D", "v", "P")
FONT = "DejaVu Sans"
FONTS = f"'{FONT}', Verdana, sans-serif"  # Verdana is as wide
SIZE = 10.5  # points
WIDTH = 4  # inches; on a phone of 320 pixels the text is then still ten pixels high
WIDEST = "30rem"
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "analysis",
    "font.family": [FONT],
    "font.size": SIZE,
    "xtick.labelsize": SIZE,
    "ytick.labelsize": SIZE,
    "legend.fontsize": SIZE,
    "axes.labelsize": SIZE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.axisbelow": True,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "ytick.left": False,
    "axes.grid": True,
    "axes.grid.axis": "x",
    "grid.color": GREY,
    "grid.alpha": 0.3,
    "legend.frameon": False,
}


def look(number: int) -> tuple[str, str]:
    """Return the colour and the mark of a group by its number; 36 groups look different."""
    turn, place = divmod(number, len(COLOURS))
    return COLOURS[place], MARKS[(place + turn) % len(MARKS)]


def on_page(
    svg: str, table: pd.DataFrame, *, alt: str, caption: str, name: str, links: Mapping[str, str] | None = None
) -> HTML:
    """Return a figure as part of the page, with its caption and links that save it and its table.

    Parameters
    ----------
    svg : str
        As matplotlib writes it, with `INK` for the page's text colour.
    table : pandas.DataFrame
        What is drawn.
    alt, caption, name : str
        What is to be seen, for those who do not see it; what to see; the figure's name. Its table is ``name-figure``.
    links : mapping, optional
        The addresses that parts of it lead to, with their names. The figure is then a group of links, not an image.
    """
    svg = regex.sub(r"<metadata>.*?</metadata>\s*", "", svg[svg.index("<svg") :], flags=regex.DOTALL)
    for address, text in (links or {}).items():
        opened = f'<a xlink:href="{address}" target="_blank">'
        said = escape(text)
        svg = svg.replace(opened, f'<a href="{address}" aria-label="{said}"><title>{said}</title>')
    svg = regex.sub(r'(\bid="|url\(#|xlink:href="#)', rf"\g<1>{name}-", svg).replace(f"'{FONT}'", FONTS)
    saved = Download(f"{name}.svg", alt, (), alone(svg, alt=alt, caption=caption))
    svg = regex.sub(r' (?:width|height)="[\d.]+pt"', "", svg.replace(INK, "currentColor"), count=2)
    named = f'role="{"group" if links else "img"}" aria-label="{escape(alt)}" style="max-width: {WIDEST}"'
    svg = regex.sub(r"(<svg[^>]*)>", lambda opened: f"{opened[1]} {named}>", svg, count=1)
    offers = f"{file_link(saved, SVG)} · {csv_link(table, f'{name}-figure', caption)}"
    return HTML(
        f'<figure class="result" id="{escape(name)}"><div class="plot">{svg}</div>\n'
        f'<figcaption>{escape(caption)} <span class="download">{offers}</span></figcaption></figure>'
    )


def nothing(table: pd.DataFrame, *, caption: str, name: str) -> HTML:
    """Return what stands in the place of a figure whose table has nothing that could be drawn."""
    offer = csv_link(table, f"{name}-figure", caption)
    return HTML(
        f'<figure class="result" id="{escape(name)}"><figcaption>{escape(caption)} There is nothing to draw. '
        f'<span class="download">{offer}</span></figcaption></figure>'
    )


def alone(svg: str, *, alt: str, caption: str) -> str:
    """Return an SVG as a file of its own: dark on white, its parts named but no links, its texts inside."""
    plain = regex.sub(r"<a [^>]*>", "<g>", svg.replace(INK, DARK)).replace("</a>", "</g>")
    said = f"<title>{escape(caption)}</title><desc>{escape(alt)}</desc>"
    paper = '<rect width="100%" height="100%" fill="#fff"/>'
    opened = regex.sub(r"(<svg[^>]*)>", lambda found: f'{found[1]} role="img">{said}{paper}', plain, count=1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opened}'
