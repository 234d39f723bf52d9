"""Several watchlists by name: chosen, made, renamed, deleted and brought back, and kept from one run to the next."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.support import eventually
from tests.ui.tabs.rig import Rig, demo_rig
from tests.ui.tabs.tickets import long_by_hand
from tradestream_gui.market.subscriptions import LINGER_S
from tradestream_gui.ui.docks.chart.dock import ChartDock
from tradestream_gui.ui.docks.watchlist.dock import WatchlistDock
from tradestream_gui.ui.docks.watchlist.lists import MOST, Watchlists
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.spare_prices import SparePrices
from tradestream_gui.ui.widgets.name_dialog import NameDialog

SECOND = {"SI", "HG", "PL", "ZN"}


class Scene:
    def __init__(self, rig: Rig, dock: WatchlistDock) -> None:
        self.rig, self.dock = rig, dock
        self.undos: list[tuple[str, Callable[[], str]]] = []
        dock.undoable.connect(lambda words, undo: self.undos.append((words, undo)))

    def symbols(self) -> list[str]:
        return [one.root for one in self.dock.instruments()]

    def names(self) -> list[str]:
        """The lists that can be chosen: none where there is only one."""
        box = self.dock.lists.box
        return [box.itemText(at) for at in range(box.count())]

    def choose(self, name: str) -> None:
        """By the keyboard, as in any box of choices."""
        box: QWidget = self.dock.lists.box
        at, wanted = self.dock.lists.box.currentIndex(), self.names().index(name)
        for _ in range(abs(wanted - at)):
            QTest.keyClick(box, Qt.Key.Key_Down if wanted > at else Qt.Key.Key_Up)

    async def name_in_dialog(self, wanted: str, name: str) -> NameDialog:
        """Opens the menu's line and types a name; the dialog stays open while the name is refused."""
        line = next(line for line in self.dock.lists.menu.actions() if line.text() == wanted)
        line.trigger()
        await eventually(lambda: bool(self._dialogs()))
        (dialog,) = self._dialogs()
        dialog.field.setText(name)
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)
        for _ in range(5):
            await asyncio.sleep(0)
        return dialog

    def _dialogs(self) -> list[NameDialog]:
        return [each for each in self.dock.findChildren(NameDialog) if each.isVisible()]


@asynccontextmanager
async def scene(look: Look, qtbot: QtBot, folder: Path) -> AsyncIterator[Scene]:
    dock = WatchlistDock(look)
    qtbot.addWidget(dock)
    dock.show()
    async with demo_rig(folder, 1) as rig:
        dock.attach(rig.core, rig.hub)
        yield Scene(rig, dock)


def others(here: Scene) -> bool:
    return [row.symbols for row in here.rig.core.settings.current.market.other_watchlists] == [("GC", "SI")]


