"""The foot of the ticket: the button that carries the whole order, its result, and the ways out of the symbol."""

from __future__ import annotations

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Side
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.overlays import keep_free
from tradestream_gui.ui.shell.plain import explain, one_line, plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.arm_switch import ArmSwitch

BUTTON_PX = 40
PADDING_PX = 32


class TicketBar(QFrame):
    """The sentence is broken into two lines where it is wider than the button; it is never cut."""

    def __init__(self, look: Look, arming: Arming, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._role = ""
        self._tone = Tone.MUTED
        self._result: tuple[str, Tone] = ("", Tone.MUTED)
        self.sentence = ""
        self.setProperty("role", "panel")
        keep_free(self)
        self.submit = QPushButton()
        self.submit.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._words: QLabel = plain_label()  # a role would fix its colour
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.flatten = QPushButton("Flatten symbol")
        self.cancel_all = QPushButton("Cancel all")
        foot = QHBoxLayout()
        foot.setSpacing(6)
        self.lock = ArmSwitch(look, arming)
        foot.addWidget(self.lock)
        foot.addStretch(1)
        foot.addWidget(self.cancel_all)
        foot.addWidget(self.flatten)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addWidget(self.submit)
        column.addWidget(self._words)
        column.addLayout(foot)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def show_sentence(self, words: str, side: Side | None, *, is_enabled: bool) -> None:
        if words != self.sentence:
            self.sentence = words
            self.submit.setAccessibleName(words)
            self._break_sentence()
        if self.submit.isEnabled() != is_enabled:
            self.submit.setEnabled(is_enabled)
        role = "" if side is None else side.value.lower()
        if role != self._role:
            self._role = role
            self.submit.setProperty("role", role)
            style = self.submit.style()
            if style is not None:
                style.polish(self.submit)

    def show_words(self, words: str, tone: Tone) -> None:
        """Why it cannot be sent; without a reason the result of the last press stands here."""
        shown, shown_tone = (words, tone) if words else self._result
        if one_line(shown) != self._words.text():
            self._words.setText(one_line(shown))
            explain(self._words, shown)
        self._tone = shown_tone
        self._paint_tone()

    def show_result(self, words: str, tone: Tone) -> None:
        self._result = (words, tone)
        self.show_words("", tone)

    def show_instrument(self, instrument: Instrument | None) -> None:
        """What the ways out are about; an option's name is too long for a button and stands in its tip."""
        name = "" if instrument is None else contract_name(instrument)
        shown = "this contract" if instrument is not None and instrument.right is not None else name
        for button, text, more in (
            (self.flatten, "Flatten", "at the market, and cancel its entries"),
            (self.cancel_all, "Cancel all", "entries that work; stops and targets stay"),
        ):
            button.setText(f"{text} {shown}" if name else text)
            button.setAccessibleName(f"{text} {name}".strip())
            explain(button, f"{text} {name}: {more}")

    @property
    def words(self) -> str:
        return self._words.text()

    def _break_sentence(self) -> None:
        metrics = self.submit.fontMetrics()
        room = self.submit.width() - self._look.px(PADDING_PX)
        lines = [""]
        for part in self.sentence.split(", "):
            joined = f"{lines[-1]}, {part}" if lines[-1] else part
            if lines[-1] and metrics.horizontalAdvance(joined) > room and len(lines) < 3:
                lines[-1] += ","
                lines.append(part)
            else:
                lines[-1] = joined
        self.submit.setText("\n".join(lines).replace("&", "&&"))
        self.submit.setMinimumHeight(self._look.px(BUTTON_PX + 16 * (len(lines) - 1)))

    def _paint_tone(self) -> None:
        palette = self._words.palette()
        palette.setColor(palette.ColorRole.WindowText, self._look.tone(self._tone))
        self._words.setPalette(palette)

    def _adopt_look(self) -> None:
        self._words.setFont(self._look.font(12))
        self._words.setMinimumHeight(self._words.fontMetrics().lineSpacing() + 2)
        self._break_sentence()
        self._paint_tone()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._break_sentence()
