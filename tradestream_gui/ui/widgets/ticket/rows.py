"""The rows of the ticket's form: a label, its controls, and the room for what is wrong with them."""

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain_label

LABEL_PX = 56


class FormRows(QObject):
    """Labels are equally wide; an error stands below its row and takes no room while there is none."""

    def __init__(self, look: Look, form: QWidget) -> None:
        super().__init__(form)
        self._look = look
        self._labels: list[QLabel] = []
        self.errors: dict[str, QLabel] = {}
        self.column = QVBoxLayout(form)
        self.column.setContentsMargins(12, 8, 12, 8)
        self.column.setSpacing(8)
        look.changed.connect(self._adopt_look)

    def add(self, name: str, *widgets: QWidget, field: str = "", stretches: tuple[int, ...] = ()) -> QWidget:
        """A row in its holder, which can be hidden as a whole; `field` names its error."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(4)
        if name:
            label = plain_label(name, role="help")
            label.setBuddy(widgets[0])
            self._labels.append(label)
            row.addWidget(label)
        for number, widget in enumerate(widgets):
            row.addWidget(widget, stretches[number] if number < len(stretches) else 0 if stretches else 1)
        column.addLayout(row)
        if field:
            error = plain_label(role="error")
            error.setWordWrap(True)
            error.hide()
            self.errors[field] = error
            column.addWidget(error)
        self.column.addWidget(holder)
        self._adopt_look()
        return holder

    def _adopt_look(self) -> None:
        for label in self._labels:
            label.setFixedWidth(self._look.px(LABEL_PX))
