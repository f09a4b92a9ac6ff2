"""Figures show what their tables hold, in words too, and can be read by day, by night, on a phone, and by all eyes.

Where points are links, each leads to the row of its table, and says which.
"""

from functools import partial
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import regex
from bs4 import BeautifulSoup

from analysis.report import plots
from analysis.report.downloads import LINK, read_link, row_id, show_table
from analysis.report.figures import COLOURS, DARK, GREY, INK, MARKS, WIDTH, look
from analysis.report.plots import show_curves, show_heat, show_scatter, show_specifications, show_timeline

TABLE = pd.DataFrame(
    {"term": ["pears", "don't", "a b", "zero", "Եվրոպա"], "a": [5, 3, 3, 0, 9.0], "b": [1, 3, 3, 4, 2.0]}
)


def figure():
    links = "#" + TABLE["term"].map(lambda term: row_id("t", term))
    options = {"alt": "Points.", "caption": "See.", "name": "points"}
    return show_scatter(TABLE, label="term", x=("a", "A"), y=("b", "B"), links=links, **options).data


def test_every_point_is_a_link_to_its_row_and_has_a_name():
    links = set(regex.findall(r'<a href="#([^"]+)" aria-label="([^"]+)">', figure()))
    assert {name for _, name in links} == {"pears", "don&#x27;t", "a b", "zero", "Եվրոպա"}
    rows = show_table(TABLE, caption="c", name="t", anchor="term").data
    assert {place for place, _ in links} == set(regex.findall(r'<tr id="([^"]+)"', rows))
    assert len({place for place, _ in links}) == len(TABLE)


def test_the_figure_of_links_is_no_image_and_is_the_same_each_time():
    svg = figure()
    assert 'role="group" aria-label="Points."' in svg and 'role="img"' not in svg
    assert 'xlink:href="#t-' not in svg
    assert svg == figure()


def test_equal_points_do_not_lie_upon_each_other():
    places = regex.findall(r'<use xlink:href="[^"]+" x="([\d.]+)" y="([\d.]+)"', figure().split("PathCollection")[1])
    points = places[: len(TABLE)]
    assert len(points) == len(set(points)) == len(TABLE)


GRID = pd.DataFrame({"x": ["a", "a", "b"], "y": ["one", "two", "two"], "n": [0.25, 1.0, 0.5], "to": ["#p", "#q", "#r"]})


def grid(table, **options):
    return show_heat(
        table, row="x", column="y", value="n", links=table["to"], alt="A grid.", caption="c", name="g"
    ).data


def test_every_cell_of_a_grid_is_a_link_that_says_its_value():
    links = dict(regex.findall(r'<a href="([^"]+)" aria-label="([^"]+)">', grid(GRID)))
    assert links == {"#p": "a, one: 0.25", "#q": "a, two: 1.00", "#r": "b, two: 0.50"}
    assert "b, two: 7" in grid(GRID.assign(n=[1, 2, 7]))


def test_larger_values_are_darker():
    shades = [float(shade) for shade in regex.findall(r"fill: #0072b2; fill-opacity: ([0-9.]+)", grid(GRID))]
    assert shades[0] < shades[2] < shades[1]


def test_a_grid_keeps_the_order_of_its_categories():
    labels = regex.findall(r">\s*(one|two|a|b)</text>", grid(GRID.assign(y=pd.Categorical(GRID["y"], ["two", "one"]))))
    assert [label for label in labels if label in ("one", "two")] == ["two", "one"]


CURVE = pd.DataFrame(
    {
        "cleaning": ["on", "on", "on", "off", "off", "off"],
        **dict.fromkeys(["context", "years", "unit", "stop_list"], ""),
        "aliases": "",
        "left_out": ["", "d-9", "d-10"] * 2,
        "difference": [0.5, -1.0, float("nan"), 2.0, 0.25, 0.0],
        "holds": [True, False, False, True, True, False],
        "base": [True, *[False] * 5],
    }
)


def specified(curve):
    return show_specifications(curve, axis="more", alt="A curve.", caption="c", name="curve").data


def marks(svg, label):
    """The places of the marks of one colour, those of the curve and those of the grid below it."""
    places = regex.findall(r'<use xlink:href="[^"]+" x="([\d.]+)" y="([\d.]+)" style="fill: #' + label, svg)
    return [(float(x), float(y)) for x, y in places]


