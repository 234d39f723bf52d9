"""What stands below a typed line: its sentence, what is against it, what each exit brings, and cost and risk."""

from PyQt6.QtGui import QFont
from PyQt6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from tradestream_gui.domain.orders import Side
from tradestream_gui.ui.palette.line_orders import LinePreview
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.ticket.check import CostCard

_SIDE_TONES = {Side.BUY: Tone.BUY, Side.SELL: Tone.SELL, None: Tone.TEXT}


class LinePanel(QFrame):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.sentence = plain_label(parent=self)
        self.words = plain_label(parent=self)
        self.exits = plain_label(role="help", parent=self)
        self.costs = CostCard(look, self)
        self._tones = {self.sentence: Tone.TEXT, self.words: Tone.TEXT}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(6)
        for label in (self.sentence, self.words, self.exits):
            label.setWordWrap(True)
            label.setContentsMargins(10, 0, 8, 0)
            column.addWidget(label)
        column.addWidget(self.costs)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def show_order(self, shown: LinePreview) -> None:
        self._say(self.sentence, shown.sentence, _SIDE_TONES[shown.side])
        self._say(self.words, shown.words, shown.tone)
        self._say(self.exits, shown.exits)
        self.costs.setVisible(shown.costs is not None)
        if shown.costs is not None:
            self.costs.show_costs(shown.costs)

    def show_alert(self, sentence: str, words: str, tone: Tone) -> None:
        self.show_order(LinePreview(sentence, words, tone))

    def _say(self, label: QLabel, words: str, tone: Tone | None = None) -> None:
        label.setText(plain(words))
        label.setVisible(bool(words))
        if tone is not None and self._tones[label] is not tone:
            self._tones[label] = tone
            self._paint(label)

    def _paint(self, label: QLabel) -> None:
        palette = label.palette()
        palette.setColor(palette.ColorRole.WindowText, self._look.tone(self._tones[label]))
        label.setPalette(palette)

    def _adopt_look(self) -> None:
        self.sentence.setFont(self._look.font(15, QFont.Weight.DemiBold))
        self.words.setFont(self._look.font(13))
        for label in self._tones:
            self._paint(label)
