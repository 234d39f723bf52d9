"""One message that is taught: what it does, its words as chips, the roles, and what a name stands for."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.alerts.teaching.taught import LabelRole, Marked, TaughtExample, marked
from tradestream_gui.alerts.words.symbols import futures_root, is_known_ticker
from tradestream_gui.domain.alerts import ActionKind
from tradestream_gui.ui.shell.kept_icon import KeptIcon
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain_label
from tradestream_gui.ui.tabs.config.teach_chips import ROLE_KEYS, ChipRow
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.ui.widgets.flow_layout import FlowLayout

KINDS: tuple[tuple[str, ActionKind | None], ...] = (
    ("Opens a position", ActionKind.OPEN), ("Adds to a position", ActionKind.ADD), ("Takes some off", ActionKind.TRIM),
    ("Closes", ActionKind.CLOSE), ("Moves the stop", ActionKind.SET_STOP), ("Sets targets", ActionKind.SET_TARGET),
    ("Is not an alert", None),
)  # fmt: skip
HOW = (
    "Click a word or walk with ← →, then press its key or button. Delete takes the role away, Enter says what it means."
)
NO_ROLES = "A message that is not an alert needs no roles: nothing like it may ever trade."
_MEANT = {LabelRole.SYMBOL: ("stands for", "ES"), LabelRole.SIZE: ("of the usual size", "1/2")}


class ExampleEditor(QFrame):
    """Emits what the person says; the owner keeps it."""

    kind_chosen = pyqtSignal(object)
    role_given = pyqtSignal(int, object)
    meaning_given = pyqtSignal(int, str)
    remove_wanted = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._example: TaughtExample | None = None
        self._meant: Marked | None = None
        self._asked = -1  # where the word begins that the person wants to give a meaning, plain as it is
        self._is_typing = False
        self.setProperty("role", "card")
        self.kind = ChoiceBox()
        self.kind.setAccessibleName("What this message does")
        for words, _ in KINDS:
            self.kind.addItem(words)
        self.remove = QPushButton("Remove")
        self.remove.setProperty("role", "ghost")
        KeptIcon(look, self.remove, "trash")
        self.remove.setAccessibleName("Remove this message from what is taught")
        self.chips = ChipRow(look)
        self.roles: dict[LabelRole, QPushButton] = {}
        self.help = plain_label(HOW, role="help")
        self.help.setWordWrap(True)
        self._lay_out()
        self.kind.activated.connect(self._on_kind)
        self.remove.clicked.connect(self.remove_wanted)
        self.chips.role_given.connect(self.role_given)
        self.chips.chip_chosen.connect(self._on_chosen)
        self.chips.meaning_wanted.connect(self._on_meaning_wanted)
        self.means.textEdited.connect(self._on_means)
        self.means.returnPressed.connect(self.chips.focus_current)

    def show_example(self, example: TaughtExample) -> None:
        fresh = self._example is None or self._example.text != example.text
        if fresh:
            self._asked = -1
        self._example = example
        self.kind.setCurrentIndex(next(at for at, (_, kind) in enumerate(KINDS) if kind is example.kind))
        self.chips.show_marks(marked(example), fresh=fresh)
        is_alert = example.kind is not None
        self.role_row.setVisible(is_alert)
        self.help.setText(HOW if is_alert else NO_ROLES)
        typing = self._meant.token.start if self._meant is not None and self._is_typing else None
        asked = next((each for each in marked(example) if each.token.start == typing), None)
        self._show_meaning(asked or self._wanting() or self.chips.current)

    # inside

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(plain_label("This message", role="strong"))
        head.addWidget(self.kind)
        head.addStretch(1)
        head.addWidget(self.remove)
        self.role_row = QWidget()
        flow = FlowLayout(self.role_row, gap=4)
        for role, key in ROLE_KEYS.items():
            button = QPushButton(f"{role.value.capitalize()}  {key}")
            button.setProperty("role", "ghost")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAccessibleName(f"The chosen word is {role.value}. Key: {key}")
            button.clicked.connect(self._on_role_button)
            self.roles[role] = button
            flow.addWidget(button)
        self.means_row = QWidget()
        meaning = QHBoxLayout(self.means_row)
        meaning.setContentsMargins(0, 0, 0, 0)
        meaning.setSpacing(8)
        self.means_word, self.means_end = plain_label(), plain_label(role="help")
        self.means = QLineEdit()
        self.means.setAccessibleName("What the word stands for")
        self.means.setMaximumWidth(self._look.px(110))
        self.means_end.setWordWrap(True)
        meaning.addWidget(self.means_word)
        meaning.addWidget(self.means)
        meaning.addWidget(self.means_end, 1)
        self.means_row.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.chips)
        column.addWidget(self.means_row)
        column.addWidget(self.role_row)
        column.addWidget(self.help)

    def _wanting(self) -> Marked | None:
        """The first word that nobody can know without being told what it stands for."""
        marks = marked(self._example) if self._example is not None else ()
        named = (mark for mark in marks if mark.label is not None and mark.label.role is LabelRole.SYMBOL)
        return next(
            (mark for mark in named if not self._is_plain(mark) and not (mark.label and mark.label.means)), None
        )

    def _show_meaning(self, mark: Marked | None) -> None:
        label = mark.label if mark is not None else None
        shown = label is not None and label.role in _MEANT and not self._is_plain(mark)
        self.means_row.setVisible(shown)
        self._meant = mark if shown else None
        if mark is None or label is None or not shown:
            return
        ending, sample = _MEANT[label.role]
        symbol = label.role is LabelRole.SYMBOL
        word = one_line(mark.token.raw, 24)
        self.means_word.setText(f"“{word}” {ending}" if symbol else f"“{word}” means")
        self.means_end.setText("the root or ticker, for example ES or SPY" if symbol else ending)
        self.means.setPlaceholderText(sample)
        if self.means.text() != label.means:
            self.means.setText(label.means)

    def _is_plain(self, mark: Marked | None) -> bool:
        """Known symbols, counts and size letters say themselves what they mean, until the person says otherwise."""
        if mark is None or mark.label is None or mark.label.means or mark.token.start == self._asked:
            return False
        if mark.label.role is LabelRole.SYMBOL:
            word = mark.token.raw.upper()
            return futures_root(word) is not None or is_known_ticker(word)
        return mark.token.value is not None or (len(mark.token.raw) == 1 and mark.token.raw.isupper())

    def _on_kind(self, index: int) -> None:
        self.kind_chosen.emit(KINDS[index][1])

    def _on_role_button(self) -> None:
        role = next((role for role, button in self.roles.items() if button is self.sender()), None)
        self.chips.give(role)

    def _on_chosen(self, mark: Marked) -> None:
        current = (
            next((each for each in marked(self._example) if each.token == mark.token), mark) if self._example else mark
        )
        self._show_meaning(current if current.label is not None and current.label.role in _MEANT else self._wanting())

    def _on_means(self, text: str) -> None:
        if self._meant is not None:
            self._is_typing = True
            self.meaning_given.emit(self._meant.token.start, text.strip())
            self._is_typing = False

    def _on_meaning_wanted(self) -> None:
        mark = self.chips.current
        self._asked = mark.token.start if mark is not None else -1
        self._show_meaning(mark if mark is not None and mark.label is not None else self._wanting())
        if self.means_row.isVisible():
            self.means.setFocus(Qt.FocusReason.OtherFocusReason)
