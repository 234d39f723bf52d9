"""What the message list is narrowed to: words, channel, analyst and what was done."""

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.find_field import mark_find_field
from tradestream_gui.ui.shell.kept_icon import KeptIcon
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain, plain_label, tooltip
from tradestream_gui.ui.tabs.messages.rows import Chip, MessageRow
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.ui.widgets.flow_layout import FlowLayout
from tradestream_gui.ui.widgets.hint_field import HintField

ANY_CHANNEL, ANY_ANALYST = "All channels", "All analysts"
SEARCH_TIP = (
    "The list holds every alert and the newest two thousand messages of talk. A search also finds what is stored "
    "beyond them, of today and of earlier days: there by whole words of text, author and channel, the last one as a "
    "beginning."
)


class MessageBar(QWidget):
    """Says `changed` when another set of rows is wanted; `accepts` tells which."""

    changed = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._words: tuple[str, ...] = ()
        self.search = HintField(look, ("Search text, analyst, reason", "Search messages", "Search"))
        mark_find_field(self.search)
        self.search.setAccessibleName("Search messages")
        self.search.setToolTip(tooltip(SEARCH_TIP))
        self.search.setClearButtonEnabled(True)
        self.channel, self.analyst = ChoiceBox(), ChoiceBox()
        for box in (self.channel, self.analyst):
            box.take_room_for(14)
        self.channel.setAccessibleName("Channel")
        self.analyst.setAccessibleName("Analyst")
        self.channel.addItem(ANY_CHANNEL)
        self.analyst.addItem(ANY_ANALYST)
        self.chips = {chip: QToolButton() for chip in Chip}
        group = QButtonGroup(self)
        for chip, button in self.chips.items():
            button.setText(chip.value)
            button.setAccessibleName(f"Show: {chip.value}")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            group.addButton(button)
            button.toggled.connect(self._on_chip)
        self.chips[Chip.ALL].setChecked(True)
        self._found = plain_label(role="caption")
        self._found.setWordWrap(True)
        self._found.hide()
        self._sign = KeptIcon(look, self.chips[Chip.NEEDS_A_LOOK], "check")
        self._lay_out()
        self.search.textChanged.connect(self._on_search)
        self.channel.currentIndexChanged.connect(self.changed)
        self.analyst.currentIndexChanged.connect(self.changed)

    @property
    def chip(self) -> Chip:
        return next((chip for chip, button in self.chips.items() if button.isChecked()), Chip.ALL)

    def choose(self, chip: Chip) -> None:
        self.chips[chip].setChecked(True)

    def clear(self) -> None:
        """Shows everything again, so that one message can be found."""
        self.search.clear()
        self.channel.setCurrentIndex(0)
        self.analyst.setCurrentIndex(0)
        self.choose(Chip.ALL)

    def accepts(self, row: MessageRow) -> bool:
        if not row.stands_in(self.chip):
            return False
        if self.channel.currentIndex() > 0 and plain(row.revision.channel_name, 60) != self.channel.currentText():
            return False
        if self.analyst.currentIndex() > 0 and plain(row.analyst, 60) != self.analyst.currentText():
            return False
        return row.is_stored or self.finds(row)  # what is stored was found for these words by the archive

    def finds(self, row: MessageRow) -> bool:
        """Whether the words are the row's, whatever else is chosen."""
        haystack = row.haystack if self._words else ""
        return all(word in haystack for word in self._words)

    @property
    def has_words(self) -> bool:
        return bool(self._words)

    def say_found(self, words: str) -> None:
        """The line below the filters; none without words."""
        self._found.setText(plain(words))
        self._found.setVisible(bool(words))

    @property
    def found_words(self) -> str:
        return self._found.text()

    def offer(self, rows: Sequence[MessageRow]) -> None:
        """Adds channels and followed analysts that were not offered yet; what is chosen stays."""
        channels = [row.revision.channel_name for row in rows]
        analysts = [row.analyst for row in rows if row.is_followed]
        for box, names in ((self.channel, channels), (self.analyst, analysts)):
            for name in names:
                if box.findText(plain(name, 60)) < 0:
                    box.addItem(plain(name, 60))

    def count_cards(self, waiting: int) -> None:
        button = self.chips[Chip.NEEDS_A_LOOK]
        button.setText(f"{Chip.NEEDS_A_LOOK.value} {waiting}" if waiting else Chip.NEEDS_A_LOOK.value)
        self._sign.show_icon("bell" if waiting else "check")

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.search, 2)
        top.addWidget(self.channel, 1)
        top.addWidget(self.analyst, 1)
        below = FlowLayout(gap=4)
        for button in self.chips.values():
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 4)
        column.setSpacing(4)
        column.addLayout(top)
        column.addLayout(below)
        column.addWidget(self._found)

    def _on_chip(self, is_on: bool) -> None:
        if is_on:
            self.changed.emit()

    def _on_search(self, text: str) -> None:
        self._words = tuple(text.casefold().split())
        self.changed.emit()
