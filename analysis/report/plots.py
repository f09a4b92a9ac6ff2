"""Figures. A plot takes only the table that a measure gives, and draws it.

Every figure is an SVG within the page: its text is text, takes the page's colour, and can be read aloud.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping
from html import escape

import matplotlib
import matplotlib.dates
import numpy as np
import pandas as pd
import regex
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from analysis.measures.specifications import CHOICES
from analysis.report.downloads import csv_link

INK = "#123456"  # stands for the page's own text colour, which takes its place in the SVG
GREY = "#808890"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")  # Okabe & Ito: told apart by all eyes
MARKS = ("o", "s", "^", "D", "v", "P")
WIDTH = 5  # inches; on a phone the text is then still as large as the small print of the page
APART = 1.12  # how much higher the next of two equal points is drawn
FEW = 4  # columns of a grid with room for a name above each
THIN = 60  # a part of a timeline; what is shorter is drawn larger, to be seen
ROOM = 14  # numbers that stand side by side above a timeline
MANY = 8  # documents left out one by one, before they share a row
LABEL = 22  # characters, before the name of a row is broken
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "analysis",
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
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


def show_kept(documents: pd.DataFrame, *, alt: str, caption: str, name: str) -> HTML:
    """Draw how many characters of each document were kept and removed.

    Parameters
    ----------
    documents : pandas.DataFrame
        ``doc_id``, ``source``, ``year``, ``characters_kept``, ``characters_removed``.
    alt, caption, name : str
        What is to be seen, for those who do not see it; what to see; the figure's name.
    """
    with matplotlib.rc_context(STYLE):
        figure, axes = _axes(len(documents), "characters")
        rows = range(len(documents))
        axes.barh(rows, documents["characters_kept"], color=COLOURS[0], label="kept", height=0.6)
        axes.barh(
            rows, documents["characters_removed"], left=documents["characters_kept"], color=COLOURS[1],
            label="removed", height=0.6, hatch="///", edgecolor="white",
        )  # fmt: skip
        labels = [f"{d}  {s}, {y}" for d, s, y in zip(documents["doc_id"], documents["source"], documents["year"])]
        _rows(axes, labels)
        _legend(figure, axes)
        return _page(figure, documents, alt, caption, name)


def show_pairs(
    table: pd.DataFrame, *, label: str, values: dict[str, str], axis: str, alt: str, caption: str, name: str
) -> HTML:
    """Draw two or more values a row as marks on a line.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per line, first on top.
    label : str
        The column with the names of the rows.
    values : dict
        The columns with the values, and what each is called.
    axis : str
        What the values measure.
    alt, caption, name : str
        As in `show_kept`.
    """
    with matplotlib.rc_context(STYLE):
        figure, axes = _axes(len(table), axis)
        rows = list(range(len(table)))
        columns = table[list(values)]
        axes.hlines(rows, columns.min(axis=1), columns.max(axis=1), color=GREY, lw=1)
        for number, (column, legend) in enumerate(values.items()):
            axes.plot(table[column], rows, MARKS[number], color=COLOURS[number], label=legend, ms=7, ls="none")
        _rows(axes, table[label].tolist())
        axes.set_xlim(left=-0.02 * columns.max(axis=None))
        _legend(figure, axes)
        return _page(figure, table, alt, caption, name)


def show_scatter(
    table: pd.DataFrame,
    *,
    label: str,
    x: tuple[str, str],
    y: tuple[str, str],
    links: pd.Series,
    alt: str,
    caption: str,
    name: str,
) -> HTML:
    """Draw each row as a point that is a link, on two logarithmic axes with a line where both are equal.

    Points that would lie upon each other are drawn one above the other. Those farthest from the line are named first,
    and the others as far as there is room.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per point.
    label : str
        The column with the names of the points.
    x, y : (column, title)
        The two values, 0 or more; what they are called.
    links : pandas.Series of str
        Where each point leads.
    alt, caption, name : str
        As in `show_kept`.
    """
    values = table[[x[0], y[0]]]
    least = values[values > 0].min(axis=None) / 2  # where a value of 0 is drawn
    shown = values.clip(lower=least)
    apart = (np.log(shown[x[0]]) - np.log(shown[y[0]])).argsort(kind="stable").to_numpy()
    shown = shown.assign(**{y[0]: shown[y[0]] * APART ** shown.groupby([x[0], y[0]]).cumcount()})
    with matplotlib.rc_context({**STYLE, "axes.grid.axis": "both"}):
        figure, axes = _axes(10, f"{x[1]}, per 10,000 words")
        axes.set_ylabel(f"{y[1]}, per 10,000 words")
        ends = [least * 0.8, shown.max(axis=None) * 1.5]
        axes.plot(ends, ends, color=GREY, lw=1)
        axes.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
        for scale in (axes.xaxis, axes.yaxis):
            scale.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
            scale.set_minor_formatter(matplotlib.ticker.NullFormatter())
        points = axes.scatter(shown[x[0]], shown[y[0]], s=30, color=COLOURS[0], alpha=0.6, lw=0)
        points.set_urls(links.tolist())
        figure.draw_without_rendering()  # places are known from here on
        places, named = axes.transData.transform(shown), list[Annotation]()
        for row in np.stack([apart, apart[::-1]], axis=1).ravel():  # from both ends inwards
            text = axes.annotate(table[label].iloc[row], shown.iloc[row], xytext=(5, -3), textcoords="offset points",
                                 url=links.iloc[row], annotation_clip=False)  # fmt: skip
            own = text.get_window_extent()
            upon_another = own.count_contains(places) or any(own.overlaps(t.get_window_extent()) for t in named)
            if upon_another or own.x1 > axes.bbox.x1:
                text.remove()
            else:
                named.append(text)
        return _page(figure, table, alt, caption, name, dict(zip(links, table[label])))


def show_rates(
    rates: pd.DataFrame, documents: pd.DataFrame, *, row: str, axis: str, alt: str, caption: str, name: str
) -> HTML:
    """Draw a share for each row and group as a bar, with the groups' single documents as marks upon it.

    Parameters
    ----------
    rates : pandas.DataFrame
        The column named by `row`, ``group`` and ``share`` (0 to 1), one row each.
    documents : pandas.DataFrame
        The same for each document: ``group``, to which the document belongs, and ``doc_id`` besides.
    row : str
        The column with the names of the rows, in the order in which they are drawn.
    axis : str
        What the share is a share of.
    alt, caption, name : str
        As in `show_kept`.
    """
    names, groups = list(dict.fromkeys(rates[row])), sorted(set(rates["group"]))
    height = 0.8 / len(groups)
    with matplotlib.rc_context(STYLE):
        figure, axes = _axes(len(names) * len(groups) * 0.7, axis)
        for number, group in enumerate(groups):
            offset = (number - (len(groups) - 1) / 2) * height
            bars = rates[rates["group"] == group].set_index(row)["share"].reindex(names)
            places = [i + offset for i in range(len(names))]
            axes.barh(places, bars, height=height * 0.8, color=COLOURS[number], alpha=0.45, label=group)
            dots = documents[documents["group"] == group]
            axes.plot(
                dots["share"], [names.index(r) + offset for r in dots[row]], MARKS[number], color=COLOURS[number],
                mec="white", mew=0.7, ms=6.5, ls="none", clip_on=False,
            )  # fmt: skip
        _rows(axes, names)
        axes.set_xlim(0, 1)
        axes.xaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1))
        _legend(figure, axes)
        return _page(figure, rates, alt, caption, name)


def show_heat(
    table: pd.DataFrame, *, row: str, column: str, value: str, links: pd.Series, alt: str, caption: str, name: str
) -> HTML:
    """Draw values as the cells of a grid, darker where they are larger, each a link; a cell without a value is empty.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per cell: the columns named by `row`, `column` and `value`, 0 or more. Rows and columns keep the order
        of their categories, or that in which they first stand.
    links : pandas.Series of str
        Where each cell leads.
    alt, caption, name : str
        As in `show_kept`.
    """
    rows, columns = (
        list(table[key].cat.categories if table[key].dtype == "category" else dict.fromkeys(table[key]))
        for key in (row, column)
    )
    largest, form = table[value].max() or 1, "{:.2f}" if table[value].dtype.kind == "f" else "{:,}"
    plain = {"axes.grid": False, "axes.spines.bottom": False}
    with matplotlib.rc_context({**STYLE, **plain}):
        figure, axes = _axes(len(rows), "")
        for (y, x, number), link in zip(table[[row, column, value]].itertuples(index=False), links):
            place = columns.index(x), rows.index(y)
            axes.annotate(form.format(number), place, ha="center", va="center", zorder=1)
            corner = (place[0] - 0.48, place[1] - 0.46)
            shade = 0.08 + 0.5 * number / largest
            axes.add_patch(Rectangle(corner, 0.96, 0.92, fc=COLOURS[0], alpha=shade, lw=0, url=link, zorder=2))
        _rows(axes, rows)
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.xaxis.tick_top()
        if len(columns) > FEW:
            axes.set_xticks(range(len(columns)), columns, rotation=40, ha="left", rotation_mode="anchor")
        else:
            axes.set_xticks(range(len(columns)), [textwrap.fill(text, LABEL // 2) for text in columns])
        axes.tick_params(length=0)
        said = table[row].astype(str) + ", " + table[column].astype(str) + ": " + table[value].map(form.format)
        return _page(figure, table, alt, caption, name, dict(zip(links, said)))


def show_timeline(documents: pd.DataFrame, timeline: pd.DataFrame, *, alt: str, caption: str, name: str) -> HTML:
    """Draw when each document may have been written, to scale, in a row for each source; what happened stands above.

    Parameters
    ----------
    documents : pandas.DataFrame
        ``doc_id``, ``source``, ``date_from``, ``date_to``, as in a Study. Those without a date are left out.
    timeline : pandas.DataFrame
        ``date_from``, ``date_to``, as in a Study; each entry is drawn with its number, the name of its row.
    alt, caption, name : str
        As in `show_kept`.
    """
    dated = documents[documents["date_from"] != ""].sort_values(["source", "date_from", "doc_id"])
    links = "documents/" + dated["doc_id"] + ".html"
    same = dated["date_from"] == dated["date_to"]
    said = dated["date_from"].where(same, dated["date_from"] + " to " + dated["date_to"])
    sources, days = sorted(set(dated["source"])), np.concatenate([*_days(dated), *_days(timeline)])
    with matplotlib.rc_context({**STYLE, "axes.grid": False}):
        figure, axes = _axes(3 * len(sources) + 2.5 * bool(len(timeline)), "")
        for step, (doc_id, source, begin, end, link) in enumerate(
            zip(dated["doc_id"], dated["source"], *_days(dated), links)
        ):
            row = sources.index(source)
            ends = "round" if (end - begin) * THIN < np.ptp(days) else "butt"
            axes.hlines(row, begin, end, color=COLOURS[row % len(COLOURS)], lw=9, capstyle=ends, urls=[link])
            place = {"xytext": (0, -19 if step % 2 else 9), "textcoords": "offset points", "ha": "center"}
            axes.annotate(doc_id, ((begin + end) / 2, row), url=link, **place)
        height, before = 0.0, -np.inf
        for number, begin, end in zip(timeline.index, *_days(timeline)):
            axes.axvspan(begin, end, color=GREY, alpha=0.5, zorder=0)
            near = (begin - before) * ROOM < np.ptp(days)
            height = height + 0.22 if near and height < 0.6 else 0.0
            axes.annotate(str(number), ((begin + end) / 2, height - 1.2), ha="center", va="center", fontsize=9)
            before = begin
        axes.set_yticks(range(len(sources)), [textwrap.fill(source, LABEL // 2) for source in sources])
        axes.set_ylim(len(sources) - 0.4, -1.4 if len(timeline) else -0.6)
        dates = matplotlib.dates.AutoDateLocator(minticks=3, maxticks=8)
        axes.xaxis.set_major_locator(dates)
        axes.xaxis.set_major_formatter(matplotlib.dates.ConciseDateFormatter(dates))
        drawn = dated[["doc_id", "source", "date_from", "date_to"]]
        return _page(figure, drawn, alt, caption, name, dict(zip(links, dated["doc_id"] + ", " + said)))


def _days(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Where each span of days begins and ends on an axis."""
    first, last = (pd.to_datetime(table[side]).to_numpy() for side in ("date_from", "date_to"))
    return matplotlib.dates.date2num(first), matplotlib.dates.date2num(last) + 1


