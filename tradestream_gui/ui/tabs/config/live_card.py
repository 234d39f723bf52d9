"""Unlocks FUNDED and LIVE accounts: what is proven of each, the unlock test, the typed sentence, and back to paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.errors import ConfigInvalid
from tradestream_gui.domain.ids import AnalystId
from tradestream_gui.trading.unlock_test import UnlockStage
from tradestream_gui.ui.shell.dialogs import Question, ask
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.upkeep.settings.rerouting import paper_account, rerouted

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.accounts import Account
    from tradestream_gui.ui.shell.signal_hub import SignalHub

HOW = (
    "An account with real money begins shut: it shows what it holds, keeps stops and lets everything go that reduces, "
    "but opens nothing. Three things open it until the program ends: its broker's log-in proves what it is, the test "
    "below has passed in it, and you type the sentence. The test buys one contract at a limit 2 % below the market, "
    "looks for it in the broker's list, cancels it and looks again; it counts as one of the day's entries. A restored "
    "backup wants it again. While the market is closed it waits for the open. An alert opens something here only when "
    "its analyst is proven on paper, as Risk & limits asks for it; orders by hand do not wait for that."
)
NONE = "No FUNDED or LIVE account is enabled above."
NOBODY = "Nobody is followed: see Discord & channels."
FIRST_SYMBOL = "MES"
REFRESH_MS = 500


class LiveCard(QFrame):
    """Shows one account at a time; every button says in words what came of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self.setProperty("role", "card")
        how = plain_label(HOW, role="help")
        how.setWordWrap(True)
        self.account = ChoiceBox(self)
        self.account.setAccessibleName("Account to unlock")
        self.account.currentIndexChanged.connect(self._show)
        self.state, self.proof, self.tested, self.proven = (self._line() for _ in range(4))
        self.symbol = QLineEdit(FIRST_SYMBOL, self)
        self.symbol.setAccessibleName("Symbol of the unlock test")
        self.symbol.setMaximumWidth(120)
        self.test = QPushButton("Run the test", self)
        self.test.clicked.connect(self._on_test)
        self.open = QPushButton("Open entries…", self)
        self.open.setProperty("role", "danger")
        self.open.clicked.connect(self._on_open)
        self.back = QPushButton("Back to paper", self)
        self.back.clicked.connect(self._on_back)
        self.said = self._line()
        self._lay_out(how)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._refresh)
        self._timer.start(REFRESH_MS)

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core = core
        hub.account_state_changed.connect(self._refresh)
        for account in self._guarded():
            self.account.addItem(plain(f"{account.name}, {account.account_id}"), account.account_id)
        self._show()

    def _line(self) -> QLabel:
        line = plain_label("", parent=self)
        line.setWordWrap(True)
        return line

    def _lay_out(self, how: QLabel) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 12)
        column.addWidget(plain_label("FUNDED and LIVE accounts", role="h2"))
        column.addWidget(how)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        rows = (
            ("Account", self.account), ("Entries", self.state), ("Log-in", self.proof), ("Test", self.tested),
            ("Analysts", self.proven),
        )  # fmt: skip
        for row, (label, widget) in enumerate(rows):
            grid.addWidget(plain_label(label, role="help"), row, 0)
            grid.addWidget(widget, row, 1)
        column.addLayout(grid)
        buttons = QHBoxLayout()
        for widget in (self.symbol, self.test, self.open, self.back):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self.said)

    def _guarded(self) -> list[Account]:
        return [one for one in self._core.accounts.accounts() if one.kind.is_guarded] if self._core else []

    def _chosen(self) -> Account | None:
        chosen = self.account.currentData()
        return next((account for account in self._guarded() if account.account_id == chosen), None)

    def _refresh(self, _fact: object = None) -> None:
        if self.isVisible():
            self._show()

    def _show(self, _index: int = 0) -> None:
        core, account = self._core, self._chosen()
        for button in (self.test, self.open, self.back):
            button.setEnabled(account is not None)
        if core is None or account is None:
            self.state.setText(NONE)
            return
        state, found = core.accounts.state(account.account_id), core.entry_lock.test.result(account.account_id)
        self.state.setText(plain(f"{state.trading_state.value}: {state.reason}"))
        linked = core.order_desk.is_linked(account.account_id)
        name = broker_name(account.broker)
        proven = f"{name} is connected and proves {account.account_id} a {account.kind.value} account"
        self.proof.setText(plain(proven if linked else f"{name} is not connected"))
        at = f" ({found.at:%Y-%m-%d %H:%M} UTC)" if found.at is not None else ""
        self.tested.setText(plain(f"{found.stage.value}{at}: {found.words}"))
        self.test.setEnabled(found.stage is not UnlockStage.RUNNING)
        self.proven.setText("\n".join(plain(line) for line in _analysts(core)) or NOBODY)

    def _on_test(self) -> None:
        core, account = self._core, self._chosen()
        if core is None or account is None:
            return
        symbol = self.symbol.text().strip().upper()
        instrument = core.reference.resolve(symbol, core.clock.now()) if symbol else None
        if instrument is None:
            self.said.setText(plain(f"“{symbol}” names no contract that this version knows."))
            return
        self.said.setText(plain(core.entry_lock.test.request(account.account_id, instrument)))
        self._show()

    def _on_open(self) -> None:
        core, account = self._core, self._chosen()
        if core is not None and account is not None:
            core.tasks.spawn(self._open(core, account), "open entries")

    async def _open(self, core: Core, account: Account) -> None:
        missing = core.entry_lock.missing(account.account_id)
        if missing:
            self.said.setText(plain(missing))
            return
        question = Question(
            title=f"Open entries in {account.name}?",
            text=f"{account.account_id} is a {account.kind.value} account: alerts and clicks open positions there.",
            confirm="Open entries",
            facts=(("State now", core.accounts.state(account.account_id).reason),),
            sentence=account.entry_sentence,
            role="danger",
        )
        if await ask(self.window(), question):
            refused = core.entry_lock.open(account.account_id, account.entry_sentence)
            self.said.setText(plain(refused or f"{account.account_id} takes entries until the program ends."))
            self._show()

    def _on_back(self) -> None:
        core, account = self._core, self._chosen()
        if core is None or account is None:
            return
        self.said.setText(plain(core.entry_lock.shut(account.account_id)))
        self._show()
        core.tasks.spawn(self._reroute(core, account), "back to paper")

    async def _reroute(self, core: Core, account: Account) -> None:
        paper = paper_account(core.settings.current)
        values = rerouted(core.settings.current, account.account_id, paper) if paper else {}
        if not values:
            return
        try:
            await core.settings.apply(core.settings.propose(values))
        except ConfigInvalid as error:
            self.said.setText(plain(f"Entries are shut, but alerts still name {account.account_id}: {error}"))
        else:
            self.said.setText(plain(f"{self.said.text()}; alerts that went there go to {paper} now"))

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._show()


def _analysts(core: Core) -> list[str]:
    """Each one who is followed, with what is still to be shown on paper."""
    told = []
    for row in core.settings.current.routing.analysts:
        missing = "; ".join(core.go_live.missing(AnalystId(row.id)))
        told.append(f"{row.name}: not yet, {missing}" if missing else f"{row.name}: proven on paper")
    return told
