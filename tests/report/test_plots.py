"""A figure whose points are links: each leads to the row of its table, and says which."""

import pandas as pd
import pytest
import regex

from analysis.report.downloads import row_id, show_table
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
    shades = [float(shade) for shade in regex.findall(r"fill: #0072b2; opacity: ([0-9.]+)", grid(GRID))]
    assert shades[0] < shades[2] < shades[1]


def test_a_grid_keeps_the_order_of_its_categories():
    labels = regex.findall(r">\s*(one|two|a|b)</text>", grid(GRID.assign(y=pd.Categorical(GRID["y"], ["two", "one"]))))
    assert [label for label in labels if label in ("one", "two")] == ["two", "one"]


CURVE = pd.DataFrame(
    {
        "cleaning": ["on", "on", "on", "off", "off", "off"],
        **dict.fromkeys(["context", "unit", "stop_list"], ""),
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
    many = many.assign(base=many["left_out"] == "", **dict.fromkeys(["cleaning", "context", "unit", "stop_list"], ""))
    assert "without one" in (svg := specified(many.assign(aliases=""))) and "without 3" not in svg
    nothing = CURVE.assign(difference=float("nan"), holds=False, base=False)
    assert "all documents" in specified(nothing)


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