def show_curves(
    table: pd.DataFrame, *, x: tuple[str, str], y: tuple[str, str], curve: str, alt: str, caption: str, name: str
) -> HTML:
    """Draw shares with their intervals as curves, one for each value of a column.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns named by `x`, `y` and `curve`, and ``low`` and ``high``. The shares are from 0 to 1.
    x, y : (column, title)
        What is drawn, and what it is called.
    curve : str
        The column whose values are the curves, in the order in which they stand.
    alt, caption, name : str
        As in `show_kept`.
    """
    with matplotlib.rc_context({**STYLE, "axes.grid.axis": "both"}):
        figure, axes = _axes(8, x[1])
        for number, (label, own) in enumerate(table.groupby(curve, sort=False)):
            colour = COLOURS[number % len(COLOURS)]
            axes.fill_between(own[x[0]], own["low"], own["high"], color=colour, alpha=0.2, lw=0)
            axes.plot(own[x[0]], own[y[0]], color=colour, marker=MARKS[number % len(MARKS)], label=label)
        axes.set_ylabel(y[1])
        axes.set_ylim(-0.02, 1.02)
        axes.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1))
        axes.set_xticks(sorted(set(table[x[0]])))
        _legend(figure, axes)
        return _page(figure, table, alt, caption, name)


