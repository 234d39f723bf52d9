"""The bar that is always there: account, links, the day's result, the room left, and the way out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.ui.format import money_text, profit_text
from tradestream_gui.ui.shell.frame_clock import FrameClock
from tradestream_gui.ui.shell.heartbeat import MinuteTurn
from tradestream_gui.ui.shell.ink import ink
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.overlays import keep_free
from tradestream_gui.ui.shell.plain import plain, plain_label, tooltip
from tradestream_gui.ui.shell.tone import Tone, profit_tone
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.ui.widgets.frozen_streams import FrozenStreams
from tradestream_gui.ui.widgets.hold_button import HoldButton, PromptButton
from tradestream_gui.ui.widgets.lamp import Brevity, Lamp, LampState
from tradestream_gui.ui.widgets.steady_label import SteadyLabel

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.events import BrokerLinkChanged
    from tradestream_gui.domain.events_market import FeedLinkChanged, StreamRevived, StreamWentStale
    from tradestream_gui.ui.shell.signal_hub import SignalHub

REFRESH_MS = 500
ACCOUNT_PX = 230
"""A longer name is cut; the tool tip has it whole."""
_LAMP_OF_STATE = {
    "off": LampState.OFF,
    "connecting": LampState.BUSY,
    "up": LampState.OK,
    "down": LampState.DOWN,
    "sign-in needed": LampState.DOWN,
}


class RiskBar(QFrame):
    """Shows one account; every figure is asked of its owner twice a second while prices move, on each change, and each
    minute, because a new day begins without a fact."""

    kill_pressed = pyqtSignal()
    kill_held = pyqtSignal()
    flatten_pressed = pyqtSignal()
    resume_pressed = pyqtSignal()
    account_changed = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._lamps: dict[str, Lamp] = {}
        self._frozen = FrozenStreams()
        self.setProperty("role", "panel")
        keep_free(self)
        self.account = ChoiceBox()
        self.account.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.account.setAccessibleName("Account")
        self.account.currentIndexChanged.connect(self._on_account)
        self._lamp_row = QHBoxLayout()
        self._day = _Figure("Day")
        self._room = _Figure("Room left today")
        self._risk = _Figure("Open risk")
        self._state = _Figure("Trading")
        self._share = _Figure("Limit used")
        self._used = QProgressBar()
        self._used.setTextVisible(False)
        self._used.setRange(0, 100)
        self._used.setFixedWidth(72)
        self._used.setAccessibleName("Share of the daily loss limit that is used")
        self.resume = QPushButton("Resume…")
        self.resume.clicked.connect(self._on_resume)
        self.resume.hide()
        self.flatten = PromptButton("Flatten all")
        self.flatten.setToolTip("Close every position at the market and cancel what works (Ctrl+Shift+F)")
        self.flatten.acted.connect(self.flatten_pressed)
        self.kill = HoldButton(look, "KILL")
        self.kill.setToolTip("Press: lock, cancel entries, keep stops. Hold 0.7 s: flatten too (Ctrl+Shift+K)")
        self.kill.setAccessibleName("Kill switch")
        self.kill.pressed_once.connect(self.kill_pressed)
        self.kill.held.connect(self.kill_held)
        self._lay_out()
        self._minute = MinuteTurn()
        self._frames = FrameClock(self.refresh, REFRESH_MS, self)
        self._spare = (self._used, self._share, self._risk)
        self._taken: tuple[int, ...] = ()
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core = core
        for account in core.accounts.accounts():
            self.account.addItem(plain(f"{account.name} · {account.kind.value}"), account.account_id)
        hub.broker_link_changed.connect(self._on_broker_link)
        hub.feed_link_changed.connect(self._on_feed_link)
        hub.stream_went_stale.connect(self._on_stale)
        hub.stream_revived.connect(self._on_revived)
        for signal in (hub.account_state_changed, hub.lot_changed, hub.balance_changed):
            signal.connect(self._on_fact)
        for signal in (hub.frame, hub.order_changed, hub.plan_changed):
            signal.connect(self._on_frame)
        for broker, state in core.order_desk.links().items():
            self.show_link(broker, _LAMP_OF_STATE[state.value], state.value)
        feed = core.subscriptions.feed.name
        link = core.board.link(feed)
        if link is not None:
            self.show_link(feed, _LAMP_OF_STATE[link.value], link.value)
        hub.second.connect(self._on_second)
        self.refresh()

    @property
    def account_id(self) -> AccountId | None:
        found = self.account.currentData()
        return AccountId(found) if found else None

    def show_link(self, name: str, state: LampState, word: str, detail: str = "") -> None:
        """Sets one lamp, made at its first use."""
        lamp = self._lamps.get(name)
        if lamp is None:
            lamp = self._lamps[name] = Lamp(self._look, broker_name(name))
            self._lamp_row.addWidget(lamp)
            lamp.show()  # by itself it would be shown later, and would take no room in what is measured now
        lamp.show_state(state, word, detail)
        self._fit()

    def refresh(self) -> None:
        core, account_id = self._core, self.account_id
        if core is None or account_id is None:
            return
        pnl = core.gate.day_pnl(account_id)
        limit = core.gate.limits(account_id).daily_loss_limit
        room = core.gate.room_today(account_id)
        self._day.show_value(profit_text(pnl), self._look, profit_tone(pnl) if pnl is not None else Tone.MUTED)
        used = max(min((limit - room) / limit, Decimal(1)), Decimal(0)) if limit else Decimal(1)
        self._used.setValue(int(used * 100))
        self._share.show_value(f"{int(used * 100)} %", self._look, None)
        tone = "danger" if used >= Decimal("0.8") else "warn" if used >= Decimal("0.5") else ""
        if self._used.property("tone") != tone:
            self._used.setProperty("tone", tone)
            style = self._used.style()
            if style is not None:
                style.polish(self._used)
        self._room.show_value(money_text(room), self._look, None)
        words = f"The daily loss limit is {money_text(limit, cents=False)}; what today brings moves the room"
        if self._room.toolTip() != tooltip(words):
            self._room.setToolTip(tooltip(words))
        self._risk.show_value(money_text(core.exposure.of(account_id).open_risk), self._look, None)
        self._show_state(core, account_id)
        taken = (self.resume.isHidden(), *(each.sizeHint().width() for each in (self._day, self._room, self._state)))
        if taken != self._taken:
            self._taken = taken
            self._fit()

    def _show_state(self, core: Core, account_id: AccountId) -> None:
        from tradestream_gui.domain.accounts import TradingState  # not needed to paint

        state = core.accounts.state(account_id)
        tone = {TradingState.ACTIVE: Tone.OK, TradingState.REDUCING: Tone.WARN}.get(state.trading_state, Tone.DANGER)
        if state.trading_state in (TradingState.STARTING, TradingState.RECONCILING):
            tone = Tone.INFO
        self._state.show_value(state.trading_state.value, self._look, tone)
        if self._state.toolTip() != tooltip(state.reason):
            self._state.setToolTip(tooltip(state.reason))
        locked = state.trading_state in (TradingState.LOCKED, TradingState.HALTED, TradingState.REDUCING)
        self.resume.setVisible(locked and state.locked_until is None)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 8, 6)
        row.setSpacing(16)
        row.addWidget(self.account)
        self._lamp_row.setSpacing(12)
        row.addLayout(self._lamp_row)
        row.addStretch(1)
        self._used_row = used = QHBoxLayout()
        used.setSpacing(8)
        used.addWidget(self._share)
        used.addWidget(self._used)
        row.addWidget(self._day)
        row.addWidget(self._room)
        row.addLayout(used)
        row.addWidget(self._risk)
        row.addWidget(self._state)
        row.addSpacing(8)
        for button in (self.resume, self.flatten, self.kill):
            row.addWidget(button)

    def _fit(self) -> None:
        """Under a large text figures that others repeat go, the first first, then words of the lamps, which the line
        below the bar repeats in full, and last the room left, which the Portfolio has too: no button and no lamp
        is ever cut, and the account's name last."""
        for part in (*self._spare, self._room):
            part.show()
        self._shorten(Brevity.ALL_WORDS)
        for part in self._spare:
            if self._is_too_wide():
                part.hide()
        for brevity in (Brevity.TROUBLE, Brevity.TROUBLE_WORD, Brevity.SHAPES):
            if self._is_too_wide():
                self._shorten(brevity)
        self._room.setVisible(not self._is_too_wide())

    def _shorten(self, brevity: Brevity) -> None:
        for lamp in self._lamps.values():
            lamp.set_brevity(brevity)

    def _is_too_wide(self) -> bool:
        row = self.layout()
        assert row is not None, "it was laid out"
        for inner in (self._used_row, self._lamp_row, row):
            inner.invalidate()
        return row.sizeHint().width() > self.width()

    # overridden Qt methods

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    # facts

    def _on_broker_link(self, fact: BrokerLinkChanged) -> None:
        self.show_link(fact.broker, _LAMP_OF_STATE.get(fact.state, LampState.OFF), fact.state, fact.detail)

    def _on_feed_link(self, fact: FeedLinkChanged) -> None:
        self.show_link(fact.feed, _LAMP_OF_STATE.get(fact.state, LampState.OFF), fact.state, fact.detail)
        if fact.state == "up" and fact.feed in self._frozen.feeds():
            self._show_flow(fact.feed)

    def _on_stale(self, fact: StreamWentStale) -> None:
        self._frozen.stale(fact)
        self._show_flow(fact.feed)

    def _on_revived(self, fact: StreamRevived) -> None:
        self._frozen.revived(fact)
        self._show_flow(fact.feed)

    def _show_flow(self, feed: str) -> None:
        """A feed that is connected and yet stands still, in whole or in part; a broken link says more than that."""
        core = self._core
        link = core.board.link(feed) if core is not None else None
        if link is not None and link.value != "up":
            return
        since = self._frozen.silent_since(feed)
        words = self._frozen.words(feed)
        if since is not None:
            self.show_link(feed, LampState.WARN, "silent", f"Connected, but no word since {since:%H:%M:%S} UTC")
        elif words:
            detail = f"Connected, but these stand still while their market moves: {words}"
            self.show_link(feed, LampState.WARN, self._frozen.word(feed), detail)
        else:
            self.show_link(feed, LampState.OK, "up")

    def _on_fact(self, fact: object) -> None:
        self.refresh()

    def _on_second(self) -> None:
        if self._core is not None and self._minute.has_come(self._core.clock.now()):
            self.refresh()

    def _on_frame(self, changed: object) -> None:
        """Prices and orders move the day and the risk; without them nothing is counted anew."""
        self._frames.request()

    def _adopt_look(self) -> None:
        self.account.setMaximumWidth(self._look.px(ACCOUNT_PX))
        self.refresh()
        self._fit()

    def _on_account(self, index: int) -> None:
        self.account.setToolTip(tooltip(self.account.currentText()))
        self.refresh()
        self.account_changed.emit(self.account_id)

    def _on_resume(self) -> None:
        self.resume_pressed.emit()


class _Figure(QWidget):
    """A caption over a value."""

    def __init__(self, caption: str) -> None:
        super().__init__()
        self._value = SteadyLabel("–", role="strong")
        self.setAccessibleName(caption)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(plain_label(caption, role="caption"))
        column.addWidget(self._value)

    def show_value(self, text: str, look: Look, tone: Tone | None) -> None:
        if self._value.text() != text:
            self._value.setText(text)
            self.setAccessibleDescription(text)
        ink(self._value, look.tone(tone))
