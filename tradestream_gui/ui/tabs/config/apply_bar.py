"""The bar below the settings: how many edits wait, what is wrong with them, Discard and Apply."""

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.overlays import keep_free
from tradestream_gui.ui.shell.plain import explain, one_line, plain_label
from tradestream_gui.ui.widgets.line_label import LineLabel

NO_EDITS = "No unsaved changes."


class ApplyBar(QFrame):
    apply_wanted = pyqtSignal()
    discard_wanted = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        keep_free(self)  # a limit that is tightened takes risk away
        self.words = plain_label(NO_EDITS, role="help", parent=self)
        self.problem = LineLabel(role="error", parent=self)
        self.discard = QPushButton("Discard", self)
        self.apply = QPushButton("Apply…", self)
        self.apply.setProperty("role", "primary")
        self.discard.clicked.connect(self.discard_wanted)
        self.apply.clicked.connect(self.apply_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(12)
        row.addWidget(self.words)
        row.addWidget(self.problem, 1)
        row.addWidget(self.discard)
        row.addWidget(self.apply)
        self.show_edits(0, "")

    def show_edits(self, count: int, problems: str) -> None:
        """How many edits wait, and why they cannot be applied."""
        self.words.setText(NO_EDITS if not count else f"{count} unsaved {'change' if count == 1 else 'changes'}.")
        self.show_error(problems)
        self.discard.setEnabled(count > 0)
        self.apply.setEnabled(count > 0 and not problems)

    def show_words(self, words: str) -> None:
        self.words.setText(one_line(words, 160))
        self.show_error("")

    def show_error(self, words: str) -> None:
        self.problem.setText(one_line(words, 240))
        explain(self.problem, words)
