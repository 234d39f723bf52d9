"""One key for what a held message lacks: each fix with the order that it would make."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.sessions import NEW_YORK
from tradestream_gui.ui.shell.plain import one_line, plain_label, tooltip
from tradestream_gui.ui.tabs.messages.preview import preview_words
from tradestream_gui.ui.tabs.messages.rows import MessageRow

if TYPE_CHECKING:
    from tradestream_gui.alerts.desk.fixes import Fix
    from tradestream_gui.core import Core

KEYS = "1234"


class FixBar(QWidget):
    """Shows only fixes whose text the desk would carry out as of now. Keys 1 to 4 choose one while the list shows what
    needs a look."""

    chosen = pyqtSignal(object, str)  # MessageRevision, the text with the fix

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: MessageRow | None = None
        self.fixes: tuple[Fix, ...] = ()
        self.buttons: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._lines: list[QWidget] = []
        self.hide()

    def show_row(self, core: "Core", row: MessageRow) -> None:
        """Works the fixes out where the message is held."""
        self._row = row
        held = row.is_card and row.decision is not None and row.decision.outcome is Outcome.HELD
        found = _offered(core, row) if held else ()
        self.fixes = tuple(fix for fix, _ in found)
        self._make(found)
        self.setVisible(bool(found))

    def choose(self, number: int) -> bool:
        """False where there is no such fix."""
        if self._row is None or not 0 <= number < len(self.fixes):
            return False
        self.chosen.emit(self._row.revision, self.fixes[number].text)
        return True

    # inside

    def _make(self, found: "tuple[tuple[Fix, str], ...]") -> None:
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines, self.buttons = [], []
        for number, (fix, words) in enumerate(found):
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
            button = QPushButton(f"{KEYS[number]}  {fix.label}")
            button.setAccessibleName(f"Fix and send: {fix.label}")
            button.setAccessibleDescription(words)
            button.setToolTip(tooltip(f"Key {KEYS[number]}, while the list shows what needs a look"))
            button.clicked.connect(self._on_clicked)
            told = plain_label(one_line(words, 160), role="help")
            told.setWordWrap(True)
            row.addWidget(button)
            row.addWidget(told, 1)
            self.buttons.append(button)
            self._lines.append(line)
            self._column.addWidget(line)

    def _on_clicked(self) -> None:
        for number, button in enumerate(self.buttons):
            if button is self.sender():
                self.choose(number)
                return


def _offered(core: "Core", row: MessageRow) -> "tuple[tuple[Fix, str], ...]":
    """Candidates that would be carried out, with the sentence of what they come to."""
    from dataclasses import replace

    from tradestream_gui.alerts.binding.intents import Hold
    from tradestream_gui.alerts.desk.fixes import fixes_of

    revision, decision = row.revision, row.decision
    if revision.embeds or decision is None:
        return ()
    preview = core.alerts.preview(revision)
    if preview.reading is None:
        return ()
    actions = preview.reading.candidate or preview.reading.actions
    codes = [reason.code for reason in preview.reading.reasons] + [decision.code]
    codes += [preview.outcome.code] if isinstance(preview.outcome, Hold) else []
    symbols = list(dict.fromkeys(
        core.market.instrument(lot.instrument_id).root
        for lot in core.lots.open_lots()
        if preview.route is not None and lot.origin.analyst_id == preview.route.analyst.analyst_id
    ))  # fmt: skip
    today = core.clock.now().astimezone(NEW_YORK).date()
    found = []
    for fix in fixes_of(revision.text, actions[0] if actions else None, codes, today, symbols):
        tried = core.alerts.preview(replace(revision, text=fix.text))
        if tried.reading is not None and tried.reading.actions and isinstance(tried.outcome, tuple) and tried.outcome:
            found.append((fix, preview_words(core, tried, by_key=True)[1]))
    return tuple(found)
