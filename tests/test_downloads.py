"""The built book's files: each link saves what it says, and all of it is in the archive.

They need the book built (`make book`) and a browser.
"""

import csv
import io
import json
import zipfile
from hashlib import sha256

import pyarrow.parquet as parquet
import pytest
from built import CHAPTERS, SITE, parse

from analysis.report.downloads import Download
from analysis.report.package import archive, parse_table

pytestmark = pytest.mark.built
LINKS = "article a[download]"


@pytest.fixture(scope="module")
def package():
    """The description of the files."""
    return json.loads((SITE / "datapackage.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_click_saves_the_file(name, browser, address):
    """For each form that the page offers: the very file of the site, under its name."""
    page = browser.new_page(accept_downloads=True)
    page.goto(address + name)
    page.evaluate("() => document.querySelectorAll('details').forEach(e => e.open = true)")
    for form in {link["download"].rpartition(".")[2] for link in parse(SITE / name).select(LINKS)}:
        link = page.locator(f'{LINKS}[download$=".{form}"]').first
        with page.expect_download() as saved:
            link.click()
        path = (SITE / name).parent / link.get_attribute("href")
        assert saved.value.suggested_filename == path.name
        assert saved.value.path().read_bytes() == path.read_bytes()
    page.context.close()


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_page_carries_no_file_and_offers_all_forms(name):
    """No file is left in a page; a drawn figure is offered as SVG, and every table as CSV and as Parquet."""
    page = parse(SITE / name)
    assert not page.select('a[href^="data:"]')
    for link in page.select(LINKS):
        path = (SITE / name).parent / link["href"]
        assert path.is_file() and path.name == link["download"]
    for figure in page.select("figure.result"):
        endings = [link["download"].rpartition(".")[2] for link in figure.select("a[download]")]
        assert endings == (["svg"] if figure.svg else []) + ["csv", "parquet"], figure.figcaption.text
        assert figure.select_one('a[href*="#table-"]'), figure.figcaption.text


def test_every_resource_is_there_as_described(package):
    """Paths, sizes, hashes and columns are those of the files, and nothing lies beside them."""
    paths = [resource["path"] for resource in package["resources"]]
    there = sorted(p.relative_to(SITE).as_posix() for f in ("tables", "figures") for p in (SITE / f).iterdir())
    assert sorted(paths) == there and len(set(paths)) == len(paths) > 50
    for resource in package["resources"]:
        data = (SITE / resource["path"]).read_bytes()
        assert resource.get("bytes") == (None if resource["format"] == "parquet" else len(data))
        assert resource["hash"] == f"sha256:{sha256(data).hexdigest()}"
        if resource["format"] == "csv":
            fields = resource["schema"]["fields"]
            assert [field["name"] for field in fields] == next(csv.reader(io.StringIO(data.decode(), newline="")))
            assert all(field["description"] for field in fields)


def test_a_csv_file_and_its_parquet_file_are_the_same_table(package):
    """Cell by cell, with the types that the package declares."""
    for resource in package["resources"]:
        if resource["format"] != "csv":
            continue
        path = SITE / resource["path"]
        types = tuple(field["type"] for field in resource["schema"]["fields"])
        text = path.read_bytes().decode()
        stored = parquet.read_table(path.with_suffix(".parquet"))
        assert parse_table(Download(path.name, "", types, text)).equals(stored), path.name
        cells = [[_cell(value) for value in row.values()] for row in stored.to_pylist()]
        assert cells == list(csv.reader(io.StringIO(text, newline="")))[1:], path.name


def _cell(value):
    """A value as the CSV file has it."""
    return "" if value is None else str(value)


def test_the_archive_holds_the_single_files():
    """The same bytes, in the same archive each time."""
    with zipfile.ZipFile(SITE / "findings.zip") as zipped:
        held = {name: zipped.read(name) for name in zipped.namelist()}
    assert held == {name: (SITE / name).read_bytes() for name in held}
    assert {"datapackage.json"} < set(held) and len(held) > 50
    assert archive(held) == (SITE / "findings.zip").read_bytes()


def test_the_dictionary_lists_every_table(package):
    """Each table has its entry, with as many columns as the file."""
    page = parse(SITE / "book" / "data.html")
    for resource in package["resources"]:
        if resource["format"] == "csv":
            entry = page.find(id=f"table-{resource['name'].removesuffix('.csv')}")
            columns = [cell.text for cell in entry.find_next("tbody").select("th code")]
            assert columns == [field["name"] for field in resource["schema"]["fields"]]


def test_a_saved_figure_stands_alone(browser):
    """Each is an SVG that is drawn dark on white, has its texts, links to nothing and asks for nothing."""
    figures = sorted((SITE / "figures").glob("*.svg"))
    assert figures
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in figures:
        text = path.read_text(encoding="utf-8")
        page.goto(path.as_uri())
        root = "document.documentElement"
        assert page.evaluate(f"{root}.nodeName") == "svg"
        assert page.evaluate(f"[...{root}.children].slice(0, 2).map(e => [e.nodeName, !!e.textContent])") == [
            ["title", True], ["desc", True],
        ]  # fmt: skip
        assert page.evaluate(f"[...{root}.querySelectorAll('a')].length") == 0 and "currentColor" not in text
        assert page.evaluate(f"{root}.getBoundingClientRect().width") > 200
    assert asked == [path.as_uri() for path in figures]
    page.close()
