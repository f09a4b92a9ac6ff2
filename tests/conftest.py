"""What the tests share: this project's study, and a small made-up one to break."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings
from made_up import DOCUMENTS, ROOT, ROWS, write_rows

import analysis

settings.register_profile("ci", deadline=None, derandomize=True)  # a shared machine is no stopwatch
settings.load_profile("ci")
os.environ.setdefault("PYTHONHASHSEED", "0")


@pytest.fixture(scope="session")
def seeds() -> analysis.Study:
    """This project's own study."""
    return analysis.load(ROOT / "seeds")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound study of three made-up documents, to be broken by the test."""
    for name, text in DOCUMENTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    write_rows(tmp_path, ROWS)
    return tmp_path
