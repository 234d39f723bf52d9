"""A state lamp: shape, colour and word together, because some eyes cannot tell the colours apart."""

from enum import Enum

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, tooltip
from tradestream_gui.ui.shell.tone import Tone


class LampState(Enum):
    """(icon, tone of icon): a square, a ring, a disc, a triangle and a cross."""

    OFF = ("lamp-off", Tone.MUTED)
    BUSY = ("lamp-busy", Tone.INFO)
    OK = ("lamp-ok", Tone.OK)
    WARN = ("lamp-warn", Tone.WARN)
    DOWN = ("lamp-down", Tone.DANGER)

    @property
    def icon(self) -> str:
        return self.value[0]

    @property
    def tone(self) -> Tone:
        return self.value[1]


class Brevity(Enum):
    """From much room to little: a lamp that is in order gives up its words first."""

    ALL_WORDS = "all words"
    TROUBLE = "name and word of what is not in order"
    TROUBLE_WORD = "the word alone of what is not in order"
    SHAPES = "shapes alone"


class Lamp(QWidget):
    """Shows one connection's state; `word` is short ("18 ms", "Discord 2/3"), the tool tip carries the rest."""

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.name = name
        self.state = LampState.OFF
        self.word = "off"
        self._brevity = Brevity.ALL_WORDS
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._adopt_look)
        self.show_state(LampState.OFF, "off")

    def show_state(self, state: LampState, word: str, detail: str = "") -> None:
        """Changes shape, colour and word; `detail` is a sentence for the tool tip and the screen reader."""
        self.state, self.word = state, one_line(word, 60)
        self.setToolTip(tooltip(f"{self.name}: {self.word}" + (f"\n{detail}" if detail else "")))
        self.setAccessibleName(f"{self.name}: {self.word}")
        self.setAccessibleDescription(one_line(detail) or self.word)
        self._adopt_look()

    def set_brevity(self, brevity: Brevity) -> None:
        """How much of it is said in words; the tool tip and the screen reader have all of it."""
        if brevity is not self._brevity:
            self._brevity = brevity
            self._adopt_look()

    def _adopt_look(self) -> None:
        self.updateGeometry()
        self.update()

    def _texts(self) -> tuple[str, str]:
        """Name and word; a word that repeats the name replaces it ("Discord 2/3")."""
        is_in_order = self.state is LampState.OK and self._brevity is not Brevity.ALL_WORDS
        if is_in_order or self._brevity is Brevity.SHAPES:
            return "", ""
        is_name_left = self._brevity is Brevity.TROUBLE_WORD or self.word.startswith(self.name)
        return ("", self.word) if is_name_left else (self.name, self.word)

    # overridden Qt methods

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._look.font(12))
        name, word = self._texts()
        width = self._look.px(18) + metrics.horizontalAdvance(word)
        width += metrics.horizontalAdvance(name) + self._look.px(5) if name else 0
        return QSize(width + self._look.px(2), self._look.px(24))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        look, painter = self._look, QPainter(self)
        side = look.px(12)
        area = QRectF(0, (self.height() - side) / 2, side, side)
        look.icons.paint(painter, self.state.icon, area, look.tone(self.state.tone))
        painter.setFont(look.font(12))
        metrics = QFontMetrics(look.font(12))
        left = look.px(18)
        name, word = self._texts()
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if name:
            painter.setPen(look.tone(Tone.SECONDARY))
            painter.drawText(self.rect().adjusted(left, 0, 0, 0), flags, name)
            left += metrics.horizontalAdvance(name) + look.px(5)
        plain_state = self.state in (LampState.OK, LampState.OFF)
        painter.setPen(look.tone(Tone.MUTED if plain_state else self.state.tone))
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), flags, word)
        painter.end()
