"""Questions to the user without a nested event loop: a dialog opens, its answer is awaited, everything else goes on.

`exec()` would run a second Qt loop inside a coroutine, and every task that wakes meanwhile would hang for good.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tradestream_gui.ui.shell.plain import plain_label
from tradestream_gui.ui.widgets.dialog_head import title_label, widen

WIDTH_PX = 440


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `facts` are (label, value) lines: numbers instead of "are you sure". With `sentence` the user must
    type exactly that before the answer is possible."""

    title: str
    text: str
    confirm: str
    cancel: str = "Cancel"
    facts: Sequence[tuple[str, str]] = ()
    sentence: str = ""
    role: str = "primary"  # style of the confirm button: primary, danger, buy or sell


async def ask(parent: QWidget | None, question: Question) -> bool:
    """True when the user confirmed; False when cancelled, closed or the window went away."""
    return await answer_of(QuestionDialog(question, parent)) == QDialog.DialogCode.Accepted.value


async def answer_of(dialog: QDialog) -> int:
    """Opens any dialog and waits for its result code; a cancelled wait closes the dialog."""
    waiting: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def settle(code: int) -> None:
        if not waiting.done():
            waiting.set_result(code)

    dialog.finished.connect(settle)
    dialog.open()
    try:
        return await waiting
    finally:
        dialog.finished.disconnect(settle)
        dialog.close()
        dialog.deleteLater()


async def ask_save_path(parent: QWidget | None, *, title: str, suggested: str, kinds: str) -> Path | None:
    """Where to save; `kinds` is Qt's filter text ("CSV files (*.csv)"). None when cancelled."""
    return await _ask_path(parent, title, suggested, kinds, saving=True)


async def ask_open_path(parent: QWidget | None, *, title: str, kinds: str) -> Path | None:
    """An existing file; None when cancelled."""
    return await _ask_path(parent, title, "", kinds, saving=False)


async def _ask_path(parent: QWidget | None, title: str, suggested: str, kinds: str, *, saving: bool) -> Path | None:
    dialog = QFileDialog(parent, title, suggested, kinds)
    mode = QFileDialog.AcceptMode.AcceptSave if saving else QFileDialog.AcceptMode.AcceptOpen
    dialog.setAcceptMode(mode)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile if saving else QFileDialog.FileMode.ExistingFile)
    accepted = await answer_of(dialog) == QDialog.DialogCode.Accepted.value
    chosen = dialog.selectedFiles() if accepted else []
    return Path(chosen[0]) if chosen else None


class QuestionDialog(QDialog):
    """The dialog behind `ask`; Enter confirms only what does not need a typed sentence, Esc cancels."""

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = question.sentence
        self.setWindowTitle(question.title)
        self.setModal(True)
        widen(self, WIDTH_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(title_label(question.title))
        text = plain_label(question.text, parent=self)
        text.setWordWrap(True)
        column.addWidget(text)
        if question.facts:
            column.addWidget(self._facts(question.facts))
        self.typed = QLineEdit(self)
        self.typed.setVisible(bool(question.sentence))
        self.typed.setAccessibleName(f"Type: {question.sentence}")
        if question.sentence:
            column.addWidget(plain_label(f"Type “{question.sentence}” to go on", role="help", parent=self))
            column.addWidget(self.typed)
            self.typed.textChanged.connect(self._check_sentence)
        column.addSpacing(4)
        column.addLayout(self._buttons(question))
        self._check_sentence()

    def _facts(self, facts: Sequence[tuple[str, str]]) -> QFrame:
        card = QFrame(self)
        card.setProperty("role", "card")
        grid = QGridLayout(card)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setColumnStretch(1, 1)
        for row, (label, value) in enumerate(facts):
            grid.addWidget(plain_label(label, role="help", parent=card), row, 0)
            shown = plain_label(value, role="strong", parent=card)
            shown.setAlignment(Qt.AlignmentFlag.AlignRight)
            shown.setWordWrap(True)
            grid.addWidget(shown, row, 1)
        return card

    def _buttons(self, question: Question) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        self.cancel = QPushButton(question.cancel, self)
        self.cancel.clicked.connect(self.reject)
        self.cancel.setAutoDefault(False)
        self.confirm = QPushButton(question.confirm, self)
        self.confirm.setProperty("role", question.role)
        self.confirm.clicked.connect(self.accept)
        self.confirm.setDefault(not question.sentence and question.role == "primary")
        self.confirm.setAutoDefault(False)
        row.addWidget(self.cancel)
        row.addWidget(self.confirm)
        return row

    def _check_sentence(self) -> None:
        self.confirm.setEnabled(not self._sentence or self.typed.text().strip() == self._sentence)
