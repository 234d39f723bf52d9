"""The Notifications page: the grid is clicked and kept, outlets are tried, price alerts are set and removed."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.servers.smtp import MailServerForTests
from tests.stories.test_discord_alerts import PASSPHRASE, files_with, opened
from tests.stories.test_notices import PASSWORD, mail_settings
from tests.support import eventually
from tests.ui.tabs.config_page import config_page
from tests.ui.tabs.rig import demo_rig
from tradestream_gui.core import Core
from tradestream_gui.domain.events import Notice, NoticeKind
from tradestream_gui.ui.docks.watchlist.dock import WatchlistDock
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.signal_hub import SignalHub
from tradestream_gui.ui.tabs.config import ConfigTab
from tradestream_gui.ui.tabs.config.notice_grid import EVENTS, NoticeCell, NoticeGrid
from tradestream_gui.ui.tabs.config.outlets_card import OutletsCard
from tradestream_gui.ui.tabs.config.price_alerts_card import PriceAlertsCard
from tradestream_gui.ui.widgets.price_dialog import PriceDialog
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings
from tradestream_gui.upkeep.settings.notifications import Outlet, Telling


@dataclass
class Page:
    core: Core
    tab: ConfigTab
    grid: NoticeGrid
    outlets: OutletsCard
    alerts: PriceAlertsCard

    def press(self, kind: NoticeKind, outlet: Outlet) -> NoticeCell:
        cell = self.grid.cells[kind, outlet]
        QTest.mouseClick(cell, Qt.MouseButton.LeftButton)
        return cell

    async def apply(self) -> None:
        draft = self.tab.draft
        assert draft is not None
        proposal = draft.check()
        assert proposal is not None, draft.errors
        await self.core.settings.apply(proposal, confirmed=True)
        draft.reread()


def page_of(look: Look, qtbot: QtBot, core: Core, hub: SignalHub) -> Page:
    tab = config_page(core, hub, "notifications", look, qtbot, height=1000)
    tab.page("notifications").finish()
    tab.show_page("notifications")
    parts = [tab.findChild(kind) for kind in (NoticeGrid, OutletsCard, PriceAlertsCard)]
    grid, outlets, alerts = parts
    assert isinstance(grid, NoticeGrid)
    assert isinstance(outlets, OutletsCard)
    assert isinstance(alerts, PriceAlertsCard)
    return Page(core, tab, grid, outlets, alerts)


@asynccontextmanager
async def demo_page(look: Look, qtbot: QtBot, folder: Path, seconds: float = 0.0) -> AsyncIterator[Page]:
    async with demo_rig(folder, seconds) as rig:
        yield page_of(look, qtbot, rig.core, rig.hub)


async def test_every_event_has_a_row_and_a_pressed_cell_holds_once_it_is_applied(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_page(look, qtbot, tmp_path) as here:
        assert set(EVENTS) == set(NoticeKind)
        cell = here.press(NoticeKind.FILL, Outlet.EMAIL)
        assert (cell.telling, cell.accessibleName()) == (Telling.ON, "Fills, E-mail: on")
        here.press(NoticeKind.FILL, Outlet.TELEGRAM)
        assert here.core.settings.current.notifications.telling(NoticeKind.FILL, Outlet.EMAIL) is Telling.OFF
        await here.apply()
        wanted = here.core.settings.current.notifications
        assert wanted.telling(NoticeKind.FILL, Outlet.EMAIL) is Telling.ON
        assert wanted.telling(NoticeKind.FILL, Outlet.TELEGRAM) is Telling.OFF
        assert [row.id for row in wanted.grid] == [NoticeKind.FILL], "what was not touched is not written"
        assert "id: fill" in here.core.settings.export_text()


async def test_cell_goes_through_its_states_and_back_leaves_nothing_edited(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_page(look, qtbot, tmp_path) as here:
        states = [here.press(NoticeKind.RISK, Outlet.EMAIL).telling for _ in range(3)]
        assert states == [Telling.SILENT, Telling.OFF, Telling.ON]
        draft = here.tab.draft
        assert draft is not None
        assert draft.edits == {}
        states = [here.press(NoticeKind.RISK, Outlet.SOUND).telling for _ in range(2)]
        assert states == [Telling.OFF, Telling.ON], "a sound cannot be silent"
        locked = here.press(NoticeKind.UNPROTECTED, Outlet.TOAST)
        assert (locked.telling, locked.isEnabled()) == (Telling.ON, False)
        assert "always told there" in locked.accessibleName()


async def test_grid_is_walked_and_changed_by_keys(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_page(look, qtbot, tmp_path) as here:
        cells = here.grid.cells
        here.tab.activateWindow()
        await eventually(here.tab.isActiveWindow)
        cells[NoticeKind.RISK, Outlet.TOAST].setFocus()
        for key, found in (
            (Qt.Key.Key_Right, (NoticeKind.RISK, Outlet.SOUND)),
            (Qt.Key.Key_Down, (NoticeKind.UNPROTECTED, Outlet.SOUND)),
            (Qt.Key.Key_Up, (NoticeKind.RISK, Outlet.SOUND)),
            (Qt.Key.Key_Left, (NoticeKind.RISK, Outlet.TOAST)),
            (Qt.Key.Key_Down, (NoticeKind.CONNECTION, Outlet.TOAST)),
        ):
            QTest.keyClick(QApplication.focusWidget(), key)
            assert QApplication.focusWidget() is cells[found], found
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
        assert cells[NoticeKind.CONNECTION, Outlet.TOAST].telling is Telling.SILENT


async def test_outlets_of_this_computer_are_tried_and_say_what_came_of_it(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_page(look, qtbot, tmp_path) as here:
        assert set(here.outlets.test) == {Outlet.TOAST, Outlet.SOUND, Outlet.DESKTOP}, "the demo calls nobody outside"
        for outlet in here.outlets.test:
            here.outlets.test[outlet].click()
        assert "no tray" in here.outlets.results[Outlet.DESKTOP].text(), "offscreen there is none"
        assert here.outlets.results[Outlet.SOUND].text().startswith("Played")


async def test_mail_is_tried_with_its_exact_error_and_time_and_works_once_the_password_is_kept(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    server = MailServerForTests(user="trader", password=PASSWORD)
    await server.start()
    wanted = plain(first_settings())
    wanted["notifications"] |= {"email": mail_settings(server)}
    try:
        async with opened(tmp_path, Settings.model_validate(wanted)) as profile:
            core = profile.running.core
            hub = SignalHub(core.bus)
            page = page_of(look, qtbot, core, hub)
            card = page.outlets
            result = card.results[Outlet.EMAIL]
            await eventually(lambda: card.vault.words.text())
            card.test[Outlet.EMAIL].click()
            await eventually(lambda: "Not delivered after" in result.text())
            assert "no password is kept for e-mail" in result.text()
            card.fields[Outlet.EMAIL].setText("wrong-password")
            card.keep[Outlet.EMAIL].click()
            await eventually(lambda: not card.vault.passphrase.isHidden())
            card.vault.passphrase.setText(PASSPHRASE)
            card.vault.open.click()
            await eventually(lambda: card.vault.passphrase.isHidden())
            for password, words in (("wrong-password", "535"), (PASSWORD, "Delivered in")):
                card.fields[Outlet.EMAIL].setText(password)
                card.keep[Outlet.EMAIL].click()
                await eventually(lambda: card.fields[Outlet.EMAIL].text() == "", why="it is kept")
                card.test[Outlet.EMAIL].click()
                await eventually(lambda expected=words: expected in result.text())
            assert len(server.mails) == 1
            assert not files_with(PASSWORD, tmp_path)
            hub.detach()
    finally:
        await server.stop()


async def test_price_alert_is_set_by_a_line_refused_with_the_reason_and_removed(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_page(look, qtbot, tmp_path, 30.0) as here:
        card, told = here.alerts, list[Notice]()
        here.core.bus.subscribe(Notice, told.append)
        card.line.setText("ES above 9000")
        QTest.keyClick(card.line, Qt.Key.Key_Return)
        assert card.line.text() == ""
        assert len(card.remove) == 1
        card.line.setText("ES above 1")
        card.add.click()
        assert "already" in card.error.text()
        assert not card.error.isHidden()
        undos: list[Callable[[], str]] = []
        here.tab.undoable.connect(lambda words, undo: undos.append(undo))
        next(iter(card.remove.values())).click()
        assert here.core.price_alerts.alerts() == ()
        assert undos[0]() == "Price alert set again: ES Dec26 above 9,000.00"
        assert len(here.core.price_alerts.alerts()) == 1
        assert undos[0]().startswith("The price alert stays removed: "), "once is enough"
        next(iter(card.remove.values())).click()
        assert card.remove == {}
        assert not card.none.isHidden()


async def test_watchlist_sets_a_price_alert_whose_side_follows_from_the_market(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path, 30.0) as rig:
        dock = WatchlistDock(look)
        qtbot.addWidget(dock)
        dock.show()
        dock.attach(rig.core, rig.hub)
        contract = rig.instrument("ES")
        dock.table.select_key(contract.instrument_id)
        last = rig.core.board.last_price(contract.instrument_id)
        assert last is not None
        for step, side in ((20, "above"), (-20, "below")):
            menu = QMenu(dock)
            dock._fill_menu(contract.instrument_id, menu)
            next(action for action in menu.actions() if action.text() == "Price alert…").trigger()
            dialog = await eventually(QApplication.activeModalWidget)
            assert isinstance(dialog, PriceDialog)
            assert not dialog.confirm.isEnabled(), "the price of now is no alert"
            dialog.field.setText(str(last + step))
            dialog.confirm.click()
            await eventually(lambda wanted=side: any(one.side_word == wanted for one in rig.core.price_alerts.alerts()))
