"""Asks how a stop is to follow the price: at what distance, and from what profit on."""

from collections.abc import Callable
from decimal import Decimal

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.widgets.dialog_head import title_label, widen
from tradestream_gui.ui.widgets.price_dialog import WIDTH_PX, price_from_text


class TrailDialog(QDialog):
    """Its result is `distance` and `after` (0: at once) once accepted, `ends` when the trail is to end."""

    def __init__(
        self,
        parent: QWidget | None,
        *,
        title: str,
        instrument: Instrument,
        distance: Decimal | None,
        refusal: Callable[[Decimal | None], str],
        words: Callable[[Decimal, Decimal], str],
    ) -> None:
        super().__init__(parent)
        self._instrument = instrument
        self._refusal = refusal
        self._words = words
        self.ends = False
        self.setWindowTitle(plain(title))
        self.setModal(True)
        widen(self, WIDTH_PX)
        self.distance_field = QLineEdit("" if distance is None else f"{distance.normalize():f}")
        self.distance_field.setAccessibleName("Distance of the trail in points")
        self.after_field = QLineEdit()
        for field in (self.distance_field, self.after_field):
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.after_field.setPlaceholderText("at once")
        self.after_field.setAccessibleName("Profit in points from which it trails")
        self._hint = plain_label(role="help")
        self._hint.setWordWrap(True)
        self._hint.setMinimumHeight(34)
        self._lay_out(title, is_trailing=distance is not None)
        for field in (self.distance_field, self.after_field):
            field.textChanged.connect(self._check)
        self._check()

    @property
    def distance(self) -> Decimal | None:
        return price_from_text(self.distance_field.text(), self._instrument)

    @property
    def after(self) -> Decimal | None:
        """None for what is no number."""
        text = self.after_field.text().strip()
        found = price_from_text(text, self._instrument) if text else Decimal(0)
        return found if found is None or found >= 0 else None

    def _lay_out(self, title: str, *, is_trailing: bool) -> None:
        self.confirm = QPushButton("Trail the stop")
        self.confirm.setProperty("role", "primary")
        self.confirm.setDefault(True)
        self.confirm.clicked.connect(self.accept)
        self.end = QPushButton("Stop trailing")
        self.end.setVisible(is_trailing)
        self.end.clicked.connect(self._on_end)
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.reject)
        for button in (self.end, cancel):
            button.setAutoDefault(False)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        for row, (words, field) in enumerate(
            (("Behind the best price, points", self.distance_field), ("Once in profit by, points", self.after_field))
        ):
            label = plain_label(words, role="help")
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(title_label(title))
        column.addLayout(grid)
        column.addWidget(self._hint)
        row_of = QHBoxLayout()
        row_of.addWidget(self.end)
        row_of.addStretch(1)
        row_of.addWidget(cancel)
        row_of.addWidget(self.confirm)
        column.addLayout(row_of)

    def _check(self) -> None:
        distance, after = self.distance, self.after
        why = self._refusal(distance) or ("The profit is no number." if after is None else "")
        self._hint.setProperty("role", "error" if why and self.distance_field.text() else "help")
        style = self._hint.style()
        if style is not None:
            style.polish(self._hint)
        told = "" if distance is None or after is None else self._words(distance, after)
        self._hint.setText(plain(why or told))
        self.confirm.setEnabled(not why)

    def _on_end(self) -> None:
        self.ends = True
        self.accept()
