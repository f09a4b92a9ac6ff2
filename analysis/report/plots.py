"""Figures. A plot takes only the table that a measure gives, and draws it, or says that there is nothing to draw."""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Mapping
from functools import partial

import matplotlib
import matplotlib.dates
import numpy as np
import pandas as pd
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from analysis.corpus.numbers import decimal
from analysis.measures.specifications import CHOICES
from analysis.report.figures import COLOURS, GREY, INK, STYLE, WIDTH, look, nothing, on_page

APART, WITHIN = 1.12, 3  # how far from the next each of some equal points is drawn; steps from the middle of a strip
THIN = 60  # a part of a timeline; what is shorter is drawn larger, to be seen
TICKS = {  # of years, months and days; what is shorter is not drawn
    "formats": ["%Y", "%b", "%d %b", *["%H:%M"] * 3],
    "zero_formats": ["", "%Y", "%d %b", *["%d %b"] * 3],
    "show_offset": False,
}
ROOM = 14  # numbers that stand side by side above a timeline
MANY = 8  # documents left out one by one, before they share a row
LABEL = 20  # characters, before the name of a row is broken
LINE = 40  # characters in a row over the whole width; a mark of a legend takes four
PALE, EDGE = 0.25, 0.8  # how much of its colour an area has within, and the width of its edge, which has all of it


def show_kept(documents: pd.DataFrame, *, alt: str, caption: str, name: str) -> HTML:
    """Draw how many characters of each document were kept and removed.

    Parameters
    ----------
    documents : pandas.DataFrame
        ``doc_id``, ``source``, ``year``, ``characters_kept``, ``characters_removed``.
    alt, caption, name : str
        What is to be seen, for those who do not see it; what to see; the figure's name.
    """
    if documents.empty:
        return nothing(documents, caption=caption, name=name)
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
    if table.empty:
        return nothing(table, caption=caption, name=name)
    with matplotlib.rc_context(STYLE):
        figure, axes = _axes(len(table), axis)
        rows = list(range(len(table)))
        columns = table[list(values)]
        axes.hlines(rows, columns.min(axis=1), columns.max(axis=1), color=GREY, lw=1)
        for number, (column, legend) in enumerate(values.items()):
            colour, mark = look(number)
            axes.plot(table[column], rows, mark, color=colour, label=legend, ms=7, ls="none")
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

    A value of 0 has a strip of its own. Points that would lie upon each other are drawn side by side, along the line,
    so that none comes nearer to it or farther from it. Those farthest from the line are named first, and the others as
    far as there is room.

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
    if not (table[[x[0], y[0]]] > 0).any(axis=None):
        return nothing(table, caption=caption, name=name)
    values = table[[x[0], y[0]]]
    least = values[values > 0].min(axis=None) / 3  # where a value of 0 is drawn
    strip = least * np.sqrt(3)  # up to here
    shown = values.clip(lower=least)
    apart = (np.log(shown[x[0]]) - np.log(shown[y[0]])).argsort(kind="stable").to_numpy()
    shown = _side_by_side(shown, values == 0)
    with matplotlib.rc_context({**STYLE, "axes.grid.axis": "both"}):
        figure, axes = _axes(10, f"{x[1]}, per 10,000 words")
        axes.set_ylabel(f"{y[1]}, per 10,000 words")
        ends = [least / np.sqrt(3), shown.max(axis=None) * 1.5]
        axes.plot(ends, ends, color=GREY, lw=1)
        axes.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
        for edge in (axes.axvline, axes.axhline):
            edge(strip, color=GREY, lw=1, ls=":")
        for scale in (axes.xaxis, axes.yaxis):
            marks = [mark for mark in scale.get_majorticklocs() if strip < mark < ends[1]]
            scale.set_ticks([least, *marks], labels=["0", *(f"{mark:g}" for mark in marks)])
            scale.set_minor_locator(matplotlib.ticker.NullLocator())
        points = axes.scatter(shown[x[0]], shown[y[0]], s=30, fc=(COLOURS[0], PALE), ec=COLOURS[0], lw=EDGE)
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


