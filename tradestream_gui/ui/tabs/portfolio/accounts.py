"""The strip of accounts over the positions: what each is worth, what its day has brought, and how much room is left."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.money import ZERO
from tradestream_gui.ui.format import NOTHING, money_text, profit_text
from tradestream_gui.ui.shell.ink import ink
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, one_line, plain, plain_label
from tradestream_gui.ui.shell.tone import Tone, profit_tone

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.accounts import Account

_STATE_TONE = {
    TradingState.ACTIVE: Tone.OK,
    TradingState.STARTING: Tone.INFO,
    TradingState.RECONCILING: Tone.INFO,
    TradingState.REDUCING: Tone.WARN,
    TradingState.HALTED: Tone.DANGER,
    TradingState.LOCKED: Tone.DANGER,
}
_STATE_SHAPE = {Tone.OK: "●", Tone.INFO: "○", Tone.WARN: "▲", Tone.DANGER: "×"}
SPACING_PX = 8
SPARE = ("Buying power", "Cash", "Net liq", "Room left today")
"""What a narrow line leaves out, in this order; the room stands in the bar above too."""


class AccountsStrip(QFrame):
    """One line of figures for each account, made when the account is first seen."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._lines: dict[AccountId, AccountLine] = {}
        self.setProperty("role", "panel")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 6, 12, 6)
        self._column.setSpacing(6)
        self._empty = plain_label("Accounts appear here as soon as they are open.", role="help")
        self._column.addWidget(self._empty)

    def refresh(self, core: Core) -> None:
        for account in core.accounts.accounts():
            line = self._lines.get(account.account_id)
            if line is None:
                line = self._lines[account.account_id] = AccountLine(self._look, account)
                self._column.addWidget(line)
            line.refresh(core)
        self._empty.setVisible(not self._lines)

    def texts(self, account_id: AccountId) -> dict[str, str]:
        """What the line of an account shows, by caption."""
        return self._lines[account_id].texts()


class AccountLine(QWidget):
    def __init__(self, look: Look, account: Account) -> None:
        super().__init__()
        self._look = look
        self._account = account
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING_PX)
        self._name = Figure(account.kind.value, look)
        self._name.show_value(one_line(account.name, 30), Tone.TEXT)
        self._state = Figure("Trading", look)
        self._figures = {
            name: Figure(name, look)
            for name in ("Net liq", "Cash", "Buying power", "Realised today", "Open P&L", "Room left today")
        }
        row.addWidget(self._name)
        row.addWidget(self._state)
        for figure in self._figures.values():
            row.addStretch(1)
            row.addWidget(figure)

    def _fit(self) -> None:
        """What is needed least leaves a narrow line; what a long name lacks then is cut from it."""
        self._name.shorten(0)
        figures = [self._name, self._state, *self._figures.values()]
        wanted = sum(figure.sizeHint().width() for figure in figures) + SPACING_PX * len(figures)
        for name in SPARE:
            fits = wanted <= self.width()
            self._figures[name].setVisible(fits)
            wanted -= 0 if fits else self._figures[name].sizeHint().width() + SPACING_PX
        self._name.shorten(max(wanted - self.width(), 0))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def texts(self) -> dict[str, str]:
        return {"Trading": self._state.text()} | {name: figure.text() for name, figure in self._figures.items()}

    def refresh(self, core: Core) -> None:
        account_id = self._account.account_id
        state = core.accounts.state(account_id)
        tone = _STATE_TONE[state.trading_state]
        self._state.show_value(f"{_STATE_SHAPE[tone]} {state.trading_state.value}", tone, state.reason)
        balance = core.accounts.balance(account_id)
        untold = "The broker has not stated it." if balance is None else "The broker does not state it."
        self._money("Net liq", balance.net_liquidation if balance else None, untold)
        self._money("Cash", balance.cash if balance else None, untold)
        self._money("Buying power", balance.buying_power if balance else None, untold)
        self._profit("Realised today", core.ledger.realized(account_id, core.clock.now()), "After fees, all trades.")
        open_pnl = core.exposure.open_pnl(account_id)
        self._profit("Open P&L", open_pnl, "" if open_pnl is not None else "A position has no price to close at.")
        self._room(core, account_id)

    def _room(self, core: Core, account_id: AccountId) -> None:
        room, limit = core.gate.room_today(account_id), core.gate.limits(account_id).daily_loss_limit
        left = room / limit if limit else ZERO
        tone = Tone.DANGER if left <= Decimal("0.2") else Tone.WARN if left <= Decimal("0.5") else Tone.TEXT
        words = (
            f"May still be lost today, open profit and loss included; the daily limit is {money_text(limit)}.\n"
            f"{core.ledger.entries(account_id, core.clock.now())} of "
            f"{core.gate.limits(account_id).max_entries_per_day} entries made today."
        )
        self._figures["Room left today"].show_value(money_text(room), tone, words)

    def _money(self, name: str, amount: Decimal | None, untold: str) -> None:
        tone = Tone.TEXT if amount is not None else Tone.MUTED
        self._figures[name].show_value(money_text(amount), tone, "" if amount is not None else untold)

    def _profit(self, name: str, amount: Decimal | None, words: str) -> None:
        self._figures[name].show_value(profit_text(amount), profit_tone(amount), words)


class Figure(QWidget):
    """A caption over a value, both small; the value speaks with its caption."""

    def __init__(self, caption: str, look: Look) -> None:
        super().__init__()
        self._look = look
        self._caption = caption
        self._tone = Tone.MUTED
        self._words = ""
        self._whole = NOTHING
        self._value: QLabel = plain_label(NOTHING, role="strong")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(plain_label(caption, role="caption"))
        column.addWidget(self._value)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def text(self) -> str:
        return self._whole

    def show_value(self, text: str, tone: Tone, words: str = "") -> None:
        shown = plain(text)
        if shown != self._whole:
            self._whole = shown
            self._value.setText(shown)
            self.setAccessibleName(f"{self._caption} {shown}")
        if tone is not self._tone:
            self._tone = tone
            self._adopt_look()
        if words != self._words:
            self._words = words
            explain(self, words)

    def shorten(self, missing: int) -> None:
        """Shows the value with an ellipsis, so many pixels narrower than it is; its tool tip has the whole."""
        metrics, whole = self._value.fontMetrics(), self._whole
        room = metrics.horizontalAdvance(whole) - missing
        self._value.setText(metrics.elidedText(whole, Qt.TextElideMode.ElideRight, room) if missing else whole)
        if missing:
            explain(self, whole)

    def _adopt_look(self) -> None:
        ink(self._value, self._look.tone(self._tone))
