"""Asks for a name, and says while it is typed why it cannot be taken."""

from collections.abc import Callable

from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.dialogs import answer_of
from tradestream_gui.ui.shell.plain import one_line, plain, plain_label
from tradestream_gui.ui.widgets.dialog_head import title_label, widen

WIDTH_PX = 360
LONGEST = 80


async def ask_name(
    parent: QWidget, *, title: str, confirm: str, refusal: Callable[[str], str], name: str = ""
) -> str | None:
    """The name; None when it was cancelled."""
    dialog = NameDialog(parent, title=title, confirm=confirm, refusal=refusal, name=name)
    is_given = await answer_of(dialog) == NameDialog.DialogCode.Accepted.value
    return dialog.name if is_given else None


class NameDialog(QDialog):
    """`refusal` is asked with every change and answers in words, empty for a name that can be taken."""

    def __init__(
        self, parent: QWidget | None, *, title: str, confirm: str, refusal: Callable[[str], str], name: str = ""
    ) -> None:
        super().__init__(parent)
        self._refusal = refusal
        self.name = name
        self.setWindowTitle(plain(title))
        self.setModal(True)
        widen(self, WIDTH_PX)
        self.field = QLineEdit(name)
        self.field.setAccessibleName("Name")
        self.field.setMaxLength(LONGEST)
        self.field.selectAll()
        self.hint = plain_label(role="error")
        self.confirm = QPushButton(confirm)
        self.confirm.setProperty("role", "primary")
        self.confirm.setDefault(True)
        self.cancel = QPushButton("Cancel")
        self.cancel.setAutoDefault(False)
        self._lay_out(title)
        self.confirm.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self.field.textChanged.connect(self._check)
        self._check()

    def _lay_out(self, title: str) -> None:
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.confirm)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(title_label(title))
        column.addWidget(self.field)
        column.addWidget(self.hint)
        column.addLayout(row)

    def _check(self) -> None:
        """A name that is not changed needs no words, and none is taken."""
        self.name = one_line(self.field.text(), LONGEST).strip()
        why = self._refusal(self.name)
        self.hint.setText(plain(why if self.name else ""))
        self.confirm.setEnabled(not why)
