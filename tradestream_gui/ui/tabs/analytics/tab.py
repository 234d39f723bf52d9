"""The Analytics tab: what was made and how, for any period and filter, and the page of the day that has ended."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtGui import QHideEvent, QShowEvent
from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from tradestream_gui.analytics.day_report import BackupState
from tradestream_gui.analytics.filters import Filter
from tradestream_gui.analytics.grouping import GroupBy
from tradestream_gui.domain.events import Notice, NoticeKind, SessionClosed, Severity
from tradestream_gui.domain.quotes import DataKind
from tradestream_gui.ui.format import date_time_text
from tradestream_gui.ui.shell.dialogs import ask_save_path
from tradestream_gui.ui.shell.frame_clock import FrameClock
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.analytics.end_of_day import EndOfDayPage
from tradestream_gui.ui.tabs.analytics.filter import AnalyticsFilter
from tradestream_gui.ui.tabs.analytics.pages import (
    ExecutionPage,
    GroupsPage,
    LeaguePage,
    MissedPage,
    OverviewPage,
    TradesPage,
)
from tradestream_gui.ui.tabs.analytics.rule_pack import RulePackPage, fill_rules
from tradestream_gui.ui.widgets.empty_state import EmptyState
from tradestream_gui.ui.widgets.icon_tabs import IconTabs

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub
    from tradestream_gui.upkeep.backup_schedule import BackupFailed, BackupTaken

EMPTY = "No closed trades in this period."
REFRESH_MS = 1000
LOOK_AGAIN_MS = 5000
"""Samples of open positions come without a fact; the version is looked at this often while the tab is seen."""
MIN_SIZE = (560, 420)
CSV_KINDS = "CSV files (*.csv)"


class AnalyticsTab(QWidget):
    """Asks the analytics service; nothing is computed here. Only the page that is seen is filled."""

    show_message = pyqtSignal(object)
    show_order = pyqtSignal(object)
    show_lot = pyqtSignal(object)
    show_instrument = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._zone = ZoneInfo("UTC")
        self._shown_version = -1
        self._closed_at: datetime | None = None
        self._backup: BackupState | None = None
        self._frames = FrameClock(self._on_frame, REFRESH_MS, self)
        self._again = QTimer(self)
        self._again.setInterval(LOOK_AGAIN_MS)
        self._again.timeout.connect(self._look_again)
        self.filter = AnalyticsFilter(look)
        self.overview, self.groups, self.league = OverviewPage(look), GroupsPage(look), LeaguePage(look)
        self.trades, self.execution, self.missed = TradesPage(look), ExecutionPage(look), MissedPage(look)
        self.rules = RulePackPage(look)
        self.end_of_day = EndOfDayPage(look)
        self.end_of_day.setParent(self)
        self.end_of_day.hide()  # it becomes a page when a session closes
        self._lay_out()
        self._connect()

    def attach(self, core: "Core", hub: "SignalHub") -> None:
        """Shows what the service knows and follows it from here on."""
        self._core = core
        self._zone = ZoneInfo(core.settings.current.general.display_zone)
        self.overview.set_zone(self._zone)
        self.trades.set_zone(self._zone)
        self.missed.set_zone(self._zone)
        self.rules.set_zone(self._zone)
        self._stack.setCurrentIndex(1)
        for signal in (hub.fill_booked, hub.order_changed, hub.alert_decided, hub.lot_changed):
            signal.connect(self._on_fact)
        hub.session_closed.connect(self._on_session_closed)
        hub.backup_told.connect(self._on_backup)
        if hub.last_backup is not None:
            self._on_backup(hub.last_backup)
        elif core.subscriptions.feed.kind is DataKind.DEMO:
            self._backup = BackupState(True, "The demo keeps none: its day is invented")
        if hub.last_session is not None:
            self._on_session_closed(hub.last_session)
        self.refresh()

    def refresh(self) -> None:
        """Fills the page that is seen, if the tab is."""
        core = self._core
        if core is None:
            return
        self.filter.offer(core.analytics.trades(), [(a.account_id, a.name) for a in core.accounts.accounts()])
        self._shown_version = core.analytics.version
        page = self.tabs.currentWidget()
        fill = self._fillers().get(page) if page is not None else None
        if fill is not None:
            fill(core, self.filter.chosen(self._today(core)))

    def show_end_of_day(self) -> None:
        """Brings the page of the day that has ended to the front."""
        if self.tabs.indexOf(self.end_of_day) < 0:
            self.tabs.addTab(self.end_of_day, "End of day")
        self.tabs.setCurrentWidget(self.end_of_day)
        self.refresh()

    # -- making --------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._stack = QStackedWidget(self)  # from the outside in: Qt restyles all that is moved to another parent
        content = QWidget(self._stack)
        self.tabs = IconTabs(content)
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Analytics pages")
        for page, title in (
            (self.overview, "Overview"),
            (self.groups, "Groups"),
            (self.league, "Analysts"),
            (self.trades, "Trades"),
            (self.execution, "Execution"),
            (self.missed, "Missed"),
            (self.rules, "Rules"),
        ):
            self.tabs.addTab(page, title)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filter)
        column.addWidget(self.tabs, 1)
        self._stack.addWidget(EmptyState(self._look, EMPTY, icon="analytics"))
        self._stack.addWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        self.setMinimumSize(*MIN_SIZE)

    def _connect(self) -> None:
        self.filter.changed.connect(self.refresh)
        self.filter.trades_wanted.connect(self.save_trades)
        self.filter.fills_wanted.connect(self.save_fills)
        self.tabs.currentChanged.connect(self.refresh)
        self.groups.changed.connect(self.refresh)
        self.trades.show_lot.connect(self.show_lot)
        self.trades.show_message.connect(self.show_message)
        self.missed.show_message.connect(self.show_message)
        self.rules.changed.connect(self.refresh)
        self.end_of_day.save_wanted.connect(self.save_day)

    # -- filling -------------------------------------------------------------------------------------------

    def _fillers(self) -> "dict[QWidget, Callable[[Core, Filter], None]]":
        return {
            self.overview: self._fill_overview,
            self.groups: self._fill_groups,
            self.league: self._fill_league,
            self.trades: self._fill_trades,
            self.execution: self._fill_execution,
            self.missed: self._fill_missed,
            self.rules: self._fill_rules,
            self.end_of_day: self._fill_day,
        }

    def _fill_overview(self, core: "Core", chosen: Filter) -> None:
        days = core.analytics.groups(GroupBy.DAY, chosen)
        self.overview.show_summary(core.analytics.summary(chosen), days, self._today(core))

    def _fill_groups(self, core: "Core", chosen: Filter) -> None:
        self.groups.show_groups(core.analytics.groups(self.groups.group_by, chosen, self._today(core)))

    def _fill_league(self, core: "Core", chosen: Filter) -> None:
        self.league.show_league(core.analytics.league(chosen))

    def _fill_trades(self, core: "Core", chosen: Filter) -> None:
        self.trades.show_trades(core, core.analytics.trades(chosen))

    def _fill_execution(self, core: "Core", chosen: Filter) -> None:
        self.execution.show_execution(core.analytics.execution(chosen))

    def _fill_missed(self, core: "Core", chosen: Filter) -> None:
        day_of = core.reference.calendar.account_day
        self.missed.show_missed([
            alert for alert in core.analytics.missed()
            if chosen.period.covers(day_of(alert.at))
            and chosen.analyst in (None, alert.analyst) and chosen.channel in (None, alert.channel)
        ])  # fmt: skip

    def _fill_rules(self, core: "Core", chosen: Filter) -> None:
        fill_rules(self.rules, core, chosen)

    def _fill_day(self, core: "Core", chosen: Filter) -> None:
        if self._closed_at is None:
            return
        limits = {a.account_id: core.gate.limits(a.account_id).daily_loss_limit for a in core.accounts.accounts()}
        external = {(account, str(name)): qty for (account, name), qty in core.lots.external().items()}
        report = core.analytics.day_report(
            self._closed_at, room_tomorrow=limits, backup=self._backup, external=external
        )
        self.end_of_day.show_report(core, report, self._zone)

    def _today(self, core: "Core") -> date:
        return core.reference.calendar.account_day(core.clock.now())

    # -- facts ---------------------------------------------------------------------------------------------

    def _on_fact(self, fact: object) -> None:
        if self.isVisible():
            self._frames.request()

    def _on_frame(self) -> None:
        if self.isVisible():
            self.refresh()

    def _look_again(self) -> None:
        if self._core is not None and self._core.analytics.version != self._shown_version:
            self.refresh()

    def _on_session_closed(self, fact: SessionClosed) -> None:
        self._closed_at = fact.at
        self.show_end_of_day()

    def _on_backup(self, fact: "BackupTaken | BackupFailed") -> None:
        from tradestream_gui.upkeep.backup_schedule import BackupTaken

        if isinstance(fact, BackupTaken):
            words = f"{fact.backup.path.name}, {date_time_text(fact.backup.at, self._zone)}, verified"
            self._backup = BackupState(True, words)
        else:
            self._backup = BackupState(False, f"{fact.words} ({date_time_text(fact.at, self._zone)})")
        self._on_fact(fact)

    # -- files ---------------------------------------------------------------------------------------------

    def save_trades(self) -> None:
        if self._core is not None:
            chosen = self.filter.chosen(self._today(self._core))
            self._spawn_save(self._core, "trades.csv", CSV_KINDS, self._core.analytics.trades_csv(chosen))

    def save_fills(self) -> None:
        if self._core is not None:
            self._spawn_save(self._core, "fills.csv", CSV_KINDS, self._core.analytics.fills_csv())

    def save_day(self) -> None:
        report = self.end_of_day.report
        if self._core is not None and report is not None:
            name = f"day-{report.day.isoformat()}.txt"
            self._spawn_save(self._core, name, "Text files (*.txt)", report.as_text().encode())

    def _spawn_save(self, core: "Core", name: str, kinds: str, content: bytes) -> None:
        core.tasks.spawn(self._save(core, name, kinds, content), f"save {name}")

    async def _save(self, core: "Core", name: str, kinds: str, content: bytes) -> None:
        path = await ask_save_path(self, title=f"Save {name}", suggested=name, kinds=kinds)
        if path is not None:
            core.bus.publish(await _written(path, content, core.clock.now()))

    # overridden Qt methods

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._again.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        self._again.stop()


async def _written(path: Path, content: bytes, at: datetime) -> Notice:
    """Writes the file away from the loop and says what came of it."""
    try:
        await asyncio.to_thread(path.write_bytes, content)
    except OSError as error:
        words = f"{path.name} could not be written: {error.strerror or error}. Choose another folder."
        return Notice(NoticeKind.SYSTEM, Severity.DANGER, "Not saved", words, at)
    return Notice(NoticeKind.SYSTEM, Severity.SUCCESS, "Saved", str(path), at)
