"""Finds what to trade: a search over symbols and names, the symbols used last, and the contract's own numbers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QStringListModel, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.contract_names import contract_name, day_text
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.ui.format import money_text
from tradestream_gui.ui.shell.find_field import mark_find_field
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, plain
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.ui.widgets.line_label import LineLabel
from tradestream_gui.ui.widgets.ticket.option import OptionPicker

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import AccountId
    from tradestream_gui.market.reference import SearchHit

HITS = 8
RECENT = 6
MONTHS = 3
NO_CONTRACT = "Type a symbol or press one of the buttons."


class SymbolPicker(QWidget):
    """Emits the instrument that is chosen, None while there is none."""

    chosen = pyqtSignal(object)
    problem = pyqtSignal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self._hits: dict[str, SearchHit] = {}
        self._recent: list[str] = []
        self._instrument: Instrument | None = None
        self._broker = ""
        self._is_by_root = False
        """The month was not chosen by a person: the one that leads at the broker takes its place."""
        self.field = QLineEdit()
        self.field.setPlaceholderText("Symbol or name: ES, AAPL, gold…")
        mark_find_field(self.field)
        self.field.setAccessibleName("Symbol")
        self._found = QStringListModel()
        self._completer = QCompleter(self._found)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.activated.connect(self._on_hit)
        self.field.setCompleter(self._completer)
        self.field.textEdited.connect(self._search)
        self.field.returnPressed.connect(self._on_return)
        self.months = ChoiceBox()
        self.months.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self.months.setAccessibleName("Contract month")
        self.months.activated.connect(self._on_month)
        self.as_option = QPushButton("Option")
        self.as_option.setCheckable(True)
        self.as_option.setToolTip("Trade an option on this symbol")
        self.as_option.toggled.connect(self._on_option)
        self.option = OptionPicker(look)
        self.option.chosen.connect(self._on_contract)
        self._line = LineLabel(role="help")
        self._recent_row = QHBoxLayout()
        self._lay_out()
        self._show_kind(None)

    def attach(self, core: Core) -> None:
        self._core = core
        self.option.attach(core)
        self._recent = list(core.settings.current.market.watchlist)[:RECENT]
        self._show_recent()

    @property
    def broker(self) -> str:
        """Whose listing is offered."""
        return self._broker

    @property
    def instrument(self) -> Instrument | None:
        return self._instrument

    def line(self) -> str:
        """What the contract line says."""
        return self._line.text()

    def choose(self, text: str, asset_class: AssetClass | None = None) -> bool:
        """Takes a symbol in any spelling; False, with the reason in `problem`, when it names nothing."""
        core = self._core
        if core is None:
            return False
        typed = text.strip().upper()
        found = core.reference.resolve(typed, core.clock.now(), asset_class)
        is_by_root = found is not None and found.asset_class is AssetClass.FUTURE and typed == found.root
        if is_by_root:
            found = core.listings.contracts(self._broker, typed, 1)[0]
        if found is None and core.reference.is_listed(typed):
            self._take_root(typed)
            self.as_option.setChecked(True)
            return True
        if found is None:
            self.problem.emit(f"“{plain(text.strip(), 20)}” names nothing that is known here.")
            return False
        self.set_instrument(found)
        self._is_by_root = is_by_root
        return True

    def use_account(self, account_id: AccountId | None) -> None:
        """The account that the ticket is for: what its broker lists is what is offered."""
        if self._core is not None and account_id is not None:
            self._broker = self._core.accounts.account(account_id).broker
            self.option.use_broker(self._broker)

    def follow_listing(self, *, is_begun: bool) -> None:
        """Takes up what the broker has said meanwhile. Once an order is begun the contract in it stays."""
        core, instrument = self._core, self._instrument
        if self.as_option.isChecked():
            self.option.follow_listing()
        elif core is not None and instrument is not None and instrument.asset_class is AssetClass.FUTURE:
            lead = core.listings.contracts(self._broker, instrument.root, 1)[0]
            if self._is_by_root and lead != instrument and not is_begun:
                self._set(lead)
                self._is_by_root = True
            else:
                self._fill_months(instrument)

    def set_instrument(self, instrument: Instrument) -> None:
        self._is_by_root = False
        self._take_root(instrument.root)
        is_option = instrument.asset_class is AssetClass.OPTION
        self.as_option.blockSignals(True)
        self.as_option.setChecked(is_option)
        self.as_option.blockSignals(False)
        if is_option:
            self.option.show_contract(instrument)
        self._set(instrument)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.field, 1)
        row.addWidget(self.months)
        row.addWidget(self.as_option)
        self._recent_row.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(self._recent_row)
        column.addLayout(row)
        column.addWidget(self.option)
        column.addWidget(self._line)

    def _search(self, text: str) -> None:
        if self._core is None:
            return
        hits = self._core.reference.search(text, HITS)
        self._hits = {f"{hit.symbol}  {plain(hit.description, 48)}": hit for hit in hits}
        self._found.setStringList(list(self._hits))

    def _on_hit(self, text: str) -> None:
        hit = self._hits.get(text)
        if hit is not None:
            is_index = hit.asset_class is AssetClass.OPTION
            self.choose(hit.symbol, None if is_index else hit.asset_class)

    def _on_return(self) -> None:
        hit = self._hits.get(self.field.text())
        if hit is not None:
            self._on_hit(self.field.text())
        else:
            self.choose(self.field.text())

    def _on_recent(self, symbol: str) -> None:
        self.choose(symbol)

    def _on_month(self) -> None:
        found = self.months.currentData()
        if isinstance(found, Instrument):
            self._is_by_root = False
            self._set(found)

    def _on_option(self, checked: bool) -> None:
        core, root = self._core, self.field.text().strip().upper()
        if core is None:
            return
        if checked:
            self.option.show_underlying(root)
        else:
            self._set(core.reference.resolve(root, core.clock.now(), AssetClass.STOCK))

    def _on_contract(self, instrument: Instrument | None) -> None:
        if self.as_option.isChecked():
            self._set(instrument)

    def _take_root(self, root: str) -> None:
        self.field.setText(root)
        self._recent = [root, *[symbol for symbol in self._recent if symbol != root]][:RECENT]
        self._show_recent()

    def _set(self, instrument: Instrument | None) -> None:
        self._instrument = instrument
        self._show_kind(instrument)
        self.problem.emit("")
        self.chosen.emit(instrument)

    def _show_kind(self, instrument: Instrument | None) -> None:
        is_future = instrument is not None and instrument.asset_class is AssetClass.FUTURE
        self.months.setVisible(is_future)
        self.as_option.setVisible(not is_future and bool(self.field.text()))
        self.option.setVisible(self.as_option.isChecked() and not is_future)
        if is_future and instrument is not None:
            self._fill_months(instrument)
        self._line.setText(NO_CONTRACT if instrument is None else _contract_line(instrument))
        explain(self._line, self._line.text())

    def _fill_months(self, instrument: Instrument) -> None:
        core = self._core
        if core is None:
            return
        listed = list(core.listings.contracts(self._broker, instrument.root, MONTHS))
        offered = listed if instrument in listed else [instrument, *listed]
        if offered != [self.months.itemData(place) for place in range(self.months.count())]:
            self.months.clear()
            for contract in offered:
                self.months.addItem(contract_name(contract).removeprefix(f"{contract.root} "), contract)
        self.months.setCurrentIndex(offered.index(instrument))
        is_unlisted = instrument not in listed and core.listings.months(self._broker, instrument.root).is_known
        words = f"{broker_name(self._broker)} does not list this month among the next" if is_unlisted else ""
        explain(self.months, words)

    def _show_recent(self) -> None:
        while (item := self._recent_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for symbol in self._recent:
            button = QToolButton()
            button.setText(symbol)
            button.setMinimumWidth(36)
            button.setAccessibleName(f"Trade {symbol}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self._on_recent, symbol))
            self._recent_row.addWidget(button)
        self._recent_row.addStretch(1)


def _contract_line(instrument: Instrument) -> str:
    """`E-mini S&P 500, tick 0.25 = $12.50, last day 18 Dec 26`."""
    if instrument.asset_class is AssetClass.STOCK:
        return instrument.description or instrument.root
    what = (
        instrument.description.rsplit(" ", 2)[0] if instrument.asset_class is AssetClass.FUTURE else "100 shares each"
    )
    tick = f"tick {instrument.tick_size} = {money_text(instrument.tick_value)}"
    last = f"last day {day_text(instrument.expiry)}" if instrument.expiry else ""
    return ", ".join(part for part in (what, tick, last) if part)