def test_a_curve_rises_and_shows_which_ways_hold():
    svg = specified(CURVE)
    holding, failing = (marks(svg, colour) for colour in ("0072b2", "d55e00"))
    assert len(holding) == 3 * 3 + 1 and len(failing) == 2 * 3 + 1  # each in the curve and two rows; and the legend
    curve = sorted([*holding[:3], *failing[:2]])
    assert [place in holding for place in curve] == [False, False, True, True, True]
    assert [y for _, y in curve] == sorted((y for _, y in curve), reverse=True)  # larger differences stand higher
    columns = {x for x, _ in curve}
    assert {x for x, _ in [*holding[3:-1], *failing[2:-1]]} == columns
    x, y = curve[3]
    assert svg.count(f'x="{x}" y="{y}"') == 2, "the base stands in a box"


def test_the_rows_below_a_curve_are_the_choices_that_are_some():
    svg = specified(CURVE)
    rows = [text for text in regex.findall(r">\s*([^<>\n]+)</text>", svg) if regex.search(":|with|all", text)]
    assert rows == ["cleaning: on", "cleaning: off", "all documents", "without d-9", "without d-10"]
    assert 'aria-label="A curve."' in svg and svg == specified(CURVE)


def test_many_documents_share_a_row_and_ways_without_a_value_are_not_drawn():
    many = pd.DataFrame({"left_out": ["", *map(str, range(9))], "difference": 1.0, "holds": True})
    many = many.assign(
        base=many["left_out"] == "", **dict.fromkeys(["cleaning", "context", "years", "unit", "stop_list"], "")
    )
    assert "without one" in (svg := specified(many.assign(aliases=""))) and "without 3" not in svg
    nothing = CURVE.assign(difference=float("nan"), holds=False, base=False)
    assert "There is nothing to draw" in specified(nothing)


DAYS = pd.DataFrame(
    {
        "doc_id": ["d1", "d2", "d3", "d4"],
        "source": ["B", "A", "A", "A"],
        "date_from": ["2001-01-01", "2001-01-11", "2001-01-31", ""],
        "date_to": ["2001-01-11", "2001-01-12", "2001-01-31", ""],
    }
)
ENTRIES = pd.DataFrame(
    {"date_from": ["2001-01-05", "2001-01-21"], "date_to": ["2001-01-05", "2001-01-21"]}, index=[1, 2]
)


def line(documents, entries):
    return show_timeline(documents, entries, alt="Days.", caption="c", name="days").data


def test_a_timeline_is_to_scale_and_its_documents_are_links():
    svg = line(DAYS, ENTRIES)
    links = dict(regex.findall(r'<a href="([^"]+)" aria-label="([^"]+)">', svg))
    assert links == {
        "documents/d1.html": "d1, 2001-01-01 to 2001-01-11",
        "documents/d2.html": "d2, 2001-01-11 to 2001-01-12",
        "documents/d3.html": "d3, 2001-01-31",
    }
    spans = {}
    bar = r'<a href="documents/(d\d).html"[^>]*>.*?<path d="M ([\d.]+) [^L]*L ([\d.]+)'
    for address, first, last in regex.findall(bar, svg, regex.DOTALL):
        spans.setdefault(address, (float(first), float(last)))
    lengths = {doc_id: last - first for doc_id, (first, last) in spans.items()}
    day = lengths["d1"] / 11  # from the beginning of its first day to the end of its last
    assert lengths["d2"] == pytest.approx(2 * day, abs=0.01) and lengths["d3"] == pytest.approx(day, abs=0.01)
    assert spans["d3"][0] - spans["d1"][0] == pytest.approx(30 * day, abs=0.1)


def test_a_timeline_without_events_or_with_one_day():
    assert regex.findall(r">\s*([12])</text>", line(DAYS, ENTRIES)) == ["1", "2"]
    assert not regex.findall(r">\s*([12])</text>", line(DAYS, ENTRIES.iloc[:0]))
    assert "d3" in line(DAYS.iloc[[2]], ENTRIES.iloc[:0])


