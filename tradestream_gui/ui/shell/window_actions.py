"""What the keys, the bar and the notices do: kill, flatten, resume, tabs, theme and help."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.events import Notice, ProtectionLost
from tradestream_gui.domain.quotes import DataKind
from tradestream_gui.ui.shell.dialogs import Question, ask
from tradestream_gui.ui.shell.event_loop import run_ready
from tradestream_gui.ui.shell.key_bindings import KeyBindings
from tradestream_gui.ui.shell.layout_store import LayoutStore
from tradestream_gui.ui.shell.lock_watch import LockWatch
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.look_keeper import LookKeeper
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.notifier import toast_level
from tradestream_gui.ui.shell.palette_door import PaletteDoor
from tradestream_gui.ui.shell.pane_ring import PaneRing
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.shell.table_export import export_table
from tradestream_gui.ui.shell.ways import Ways
from tradestream_gui.ui.widgets.table_view import TableView
from tradestream_gui.ui.widgets.toast import ToastLevel, ToastNote

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub
    from tradestream_gui.ui.widgets.first_start import FirstStart
    from tradestream_gui.ui.widgets.help_sheet import HelpSheet

BUILT_IN_KEYS = (1, 2, 3, 4)
SCALE_STEP = 0.1
_THEME_AFTER = {"dark": "light", "light": "high-contrast", "high-contrast": "dark"}


class WindowActions(QObject):
    """Connects the window's parts with the core's commands; what only reduces asks nothing."""

    demo_wanted = pyqtSignal()

    def __init__(self, window: MainWindow, look: Look, core: Core, hub: SignalHub, layouts: LayoutStore) -> None:
        super().__init__(window)
        self._window = window
        self._look = look
        self._core = core
        self._layouts = layouts
        self._look_keeper = LookKeeper(look, core, layouts, self)
        self._welcome: FirstStart | None = None
        self._help: HelpSheet | None = None
        self.keys = KeyBindings(window, core)
        self.ways = Ways(window)
        self._panes = PaneRing(window, self.keys)
        self._palette = PaletteDoor(window, look, core, hub, self.keys, layouts, self.ways)
        bar = window.risk_bar
        bar.kill_pressed.connect(self.kill)
        bar.kill_held.connect(partial(self.flatten, "KILL held"))
        bar.flatten_pressed.connect(self.flatten)
        bar.resume_pressed.connect(self.resume)
        hub.notice.connect(self._on_notice)
        hub.protection_lost.connect(self._on_unprotected)
        hub.session_closed.connect(self._on_session_closed)
        window.table_export_wanted.connect(self._on_export)
        self._lock_watch = LockWatch(self)
        self._lock_watch.locked.connect(window.arming.on_screen_lock)
        self._bind_keys()

    # -- trading -------------------------------------------------------------------------------------------

    def kill(self) -> None:
        self._core.kill.kill("KILL pressed")
        run_ready()

    def flatten(self, reason: str = "Flatten all") -> None:
        self._core.kill.flatten(reason)
        run_ready()

    def pull_entries(self) -> None:
        """Every entry of every account; what protects or leaves a position stays."""
        from tradestream_gui.ui.tabs.order_entry.submit import cancel_entries

        self.ways.say(cancel_entries(self._core))

    def resume(self) -> None:
        account_id = self._window.risk_bar.account_id
        if account_id is not None:
            self._core.tasks.spawn(self._resume(), "resume trading")

    async def _resume(self) -> None:
        account_id = self._window.risk_bar.account_id
        if account_id is None:
            return
        state, account = self._core.accounts.state(account_id), self._core.accounts.account(account_id)
        missing = self._core.entry_lock.missing(account_id)
        question = Question(
            title="Take entries again?",
            text=f"The account is {state.trading_state.value}: {state.reason}",
            confirm="Resume trading",
            facts=(
                ("Open positions", str(len(self._core.lots.open_lots(account_id)))),
                ("Working orders", str(len(self._core.blotter.open_orders(account_id)))),
                *((("Still missing", missing),) if missing else ()),
            ),
            sentence=account.entry_sentence,
            role="danger" if state.trading_state is TradingState.LOCKED else "primary",
        )
        if await ask(self._window, question):
            refused = self._core.entry_lock.open(account_id, account.entry_sentence)
            if refused:
                self.ways.say(refused)

    # -- the start -----------------------------------------------------------------------------------------

    def welcome(self) -> None:
        """The three cards, at the very first start of a profile only; who watches the demo has chosen already."""
        if self._layouts.was_welcomed() or self._core.subscriptions.feed.kind is DataKind.DEMO:
            return
        from tradestream_gui.ui.widgets.first_start import FirstStart

        self._layouts.note_welcome()
        self._welcome = FirstStart(self._look, self._window.tabs)
        self._welcome.demo_wanted.connect(self.demo_wanted)
        self._welcome.paper_wanted.connect(self._to_order_entry)
        self._welcome.paste_wanted.connect(self._to_messages)
        self._window.tabs.currentChanged.connect(self._welcome.dismiss)
        self._welcome.show()

    def tell_safe_mode(self) -> None:
        words = "Alert sources are off and the layout is the default one: nothing is traded unless you order it."
        self._window.toasts.show(ToastNote(ToastLevel.WARN, "Safe mode", words))

    # -- keys ----------------------------------------------------------------------------------------------

    def _bind_keys(self) -> None:
        for name, action in (
            ("portfolio", self._to_portfolio),
            ("messages", self._to_messages),
            ("order_entry", self._to_order_entry),
            ("analytics", self._to_analytics),
            ("config", self._to_config),
            ("palette", self._palette.open),
            ("find", self._palette.find),
            ("layouts", self._palette.open_layouts),
            ("new_order", self._to_order_entry),
            ("settings", self._to_config),
            ("arm", self._window.arming.toggle),
            ("kill", self.kill),
            ("flatten", self.flatten),
            ("pull_entries", self.pull_entries),
            ("next_theme", self._next_theme),
            ("larger", self._larger),
            ("smaller", self._smaller),
            ("normal_size", self._normal_size),
            ("help", self.show_help),
            ("undo", self._window.toasts.act_on_last),
            ("quit", self._quit),
        ):
            self.keys.bind(name, action)
        for number in BUILT_IN_KEYS:
            self.keys.bind(f"layout_{number}", partial(self._palette.show_layout, number))

    def _quit(self) -> None:
        self._window.close()

    def show_help(self) -> None:
        from tradestream_gui.ui.docks.ladder.keys import ladder_sheet
        from tradestream_gui.ui.widgets.help_sheet import HelpSheet

        self._help = HelpSheet(self._look, self.keys.sheet, ladder_sheet(self._core), self._window)
        self._help.open()

    def _to_portfolio(self) -> None:
        self._window.look_at("portfolio")

    def _to_messages(self) -> None:
        self._window.look_at("messages")

    def _to_order_entry(self) -> None:
        self._window.look_at("order_entry")

    def _to_analytics(self) -> None:
        self._window.look_at("analytics")

    def _to_config(self) -> None:
        self._window.look_at("config")

    def _next_theme(self) -> None:
        self._look_keeper.set_theme(_THEME_AFTER.get(self._look.theme.name, "dark"))

    def _larger(self) -> None:
        self._look_keeper.set_scale(self._look.scale + SCALE_STEP)

    def _smaller(self) -> None:
        self._look_keeper.set_scale(self._look.scale - SCALE_STEP)

    def _normal_size(self) -> None:
        self._look_keeper.set_scale(1.0)

    # -- notices -------------------------------------------------------------------------------------------

    def _on_notice(self, fact: Notice) -> None:
        level = toast_level(fact, self._core.settings.current.notifications)
        if level is not None:
            self._window.toasts.show(ToastNote(level, one_line(fact.title), one_line(fact.words)))

    def _on_export(self, table: TableView) -> None:
        self._core.tasks.spawn(self._export(table), "export a table")

    async def _export(self, table: TableView) -> None:
        note = await export_table(table, self._window, Path.home())
        if note is not None:
            self._window.toasts.show(note)

    def _on_unprotected(self, fact: ProtectionLost) -> None:
        self._window.toasts.show(ToastNote(ToastLevel.ERROR, "Position without stop", one_line(fact.words)))

    def show_return(self) -> None:
        """A window that opened because a drill had killed the one before shows what came of it."""
        if self._core.drill is None or not self._core.drill.came_back:
            return
        self._window.look_at("config", _show_drill)

    def _on_session_closed(self, fact: object) -> None:
        """Only the demo is over then: who trades is told of the report, and keeps the tab that he looks at."""
        if self._core.subscriptions.feed.kind is DataKind.DEMO:
            self._window.look_at("analytics", _show_end_of_day)


def _show_end_of_day(part: QWidget) -> None:
    show = getattr(part, "show_end_of_day", None)
    if show is not None:
        show()


def _show_drill(part: QWidget) -> None:
    from tradestream_gui.ui.tabs.config import ConfigTab
    from tradestream_gui.ui.tabs.config.extras import show_drill

    if isinstance(part, ConfigTab):
        show_drill(part)