def _side_by_side(points: pd.DataFrame, zero: pd.DataFrame) -> pd.DataFrame:
    """Points of which none lies upon another: they move along the diagonal, those with a 0 across its strip."""
    same = points.groupby(list(points.columns))
    most = (same[points.columns[0]].transform("size") - 1) / 2
    place = (same.cumcount() - most) * np.minimum(1, WITHIN / most.clip(lower=1))
    moves = zero.where(zero.any(axis=1), True)
    return points * moves.apply(lambda own: np.where(own, APART**place, 1))


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
    if rates.empty:
        return nothing(rates, caption=caption, name=name)
    names, groups = list(dict.fromkeys(rates[row])), sorted(set(rates["group"]))
    height = 0.8 / len(groups)
    with matplotlib.rc_context(STYLE):
        figure, axes = _axes(len(names) * len(groups) * 0.7, axis)
        for number, group in enumerate(groups):
            offset = (number - (len(groups) - 1) / 2) * height
            bars = rates[rates["group"] == group].set_index(row)["share"].reindex(names)
            places = [i + offset for i in range(len(names))]
            colour, mark = look(number)
            axes.barh(places, bars, height=height * 0.8, fc=(colour, PALE), ec=colour, lw=EDGE, label=group)
            dots = documents[documents["group"] == group]
            axes.plot(
                dots["share"], [names.index(r) + offset for r in dots[row]], mark, color=colour,
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
    if table.empty:
        return nothing(table, caption=caption, name=name)
    rows, columns = (
        list(table[key].cat.categories if table[key].dtype == "category" else dict.fromkeys(table[key]))
        for key in (row, column)
    )
    largest, form = table[value].max() or 1, partial(decimal, digits=2 if table[value].dtype.kind == "f" else 0)
    plain = {"axes.grid": False, "axes.spines.bottom": False}
    with matplotlib.rc_context({**STYLE, **plain}):
        figure, axes = _axes(len(rows), "")
        for (y, x, number), link in zip(table[[row, column, value]].itertuples(index=False), links):
            place = columns.index(x), rows.index(y)
            cell = {"xy": (place[0] - 0.47, place[1] - 0.45), "width": 0.94, "height": 0.9}
            shade = 0.04 + 0.36 * number / largest  # even on the darkest the number can be read, by day and by night
            axes.add_patch(Rectangle(**cell, fc=(COLOURS[0], shade), ec=COLOURS[0], lw=EDGE))
            axes.annotate(form(number), place, ha="center", va="center")
            axes.add_patch(Rectangle(**cell, fc=COLOURS[0], alpha=0, url=link, zorder=4))
        _rows(axes, rows)
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.xaxis.tick_top()
        room = LINE // (len(columns) + 1)
        if max(len(word) for text in columns for word in str(text).split()) > room:
            axes.set_xticks(range(len(columns)), columns, rotation=90)
        else:
            axes.set_xticks(range(len(columns)), [textwrap.fill(str(text), room) for text in columns])
        axes.tick_params(length=0)
        said = table[row].astype(str) + ", " + table[column].astype(str) + ": " + table[value].map(form)
        return _page(figure, table, alt, caption, name, dict(zip(links, said)))


def show_timeline(documents: pd.DataFrame, timeline: pd.DataFrame, *, alt: str, caption: str, name: str) -> HTML:
    """Draw when each document may have been written, to scale, in a row for each source; what happened stands above.

    Parameters
    ----------
    documents : pandas.DataFrame
        ``doc_id``, ``source``, ``date_from``, ``date_to``, as in a Study. Those without a date are left out.
    timeline : pandas.DataFrame
        ``date_from``, ``date_to``, as in a Study; in order; each entry is drawn with its number, the name of its row.
        Entries that are near each other share a label, such as 4–6.
    alt, caption, name : str
        As in `show_kept`.
    """
    dated = documents[documents["date_from"] != ""].sort_values(["source", "date_from", "doc_id"])
    if dated.empty:
        return nothing(dated, caption=caption, name=name)
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
        bottom, top, head = len(sources) - 0.4, -1.4 if len(timeline) else -0.6, -1.0
        begins, ends = _days(timeline)
        for begin, end in zip(begins, ends):
            axes.axvspan(begin, end, 0, (bottom - head) / (bottom - top), fc=(GREY, PALE), ec=GREY, lw=EDGE, zorder=0)
        apart = np.flatnonzero(np.diff(begins, prepend=-np.inf) * ROOM >= np.ptp(days))  # with room for a number
        for first, last in zip(apart, [*apart[1:] - 1, len(begins) - 1]):
            numbers = "–".join(str(timeline.index[one]) for one in dict.fromkeys([first, last]))
            axes.annotate(numbers, ((begins[first] + ends[last]) / 2, head - 0.1), ha="center")
        axes.set_yticks(range(len(sources)), [textwrap.fill(source, LABEL // 2) for source in sources])
        axes.set_ylim(bottom, top)
        dates = matplotlib.dates.AutoDateLocator(minticks=3, maxticks=8)
        axes.xaxis.set_major_locator(dates)
        axes.xaxis.set_major_formatter(matplotlib.dates.ConciseDateFormatter(dates, **TICKS))
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
    if table.empty:
        return nothing(table, caption=caption, name=name)
    with matplotlib.rc_context({**STYLE, "axes.grid.axis": "both"}):
        figure, axes = _axes(8, x[1])
        for number, (label, own) in enumerate(table.groupby(curve, sort=False)):
            colour, mark = look(number)
            axes.fill_between(own[x[0]], own["low"], own["high"], fc=(colour, PALE), ec=colour, lw=EDGE / 2)
            axes.plot(own[x[0]], own[y[0]], color=colour, marker=mark, label=label)
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
    if drawn.empty:
        return nothing(curve, caption=caption, name=name)
    base, grid = drawn.index[drawn["base"]], _choice_rows(curve, drawn)
    size = min(max(180 / len(drawn), 2), 6)
    with matplotlib.rc_context({**STYLE, "axes.grid.axis": "y", "axes.spines.bottom": False, "xtick.bottom": False}):
        figure = Figure(figsize=(WIDTH, 2.9 + 0.24 * len(grid)), layout="constrained")
        upper, lower = figure.subplots(2, sharex=True, height_ratios=[2.3, 0.24 * len(grid)])
        upper.axhline(0, color=INK, lw=1)
        for number, (label, own) in enumerate((("holds", drawn["holds"]), ("does not hold", ~drawn["holds"]))):
            (colour, mark), places = look(number), drawn.index[own]
            upper.plot(places, drawn["difference"][own], mark, ms=size, label=label, color=colour, ls="none")
            for row, chosen in enumerate(grid.values()):
                taken = places[chosen[places]]
                lower.plot(taken, [row] * len(taken), "|", ms=8, mew=min(size / 2, 2), color=colour, ls="none")
        box = {"mfc": "none", "mec": INK, "mew": 1.2, "ls": "none"}
        upper.plot(base, drawn["difference"][base], "s", ms=size + 6, label="as in the book", **box)
        lower.bar(base, len(grid), width=0.9, bottom=-0.5, fc=(GREY, PALE), ec=GREY, lw=EDGE, zorder=0)
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
    """Put the legend above the plot, in as few rows as there is room for."""
    handles, labels = axes.get_legend_handles_labels()
    columns = min(len(labels), max(LINE // (max(len(label) for label in labels) + 4), 1))
    figure.legend(handles, labels, loc="outside upper left", ncols=columns, handletextpad=0.4, columnspacing=1.2)


def _page(
    figure: Figure, table: pd.DataFrame, alt: str, caption: str, name: str, links: Mapping[str, str] | None = None
) -> HTML:
    """The figure on the page; see `figures.on_page`."""
    file = io.StringIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # the text is drawn where it is read
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return on_page(file.getvalue(), table, alt=alt, caption=caption, name=name, links=links)