def test_curves_rise_with_their_shares():
    table = pd.DataFrame({"n": [1, 2, 1, 2], "share": [0.1, 0.9, 0.5, 0.5], "of": ["up", "up", "flat", "flat"]})
    table = table.assign(low=table["share"] - 0.05, high=table["share"] + 0.05)
    svg = show_curves(table, x=("n", "number"), y=("share", "part"), curve="of", alt="a", caption="c", name="k").data
    rising, flat = ([y for x, y in marks(svg, colour) if x][:2] for colour in ("0072b2", "d55e00"))  # x is 0 for a band
    assert rising[0] > rising[1] and flat[0] == flat[1]
    assert [text for text in regex.findall(r">\s*([^<>\n]+)</text>", svg) if text in ("up", "flat")] == ["up", "flat"]


TEXTS = {"alt": "What is & <what> “is not”.", "caption": "What to see.", "name": "a-figure"}
KEPT = pd.DataFrame(
    {"doc_id": ["a"], "source": ["S"], "year": ["2001"], "characters_kept": [9], "characters_removed": [1]}
)
RATES = pd.DataFrame({"frame": list("FFFFFFF"), "group": list("ABCDEFG"), "share": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]})
POWER = pd.DataFrame({"n": [1, 2] * 7, "share": 0.5, "low": 0.4, "high": 0.6, "of": np.repeat(list("ABCDEFG"), 2)})
PAIRS = TABLE.assign(**{value: TABLE["a"] + number for number, value in enumerate("cdefgh")})
FIGURES = {
    "show_kept": (plots.show_kept, [KEPT], {}),
    "show_pairs": (plots.show_pairs, [PAIRS], {"label": "term", "values": dict(zip("abcdefg", "ABCDEFG")), "axis": "n"}),
    "show_scatter": (show_scatter, [TABLE], {"label": "term", "x": ("a", "A"), "y": ("b", "B"), "links": "#" + TABLE["term"]}),
    "show_rates": (plots.show_rates, [RATES, RATES.assign(doc_id="1")], {"row": "frame", "axis": "part"}),
    "show_heat": (show_heat, [GRID], {"row": "x", "column": "y", "value": "n", "links": GRID["to"]}),
    "show_timeline": (show_timeline, [DAYS, ENTRIES], {}),
    "show_curves": (show_curves, [POWER], {"x": ("n", "N"), "y": ("share", "part"), "curve": "of"}),
    "show_specifications": (show_specifications, [CURVE], {"axis": "more"}),
}  # fmt: skip
each_figure = pytest.mark.parametrize("name", FIGURES)


def drawn(name, rows=slice(None)):
    """A figure, with as many rows of its tables."""
    draw, tables, options = FIGURES[name]
    return draw(*(table.iloc[rows] for table in tables), **options, **TEXTS).data


def test_every_kind_of_figure_is_looked_at():
    assert set(FIGURES) == {name for name in dir(plots) if name.startswith("show_")}


@each_figure
def test_a_figure_has_its_texts_and_can_be_saved_with_its_table(name):
    figure = BeautifulSoup(drawn(name), "html.parser").figure
    assert figure.svg["aria-label"] == TEXTS["alt"] and figure.figcaption.text.startswith(TEXTS["caption"])
    files = {found.file: found for found in map(read_link, LINK.finditer(drawn(name)))}
    assert list(files) == ["a-figure.svg", "a-figure-figure.csv"]
    assert files["a-figure-figure.csv"].text.count("\r\n") > 1


@each_figure
def test_a_saved_figure_is_whole_and_leads_nowhere(name):
    saved = next(map(read_link, LINK.finditer(drawn(name)))).text
    root = ElementTree.fromstring(saved.encode())
    title, description, paper = list(root)[:3]
    assert (title.text, description.text, paper.get("fill")) == (TEXTS["caption"], TEXTS["alt"], "#fff")
    assert root.get("width") and not list(root.iter("{http://www.w3.org/2000/svg}a"))
    assert DARK in saved and "currentColor" not in saved and INK not in saved
    fonts = set(regex.findall(r"font-family: ([^;\"]+)", saved))
    assert fonts == {"'DejaVu Sans', Verdana, sans-serif"}


