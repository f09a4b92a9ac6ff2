"""What the tests share: this project's study, and a small made-up one to break."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import find_browser, install_browser, launch, serve
from built import PAGES, SITE, Visit, open_watched
from hypothesis import settings
from made_up import DOCUMENTS, ROOT, ROWS, write_rows
from playwright.sync_api import Browser, sync_playwright

import analysis

settings.register_profile("ci", deadline=None, derandomize=True)  # a shared machine is no stopwatch
settings.load_profile("ci")
os.environ.setdefault("PYTHONHASHSEED", "0")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker waits for another at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def seeds() -> analysis.Study:
    """This project's own study."""
    return analysis.load(ROOT / "seeds")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running browser. Where none can be had, CI fails and any other run skips."""
    try:
        find_browser() or install_browser()
    except RuntimeError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture(scope="module")
def site() -> Path:
    """The folder of the built book."""
    if not SITE.is_dir():
        pytest.fail("build the book first: make book")
    return SITE


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The address at which the book is served."""
    with serve(site) as served:
        yield served


@pytest.fixture(scope="module", params=PAGES)
def visit(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visit]:
    """A page of the book, loaded to the end."""
    opened = open_watched(browser, address)
    opened.page.goto(address + request.param)
    yield opened
    opened.page.context.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound study of three made-up documents, to be broken by the test."""
    for name, text in DOCUMENTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    write_rows(tmp_path, ROWS)
    return tmp_path