def show_specifications(curve: pd.DataFrame, *, axis: str, alt: str, caption: str, name: str) -> HTML:
    """Draw the differences of one finding in order, and below each the choices that it was computed with.

    Above the line the finding holds. The way in which the book computes it stands in a box. Ways without a value are
    left out; the table behind the figure has them.

    Parameters
    ----------
    curve : pandas.DataFrame
        The rows of one finding, from `measures.specifications.specifications`.
    axis : str
        What the differences measure.
    alt, caption, name : str
        As in `show_kept`.
    """
    drawn = curve[curve["difference"].notna()].sort_values("difference", kind="stable").reset_index(drop=True)
    base, grid = drawn.index[drawn["base"]], _choice_rows(curve, drawn)
    size = min(max(220 / max(len(drawn), 1), 2), 6)
    with matplotlib.rc_context({**STYLE, "axes.grid.axis": "y", "axes.spines.bottom": False, "xtick.bottom": False}):
        figure = Figure(figsize=(WIDTH, 2.9 + 0.24 * len(grid)), layout="constrained")
        upper, lower = figure.subplots(2, sharex=True, height_ratios=[2.3, 0.24 * len(grid)])
        upper.axhline(0, color=INK, lw=1)
        for number, (label, own) in enumerate((("holds", drawn["holds"]), ("does not hold", ~drawn["holds"]))):
            places, look = drawn.index[own], {"color": COLOURS[number], "ls": "none"}
            upper.plot(places, drawn["difference"][own], MARKS[number], ms=size, label=label, **look)
            for row, chosen in enumerate(grid.values()):
                taken = places[chosen[places]]
                lower.plot(taken, [row] * len(taken), "|", ms=8, mew=min(size / 2, 2), **look)
        box = {"mfc": "none", "mec": INK, "mew": 1.2, "ls": "none"}
        upper.plot(base, drawn["difference"][base], "s", ms=size + 6, label="as in the book", **box)
        lower.bar(base, len(grid), width=0.9, bottom=-0.5, color=GREY, alpha=0.3, zorder=0)
        upper.set_ylabel(textwrap.fill(axis, 2 * LABEL))
        upper.margins(x=0.03)
        _rows(lower, list(grid))
        lower.grid(False)
        lower.tick_params(labelbottom=False)
        _legend(figure, upper)
        return _page(figure, curve, alt, caption, name)