@each_figure
def test_a_figure_without_anything_to_draw_says_so(name):
    page = BeautifulSoup(drawn(name, slice(0)), "html.parser").figure
    assert page.figcaption.text.startswith("What to see. There is nothing to draw.") and not page.svg
    assert page.find("a", download="a-figure-figure.csv")


@each_figure
def test_the_text_of_a_figure_can_be_read_on_a_phone(name):
    sizes = [float(size) for size in regex.findall(r"font(?:-size)?: ([\d.]+)px", drawn(name))]
    on_page = 272  # pixels of a figure in a window of 320
    assert sizes and min(sizes) * on_page / (72 * WIDTH) >= 9.9


def luminance(colour):
    """Relative luminance, as WCAG 2 has it."""
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4) @ [
        0.2126,
        0.7152,
        0.0722,
    ]


def contrast(colour, ground):
    """Contrast ratio, as WCAG 2 has it."""
    lighter, darker = sorted([luminance(colour), luminance(ground)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def blended(colour, opacity, ground):
    """A colour with some of its ground shining through."""
    mixed = [int(colour[at : at + 2], 16) * opacity + int(ground[at : at + 2], 16) * (1 - opacity) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(value):02x}" for value in mixed)


GROUNDS = {"by day": ("#ffffff", "#222832"), "by night": ("#121212", "#ced6dd")}  # of the theme, with the ink upon it


def shapes(svg):
    """The style of every shape that is drawn: all but the grid, the ticks, and what is clicked only.

    Of a hatched area it is that of what lies below the hatches.
    """
    root = ElementTree.fromstring(svg)
    named = "{http://www.w3.org/2000/svg}"
    skipped = {e for tick in root.iter() if "tick_" in (tick.get("id") or "") for e in tick.iter()}
    skipped |= {e for defs in root.iter(f"{named}defs") for e in defs.iter() if e.tag != f"{named}rect"}
    for element in root.iter():
        style = dict(part.split(": ") for part in (element.get("style") or "").split("; ") if ": " in part)
        style |= {"fill": element.get("fill")} if element.get("fill") else {}
        hatched = style.get("fill", "").startswith("url")
        shape = element not in skipped and element.tag != f"{named}text" and {"fill", "stroke"} & set(style)
        if shape and not hatched and style.get("opacity") != "0":
            yield style


@each_figure
@pytest.mark.parametrize("time", GROUNDS)
def test_every_mark_stands_out_from_the_page(name, time):
    (ground, ink), page = GROUNDS[time], drawn(name)
    svg = page[page.index("<svg") : page.index("</svg>") + 6].replace("currentColor", ink)
    faint = []
    for style in shapes(svg):
        parts = [
            (style.get(part, "none"), float(style.get(f"{part}-opacity", style.get("opacity", 1))))
            for part in ("fill", "stroke")
        ]
        seen = [contrast(blended(colour, opacity, ground), ground) for colour, opacity in parts if colour != "none"]
        if seen and max(seen) < 3:
            faint.append(style)
    assert faint == []


def test_the_numbers_of_a_grid_can_be_read_on_its_darkest_cell():
    largest = max(map(float, regex.findall(r"fill: #0072b2; fill-opacity: ([0-9.]+)", grid(GRID))))
    for ground, ink in GROUNDS.values():
        assert contrast(ink, blended(COLOURS[0], largest, ground)) >= 4.5


# How colours look to eyes without one kind of cone: Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB
EYES = {
    "all cones": np.eye(3),
    "no long": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no middle": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no short": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def seen_by(eye, colour):
    """A colour as CIELAB, as an eye sees it."""
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = np.cbrt(to_xyz @ np.clip(EYES[eye] @ linear, 0, 1) / [0.95047, 1, 1.08883])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("time", GROUNDS)
def test_colours_are_told_apart_by_all_eyes(eye, time):
    colours = [GROUNDS[time][1] if colour == INK else colour for colour in COLOURS]
    apart = partial(seen_by, eye)
    assert min(np.linalg.norm(apart(one) - apart(other)) for one, other in combinations(colours, 2)) > 15


def test_many_groups_look_different():
    assert len({look(number) for number in range(len(COLOURS) * len(MARKS))}) == 36
    assert contrast(GREY, "#ffffff") >= 3 and contrast(GREY, "#121212") >= 3
