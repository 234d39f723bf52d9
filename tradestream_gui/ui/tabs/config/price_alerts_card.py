"""The user's own price alerts: a line makes one, a list shows those that wait."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.ui.format import price_text
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.shell.price_alert_removal import remove_price_alert

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.events import PriceAlertsChanged
    from tradestream_gui.domain.price_alerts import PriceAlert
    from tradestream_gui.ui.shell.signal_hub import SignalHub

WORDS = "You are told once when the last price gets there. The watchlist's menu sets them too."
NONE = "None are set."


class PriceAlertsCard(QFrame):
    """Shows what the book says; it holds none itself."""

    undoable = pyqtSignal(str, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self.setProperty("role", "card")
        self.line = QLineEdit(self)
        self.line.setPlaceholderText("ES above 6350")
        self.line.setAccessibleName("New price alert")
        self.add = QPushButton("Set", self)
        self.add.clicked.connect(self._on_add)
        self.line.returnPressed.connect(self.add.click)
        self.error = plain_label(role="error")
        self.error.setWordWrap(True)
        self.error.hide()
        self.none = plain_label(NONE, role="help")
        self.remove: dict[str, QPushButton] = {}
        self._rows = QWidget(self)
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(3, 1)
        row = QHBoxLayout()
        row.addWidget(self.line, 1)
        row.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 12)
        column.addWidget(plain_label("Price alerts", role="h2"))
        words = plain_label(WORDS, role="help")
        words.setWordWrap(True)
        column.addWidget(words)
        column.addLayout(row)
        column.addWidget(self.error)
        column.addWidget(self.none)
        column.addWidget(self._rows)

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core = core
        hub.price_alerts_changed.connect(self._on_changed)
        self._show(core.price_alerts.alerts())

    def _on_changed(self, fact: PriceAlertsChanged) -> None:
        self._show(fact.alerts)

    def _on_add(self) -> None:
        if self._core is None:
            return
        words = ""
        try:
            self._core.price_alerts.add_text(self.line.text())
        except ValueError as error:
            words = str(error)
        else:
            self.line.clear()
        self.error.setText(plain(words))
        self.error.setVisible(bool(words))

    def _on_remove(self, alert_id: str) -> None:
        removed = None if self._core is None else remove_price_alert(self._core, alert_id)
        if removed is not None:
            self.undoable.emit(*removed)

    def _show(self, alerts: tuple[PriceAlert, ...]) -> None:
        core = self._core
        if core is None:
            return
        self.none.setVisible(not alerts)
        self._rows.setVisible(bool(alerts))
        self.remove.clear()
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, alert in enumerate(alerts):
            instrument = core.reference.instrument(alert.instrument_id)
            name = contract_name(instrument) if instrument is not None else str(alert.instrument_id)
            price = price_text(alert.price, instrument) if instrument is not None else str(alert.price)
            remove = self.remove[alert.alert_id] = QPushButton("Remove", self._rows)
            remove.setAccessibleName(f"Remove {name} {alert.side_word} {price}")
            remove.clicked.connect(partial(self._on_remove, alert.alert_id))
            self._grid.addWidget(plain_label(name, role="strong"), row, 0)
            self._grid.addWidget(plain_label(alert.side_word, role="help"), row, 1)
            self._grid.addWidget(plain_label(price, role="mono"), row, 2)
            self._grid.addWidget(remove, row, 4)
