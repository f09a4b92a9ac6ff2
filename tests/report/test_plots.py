"""A figure whose points are links: each leads to the row of its table, and says which."""

import pandas as pd
import regex

from analysis.report.downloads import row_id, show_table
from analysis.report.plots import show_heat, show_scatter

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
