"""The words of a message as chips: one is chosen with mouse or arrows, a key gives it its role."""

from collections.abc import Sequence

from PyQt6.QtCore import QEvent, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QWidget

from tradestream_gui.alerts.teaching.taught import LabelRole, Marked
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.flow_layout import FlowLayout

ROLE_KEYS: dict[LabelRole, str] = {
    LabelRole.LONG: "L", LabelRole.SHORT: "S", LabelRole.SYMBOL: "Y", LabelRole.ENTRY: "E", LabelRole.STOP: "X",
    LabelRole.TARGET: "T", LabelRole.SIZE: "Z", LabelRole.STRIKE: "K", LabelRole.CALL: "C", LabelRole.PUT: "P",
    LabelRole.EXPIRY: "D", LabelRole.WORD: "W",
}  # fmt: skip
"""One key for each role, pressed while a chip has the focus."""
ROLE_TONES: dict[LabelRole, Tone] = {
    LabelRole.LONG: Tone.BUY, LabelRole.SHORT: Tone.SELL, LabelRole.CALL: Tone.BUY, LabelRole.PUT: Tone.SELL,
    LabelRole.STOP: Tone.DANGER, LabelRole.TARGET: Tone.PROFIT, LabelRole.ENTRY: Tone.ACCENT,
    LabelRole.SYMBOL: Tone.WARN,
}  # fmt: skip
_TAKE_AWAY = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_PAD, _LINE = 9, 3


class Chip(QAbstractButton):
    """One word: itself on top, its role below."""

    role_wanted = pyqtSignal(object, object)  # chip, LabelRole or None
    step_wanted = pyqtSignal(object, int)
    meaning_wanted = pyqtSignal()

    def __init__(self, look: Look, mark: Marked, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.mark = mark
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{one_line(mark.token.raw, 40)}, {self.role_words() or 'no role'}")
        keys = ", ".join(f"{key} {role.value}" for role, key in ROLE_KEYS.items())
        self.setAccessibleDescription(f"Keys: {keys}, Delete takes the role away")

    @property
    def role(self) -> LabelRole | None:
        return self.mark.label.role if self.mark.label is not None else None

    def role_words(self) -> str:
        label = self.mark.label
        if label is None:
            return ""
        return f"{label.role.value} {one_line(label.means, 8)}" if label.means else label.role.value

    # overridden Qt methods

    def sizeHint(self) -> QSize:
        from PyQt6.QtGui import QFontMetrics

        word = QFontMetrics(self._look.mono(13)).horizontalAdvance(one_line(self.mark.token.raw, 24))
        role = QFontMetrics(self._look.font(11)).horizontalAdvance(self.role_words())
        return QSize(max(word, role, self._look.px(18)) + 2 * self._look.px(_PAD), self._look.px(42))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        plain_key = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        role = next((role for role, key in ROLE_KEYS.items() if key == event.text().upper()), None)
        if plain_key and role is not None:
            self.role_wanted.emit(self, role)
        elif event.key() in _TAKE_AWAY:
            self.role_wanted.emit(self, None)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.meaning_wanted.emit()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step_wanted.emit(self, 1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        self.clicked.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        look, role = self._look, self.role
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = self.rect().adjusted(1, 1, -1, -1)
        tone = look.tone(ROLE_TONES.get(role, Tone.SECONDARY)) if role is not None else look.color("border")
        painter.setBrush(look.color("hover" if self.underMouse() else "raised" if role else "panel"))
        painter.setPen(
            QPen(look.color("focus") if self.hasFocus() else look.color("border"), 2 if self.hasFocus() else 1)
        )
        painter.drawRoundedRect(body, 4, 4)
        half = body.height() // 2
        painter.setFont(look.mono(13))
        painter.setPen(look.color("text" if role is not None else "text_2"))
        top = QRect(body.left(), body.top() + 2, body.width(), half)
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, one_line(self.mark.token.raw, 24))
        painter.setFont(look.font(11))
        painter.setPen(tone if role is not None else look.color("muted"))
        low = QRect(body.left(), body.top() + half - 1, body.width(), half)
        painter.drawText(low, Qt.AlignmentFlag.AlignCenter, self.role_words() if role is not None else "·")
        if role is not None:
            painter.fillRect(QRect(body.left() + 6, body.bottom() - _LINE + 1, body.width() - 12, 2), tone)
        painter.end()

    def event(self, event: QEvent | None) -> bool:
        if event is not None and event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)


class ChipRow(QWidget):
    """The chips of one message. A role key moves on to the next chip."""

    role_given = pyqtSignal(int, object)  # where the word begins, LabelRole or None
    chip_chosen = pyqtSignal(object)  # Marked
    meaning_wanted = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._flow = FlowLayout(self)
        self.chips: list[Chip] = []
        self._current = 0
        self.setAccessibleName("Words of the message")
        look.changed.connect(self._adopt_look)

    @property
    def current(self) -> Marked | None:
        return self.chips[self._current].mark if self._current < len(self.chips) else None

    def show_marks(self, marks: Sequence[Marked], *, fresh: bool) -> None:
        """Shows the words; a `fresh` message begins at its first word, the same one keeps its place."""
        had_focus = any(chip.hasFocus() for chip in self.chips)
        place = 0 if fresh else self._current
        same = [chip.mark.token for chip in self.chips] == [mark.token for mark in marks]
        if same:
            for chip, mark in zip(self.chips, marks, strict=True):
                chip.mark = mark
                chip.setAccessibleName(f"{one_line(mark.token.raw, 40)}, {chip.role_words() or 'no role'}")
                chip.updateGeometry()
                chip.update()
        else:
            self._make(marks)
        self._current = min(place, max(len(self.chips) - 1, 0))
        if had_focus and self.chips:
            self.chips[self._current].setFocus(Qt.FocusReason.OtherFocusReason)
        self.updateGeometry()

    def focus_first(self) -> None:
        if self.chips:
            self.chips[0].setFocus(Qt.FocusReason.TabFocusReason)

    def focus_current(self) -> None:
        if self._current < len(self.chips):
            self.chips[self._current].setFocus(Qt.FocusReason.OtherFocusReason)

    def give(self, role: LabelRole | None) -> None:
        """Gives the chosen word a role and moves on."""
        if self._current < len(self.chips):
            self._on_role(self.chips[self._current], role)

    # inside

    def _make(self, marks: Sequence[Marked]) -> None:
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = []
        for mark in marks:
            chip = Chip(self._look, mark, self)
            chip.role_wanted.connect(self._on_role)
            chip.step_wanted.connect(self._on_step)
            chip.meaning_wanted.connect(self.meaning_wanted)
            chip.clicked.connect(self._on_clicked)
            self.chips.append(chip)
            self._flow.addWidget(chip)
            chip.show()

    def _on_role(self, chip: Chip, role: LabelRole | None) -> None:
        at = self.chips.index(chip)
        self._current = min(at + 1, len(self.chips) - 1) if role is not None else at
        moved = self.chips[self._current]
        self.role_given.emit(chip.mark.token.start, role)
        if moved in self.chips:
            moved.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_step(self, chip: Chip, by: int) -> None:
        at = self.chips.index(chip) + by
        if 0 <= at < len(self.chips):
            self.chips[at].setFocus(Qt.FocusReason.TabFocusReason)

    def _on_clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, Chip) and chip in self.chips:
            self._current = self.chips.index(chip)
            self.chip_chosen.emit(chip.mark)

    def _adopt_look(self) -> None:
        for chip in self.chips:
            chip.updateGeometry()
            chip.update()

    # overridden Qt methods

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._flow.heightForWidth(width)