async def test_a_second_list_is_made_filled_chosen_and_kept(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with scene(look, qtbot, tmp_path) as here:
        settings, first = here.rig.core.settings, here.symbols()
        assert here.names() == []
        assert here.dock.lists.isHidden(), "there is nothing to choose"
        await here.name_in_dialog("New list…", "Metals")
        assert here.symbols() == []
        assert here.dock.take(["GC", "SI"]) == "2 of 2 symbols are new on the watchlist"
        assert here.names() == ["Main", "Metals"]
        here.choose("Main")
        assert here.symbols() == first
        await eventually(lambda: settings.current.market.watchlist == tuple(first) and others(here))
        (other,) = settings.current.market.other_watchlists
        assert (other.id, other.symbols) == ("Metals", ("GC", "SI"))
        again = WatchlistDock(look)
        qtbot.addWidget(again)
        again.attach(here.rig.core, here.rig.hub)
        assert again.lists.box.currentText() == "Main"
        here.choose("Metals")
        assert here.symbols() == ["GC", "SI"]
        assert {"GC", "SI"} <= {one.root for one in here.rig.core.subscriptions.instruments()}


async def test_a_list_out_of_sight_gives_back_the_prices_that_nobody_else_needs(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with scene(look, qtbot, tmp_path) as here:
        rig, core = here.rig, here.rig.core
        SparePrices(core, rig.hub, here.dock)
        chart = ChartDock(look)
        qtbot.addWidget(chart)
        chart.attach(core, rig.hub)

        async def roots_after(seconds: float) -> set[str]:
            await rig.advance(seconds)
            rig.hub.second.emit()
            for _ in range(5):
                await asyncio.sleep(0)
            return {one.root for one in core.subscriptions.instruments()}

        first = set(here.symbols())
        await here.name_in_dialog("New list…", "Metals")
        here.dock.take(["SI", "HG", "PL", "ZN"])
        chart.panels[0].open_instrument(rig.instrument("HG").instrument_id)
        here.choose("Main")
        assert await roots_after(LINGER_S - 1) >= SECOND, "one may come back at once"
        here.choose("Metals")
        assert first <= await roots_after(LINGER_S - 1)
        await core.entries.enter(long_by_hand(rig, "SI", stop_below=Decimal("0.02")))
        last = core.board.last_price(rig.instrument("PL").instrument_id)
        assert last is not None
        alert = core.price_alerts.add(rig.instrument("PL"), True, last * 2)
        here.choose("Main")
        assert await roots_after(LINGER_S) & SECOND == {"HG", "SI", "PL"}, "a chart, a position and a price alert"
        core.price_alerts.remove(alert.alert_id)
        assert await roots_after(1) & SECOND == {"HG", "SI"}
        assert first <= await roots_after(LINGER_S)
        here.choose("Metals")
        assert await roots_after(1) >= SECOND
        measured = core.board.day_stats(rig.instrument("ZN").instrument_id)
        assert measured is not None
        assert measured.measured_since >= core.clock.now() - timedelta(seconds=2), "nobody listened in between"


async def test_a_name_is_refused_with_its_reason_and_a_list_renamed(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with scene(look, qtbot, tmp_path) as here:
        dialog = await here.name_in_dialog("New list…", "main")
        assert dialog.isVisible()
        assert dialog.hint.text() == "“main” is there already."
        dialog.cancel.click()
        assert here.dock.lists.isHidden(), "no list was made"
        await eventually(lambda: not here._dialogs())
        before = here.symbols()
        await here.name_in_dialog("Rename list…", "Morning")
        assert here.symbols() == before
        await eventually(lambda: here.rig.core.settings.current.market.watchlist_name == "Morning")


async def test_a_deleted_list_and_a_symbol_taken_off_come_back(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with scene(look, qtbot, tmp_path) as here:
        first = here.symbols()
        assert here.dock.lists.delete is not None
        assert not here.dock.lists.delete.isEnabled(), "the last list stays"
        await here.name_in_dialog("New list…", "Metals")
        here.dock.take(["GC"])
        here.dock.lists.delete.trigger()
        assert (here.names(), here.symbols()) == ([], first)
        words, undo = here.undos[-1]
        assert words == "Watchlist “Metals” deleted"
        assert undo() == "Watchlist “Metals” is back."
        assert (here.names(), here.symbols()) == (["Main", "Metals"], ["GC"])
        assert undo() == "Watchlist “Metals” stays deleted: “Metals” is there already."
        here.choose("Main")
        second = here.dock.instruments()[1]
        assert here.dock.table.select_key(second.instrument_id)
        menu = QMenu(here.dock)
        here.dock.table.menu_opening.emit(second.instrument_id, menu)
        next(line for line in menu.actions() if line.text() == "Remove from watchlist").trigger()
        assert here.symbols() == [*first[:1], *first[2:]]
        words, undo = here.undos[-1]
        assert words == f"{first[1]} taken off “Main”"
        here.choose("Metals")
        assert undo() == f"{first[1]} is on “Main” again."
        assert here.symbols() == ["GC"], "the list in sight stays"
        here.choose("Main")
        assert here.symbols() == first


def test_there_is_a_most_of_lists_and_an_unknown_name_changes_nothing() -> None:
    lists = Watchlists("A", ("ES",))
    assert lists.choose("Nobody") == lists
    assert lists.delete() == lists
    for number in range(MOST - 1):
        assert lists.full() == ""
        lists = lists.add(f"L{number}")
    assert lists.full() == f"{MOST} lists are kept already: delete one first."
    assert lists.refusal("x" * 25) == "24 characters at most."
    assert lists.refusal("") == "A list needs a name."
