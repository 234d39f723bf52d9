"""Widgets for every test of the window: one look, dark unless a test changes it."""

from functools import lru_cache
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication

from tradestream_gui.adapters.feeds.synthetic import feed
from tradestream_gui.adapters.feeds.synthetic.history import Past, PastWalk
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Bar
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


class KnownPast:
    """The bars before a demo day's start, made once a process: half of what opening a demo costs."""

    @staticmethod
    @lru_cache(maxsize=64)  # a few days of a few dozen instruments
    def of(past: Past, instrument: Instrument) -> "KnownPast":
        return KnownPast(PastWalk(past, instrument))

    def __init__(self, walk: PastWalk) -> None:
        self._walk = walk
        self._made: dict[tuple[int, int], tuple[Bar, ...]] = {}

    def bars(self, seconds: int, count: int) -> tuple[Bar, ...]:
        asked = (seconds, count)
        if asked not in self._made:
            self._made[asked] = self._walk.bars(seconds, count)
        return self._made[asked]


@pytest.fixture(autouse=True)
def _known_past(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "PastWalk", KnownPast.of)
