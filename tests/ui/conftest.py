"""Widgets for every test of the window: one look, dark unless a test changes it."""

from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication

from tradestream_gui.ui.shell.look import Look

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def themes_dir() -> Path:
    return ROOT / "themes"


@pytest.fixture
def resources_dir() -> Path:
    return ROOT / "resources"


@pytest.fixture
def look(qapp: QApplication, themes_dir: Path, resources_dir: Path) -> Look:
    return Look(qapp, themes_dir=themes_dir, resources_dir=resources_dir)
