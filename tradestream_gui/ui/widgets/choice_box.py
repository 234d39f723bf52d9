"""A box of choices: a text too long for it ends with an ellipsis, and the pointer over it tells the whole."""

from PyQt6.QtCore import QEvent, QSize, Qt
from PyQt6.QtGui import QHelpEvent, QPaintEvent
from PyQt6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QToolTip

SLACK_PX = 3


class ChoiceBox(QComboBox):
    """Qt itself cuts such a text in the middle of a letter."""

    def shown_text(self) -> str:
        """The chosen text as it is painted."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return self._fitted(option)

    def setAccessibleName(self, name: str | None) -> None:
        """A reader on Linux is told the choice in place of the name: the name is told as what describes it."""
        super().setAccessibleName(name)
        if not self.accessibleDescription():
            self.setAccessibleDescription(name)

    def take_room_for(self, characters: int) -> None:
        """A longer text is cut: it does not widen what stands round the box."""
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(characters)

    def sizeHint(self) -> QSize:
        """Qt's own is a pixel short under a large text."""
        return super().sizeHint() + QSize(SLACK_PX, 0)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self._fitted(option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def event(self, event: QEvent | None) -> bool:
        is_asked = isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip
        if is_asked and isinstance(event, QHelpEvent) and self.shown_text() != self.currentText():
            QToolTip.showText(event.globalPos(), self.currentText(), self)
            return True
        return super().event(event)

    def _fitted(self, option: QStyleOptionComboBox) -> str:
        style, text = self.style(), self.currentText()
        if style is None:
            return text
        field = style.subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        room = field.width() - (option.iconSize.width() if not option.currentIcon.isNull() else 0)
        return self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