def _choice_rows(curve: pd.DataFrame, drawn: pd.DataFrame) -> dict[str, np.ndarray]:
    """The rows of the grid below a curve: for each side of a choice and each document, which columns have it."""
    sides = [(choice, side) for choice, both in CHOICES.items() for side in both if (curve[choice] == side).any()]
    rows = {f"{choice.replace('_', ' ')}: {side}": (drawn[choice] == side).to_numpy() for choice, side in sides}
    left_out = drawn["left_out"]
    documents = [doc_id for doc_id in dict.fromkeys(curve["left_out"]) if doc_id in set(left_out) - {""}]
    rows["all documents"] = (left_out == "").to_numpy()
    if len(documents) > MANY:
        return rows | {"without one": (left_out != "").to_numpy()}
    return rows | {f"without {doc_id}": (left_out == doc_id).to_numpy() for doc_id in documents}


def _axes(rows: float, label: str) -> tuple[Figure, Axes]:
    """A figure as high as its rows need."""
    figure = Figure(figsize=(WIDTH, 1.2 + 0.32 * rows), layout="constrained")
    axes = figure.add_subplot()
    axes.set_xlabel(label)
    return figure, axes


def _rows(axes: Axes, labels: list[str]) -> None:
    """Name the rows, the first on top."""
    axes.set_yticks(range(len(labels)), [textwrap.fill(label, LABEL) for label in labels])
    axes.set_ylim(len(labels) - 0.4, -0.6)


