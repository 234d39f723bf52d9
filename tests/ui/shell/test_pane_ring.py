"""F6 walks through the regions of the window and comes back to where each was left."""

from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from tests.ui.palette.scenes import PaletteScene, palette_scene
from tradestream_gui.ui.shell.look import Look

SHIFT = Qt.KeyboardModifier.ShiftModifier


def _press(here: PaletteScene, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> str:
    """The region that has the focus after the key."""
    QTest.keyClick(here.window, Qt.Key.Key_F6, modifier)
    return _region(here)


def _region(here: PaletteScene) -> str:
    focused = QApplication.focusWidget()
    assert focused is not None
    window = here.window
    places: dict[str, QWidget | None] = {"top": window.menuWidget(), "tab": window.tabs}
    places |= {key: window.dock(key) for key in window.dock_keys()}
    return next(name for name, place in places.items() if place is not None and place.isAncestorOf(focused))


async def test_f6_visits_every_region_in_sight_and_shift_goes_back(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        here.window.resize(1700, 1200)
        for dock in here.window.docks():
            dock.show()
        QApplication.processEvents()
        in_sight = [key for key in here.window.dock_keys() if not here.window.dock(key).visibleRegion().isEmpty()]
        assert "log" in in_sight
        here.window.risk_bar.account.setFocus()
        ring = [_press(here) for _ in range(len(in_sight) + 2)]
        assert ring[-1] == "top", "it comes round"
        assert sorted(ring) == sorted(["top", "tab", *in_sight])
        assert ring.index("watchlist") < ring.index("tab") < ring.index("log")
        assert [_press(here, SHIFT) for _ in ring] == [*reversed(ring[:-1]), "top"]


async def test_a_region_is_entered_where_it_was_left_and_a_closed_one_not_at_all(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        search = here.window.part("log").bar.edit  # type: ignore[attr-defined]  # the dock, not any widget
        search.setFocus()
        assert _region(here) == "log"
        _press(here)
        assert _region(here) != "log"
        _press(here, SHIFT)
        assert QApplication.focusWidget() is search
        here.window.dock("watchlist").hide()
        here.window.risk_bar.account.setFocus()
        assert _press(here) == "tab"
