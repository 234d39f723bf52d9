"""What is about to change, line by line; looser limits stand out and need a sentence typed."""

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFont
from PyQt6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.config.field_editor import DOLLARS
from tradestream_gui.ui.tabs.config.values import NOT_SET, shown_value
from tradestream_gui.upkeep.settings.diff import Change, Direction
from tradestream_gui.upkeep.settings.service import Proposal

WIDTH_PX, LIST_PX = 620, 320
_TONES = {Direction.LOOSER: Tone.DANGER, Direction.TIGHTER: Tone.OK, Direction.NEUTRAL: Tone.MUTED}
_WORDS = {Direction.LOOSER: "▲ looser", Direction.TIGHTER: "▼ tighter", Direction.NEUTRAL: ""}


def sentence_for(looser: tuple[Change, ...]) -> str:
    """What must be typed before a limit gets looser: the new value, or how many there are."""
    if not looser:
        return ""
    if len(looser) == 1:
        return f"loosen to {shown_value(looser[0].after, looser[0].key)}"
    return f"loosen {len(looser)} limits"


class DiffDialog(QDialog):
    """Accepted when the changes shall hold. Esc and Cancel change nothing."""

    def __init__(self, look: Look, proposal: Proposal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.sentence = sentence_for(proposal.looser)
        self.setWindowTitle("Apply settings")
        self.setModal(True)
        self.setMinimumWidth(look.px(WIDTH_PX))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        count = len(proposal.changes)
        column.addWidget(plain_label(f"Apply {count} {'change' if count == 1 else 'changes'}?", role="h2"))
        column.addWidget(self._list(proposal.changes))
        if proposal.needs_restart:
            column.addWidget(plain_label("Some of these take effect after a restart.", role="help"))
        self.typed = QLineEdit(self)
        self.typed.setAccessibleName(f"Type: {self.sentence}")
        self.typed.setVisible(bool(self.sentence))
        if self.sentence:
            warning = plain_label("A limit that protects your money gets looser.", role="error")
            column.addWidget(warning)
            column.addWidget(plain_label(f"Type “{self.sentence}” to go on", role="help"))
            column.addWidget(self.typed)
        column.addLayout(self._buttons())
        self.typed.textChanged.connect(self._check)
        self._check()

    def _list(self, changes: tuple[Change, ...]) -> QScrollArea:
        card = QFrame()
        card.setProperty("role", "card")
        grid = QGridLayout(card)
        grid.setContentsMargins(14, 10, 14, 10)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        for row, change in enumerate(changes):
            self._add(grid, row, change)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(changes), 1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(card)
        area.setAccessibleName("Changes")
        area.setFixedHeight(min(card.sizeHint().height() + 4, self._look.px(LIST_PX)))
        return area

    def _add(self, grid: QGridLayout, row: int, change: Change) -> None:
        tone = self._look.tone(_TONES[change.direction])
        name = plain_label(change.label, role="strong")
        explain(name, change.key)
        values = plain_label(_values_text(change))
        values.setWordWrap(True)
        values.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        key = plain_label(change.key, role="caption")
        direction = plain_label(_WORDS[change.direction])
        direction.setFont(self._look.font(12, QFont.Weight.DemiBold))
        palette = direction.palette()
        palette.setColor(palette.ColorRole.WindowText, tone)
        direction.setPalette(palette)
        grid.addWidget(name, row * 2, 0)
        grid.addWidget(values, row * 2, 1)
        grid.addWidget(direction, row * 2, 2)
        grid.addWidget(key, row * 2 + 1, 0, 1, 3)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.confirm = QPushButton("Loosen and apply" if self.sentence else "Apply", self)
        self.confirm.setProperty("role", "danger" if self.sentence else "primary")
        self.confirm.setAutoDefault(False)
        self.confirm.setDefault(not self.sentence)
        self.confirm.clicked.connect(self.accept)
        row.addWidget(self.cancel)
        row.addWidget(self.confirm)
        return row

    def _check(self) -> None:
        typed = self.typed.text().strip()  # a number with its thousands marks or without
        self.confirm.setEnabled(not self.sentence or typed in (self.sentence, self.sentence.replace(",", "")))


def _values_text(change: Change) -> str:
    """`$500  →  $600`, `5  →  10 s`."""
    before, after = (shown_value(value, change.key) for value in (change.before, change.after))
    if change.unit == DOLLARS and NOT_SET not in (before, after):
        return f"{DOLLARS}{before}  →  {DOLLARS}{after}"
    return f"{before}  →  {after} {change.unit}".rstrip()