def _legend(figure: Figure, axes: Axes) -> None:
    """Put the legend above the plot, in one row."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", ncols=len(labels), handletextpad=0.4, columnspacing=1.2)


def _page(
    figure: Figure, table: pd.DataFrame, alt: str, caption: str, name: str, links: Mapping[str, str] | None = None
) -> HTML:
    """The figure as part of the page: SVG with its description, caption, and its table as CSV.

    If parts of it are links, `links` gives each address its name, and the figure is a group of links, not an image.
    """
    file = io.StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = file.getvalue()[file.getvalue().index("<svg") :]
    svg = regex.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=regex.DOTALL).replace(INK, "currentColor")
    for address, text in (links or {}).items():
        opened = f'<a xlink:href="{address}" target="_blank">'
        said = escape(text)
        svg = svg.replace(opened, f'<a href="{address}" aria-label="{said}"><title>{said}</title>')
    svg = regex.sub(r'(\bid="|url\(#|xlink:href="#)', rf"\g<1>{name}-", svg)
    role = "group" if links else "img"
    svg = regex.sub(r' (?:width|height)="[\d.]+pt"', "", svg, count=2)
    svg = regex.sub(r"(<svg[^>]*)>", rf'\1 role="{role}" aria-label="{escape(alt)}">', svg, count=1)
    return HTML(
        f'<figure class="result" id="{escape(name)}"><div class="plot">{svg}</div>\n'
        f'<figcaption>{escape(caption)} <span class="download">{csv_link(table, name)}</span></figcaption></figure>'
    )
