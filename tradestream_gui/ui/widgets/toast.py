"""Short notes over the tabs, beside every way out of risk: three at most, six seconds each, errors until closed."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PyQt6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMainWindow, QPushButton, QToolButton, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.overlays import kept_free, lies_over_panes, place_in
from tradestream_gui.ui.shell.plain import plain_label
from tradestream_gui.ui.shell.tone import Tone

SHOWN_MS = 6000
SHOWN_AT_ONCE = 3
WAITING_ERRORS = 20  # errors that wait for room; older ones are in the log, as all are
WIDTH_PX = 320
MARGIN_PX = 12
GAP_PX = 8
STATUS_PX = 24
_MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)


class ToastLevel(Enum):
    """(icon, tone)."""

    INFO = ("info", Tone.INFO)
    OK = ("check", Tone.OK)
    WARN = ("alert", Tone.WARN)
    ERROR = ("kill", Tone.DANGER)


@dataclass(frozen=True, slots=True)
class ToastNote:
    """`action` names a button ("Undo") that calls `on_action` and closes the toast."""

    level: ToastLevel
    title: str
    text: str = ""
    action: str = ""
    on_action: Callable[[], None] | None = None


class ToastStack(QObject):
    """The only owner of the toasts over one window, newest at the bottom."""

    def __init__(self, look: Look, window: QWidget, shown_ms: int = SHOWN_MS) -> None:
        super().__init__(window)
        self._look = look
        self._window = window
        self._shown_ms = shown_ms
        self._toasts: list[Toast] = []
        self._waiting: deque[ToastNote] = deque(maxlen=WAITING_ERRORS)
        window.installEventFilter(self)
        look.changed.connect(self.place)

    @property
    def notes(self) -> list[ToastNote]:
        """What is on screen, oldest first."""
        return [toast.note for toast in self._toasts]

    @property
    def shown_ms(self) -> int:
        return self._shown_ms

    def set_shown_ms(self, shown_ms: int) -> None:
        """How long the next notes stay that are no errors."""
        self._shown_ms = shown_ms

    def show(self, note: ToastNote) -> None:
        """Shows the note; the oldest that is no error makes room, an error waits when only errors are shown."""
        told_before = next((toast for toast in self._toasts if toast.note.title == note.title), None)
        if told_before is not None and note.level is ToastLevel.ERROR:
            self._drop(told_before)  # the same trouble, perhaps with newer figures
        if len(self._toasts) >= SHOWN_AT_ONCE:
            oldest = next((toast for toast in self._toasts if toast.note.level is not ToastLevel.ERROR), None)
            if oldest is not None:
                self._drop(oldest)
            elif note.level is ToastLevel.ERROR:
                self._waiting.append(note)
                return
            else:
                return
        toast = Toast(self._look, note, self._window)
        toast.closed.connect(self._on_closed)
        if note.level is not ToastLevel.ERROR:
            toast.close_after(self._shown_ms)
        self._toasts.append(toast)
        self.place()
        self.place()  # once it is in sight it knows the height of its text

    def act_on_last(self) -> None:
        """Presses the button of the newest note that has one."""
        toast = next((toast for toast in reversed(self._toasts) if toast.note.action), None)
        if toast is not None:
            toast.act()

    def clear(self) -> None:
        self._waiting.clear()
        for toast in list(self._toasts):
            self._drop(toast)

    def _on_closed(self, toast: "Toast") -> None:
        self._drop(toast)
        if self._waiting:
            self.show(self._waiting.popleft())
        self.place()

    def _drop(self, toast: "Toast") -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.hide()
            toast.deleteLater()

    def place(self) -> None:
        """Each note as low as it can stand; one without room, in a small window under a large text, waits for it."""
        if not self._toasts:
            return
        kept = self._kept()
        for toast in reversed(self._toasts):
            toast.fit()
            place = self._free_place(toast, kept)
            if place is not None:
                toast.move(place)
                kept.append(QRect(place, toast.size()))
            toast.setVisible(place is not None)
            toast.raise_()

    def _kept(self) -> list[QRect]:
        """Where no note may stand. From now on it is heard when this moves."""
        controls = list(kept_free(self._window))
        for watched in (*controls, self._middle()):
            watched.installEventFilter(self)  # once, however often it is asked
        return [place_in(self._window, control) for control in controls if control.isVisible()]

    def _free_place(self, toast: "Toast", kept: list[QRect]) -> QPoint | None:
        """Over the tabs rather than over the docks, on their right rather than on their left."""
        middle = self._middle_place()
        margin, gap = self._look.px(MARGIN_PX), self._look.px(GAP_PX)
        floor, last = self._window.height() - margin - self._look.px(STATUS_PX), self._window.width() - margin
        lefts = (middle.right() - margin - toast.width(), middle.left() + margin, margin, last - toast.width())
        for left in (max(left, margin) for left in lefts):
            wanted = QRect(QPoint(left, floor - toast.height()), toast.size())
            while wanted.top() >= middle.top():
                below = next((place for place in kept if place.intersects(wanted)), None)
                if below is None:
                    return wanted.topLeft()
                wanted.moveBottom(below.top() - gap)
        return None

    def _middle(self) -> QWidget:
        middle = self._window.centralWidget() if isinstance(self._window, QMainWindow) else None
        return middle or self._window

    def _middle_place(self) -> QRect:
        """Where the tabs stand: the ladder's buttons are in the corner of the window."""
        middle = self._middle()
        return middle.rect() if middle is self._window else middle.geometry()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() in _MOVES and self._toasts:
            self.place()
        return False


class Toast(QFrame):
    """One note; stays while the pointer is over it."""

    closed = pyqtSignal(object)

    def __init__(self, look: Look, note: ToastNote, parent: QWidget) -> None:
        super().__init__(parent)
        self.note = note
        self._left_ms = 0
        self.setProperty("role", "toast")
        lies_over_panes(self)
        self.setProperty("tone", note.level.name.lower())
        self.setAccessibleName(f"{note.title}. {note.text}")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._close)
        self._look = look
        self._icon = icon = QLabel(self)
        self._close_button = close = QToolButton(self)
        look.changed.connect(self._adopt_look)
        self._adopt_look()
        close.setAccessibleName("Close this note")
        close.clicked.connect(self._close)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(12), look.px(8), look.px(6), look.px(10))
        row.setSpacing(look.px(10))
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._texts(note), 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def _adopt_look(self) -> None:
        name, tone = self.note.level.value
        self._icon.setPixmap(self._look.icons.pixmap(name, self._look.px(18), self._look.tone(tone)))
        self._close_button.setIcon(self._look.icon("close"))
        self.setFixedWidth(self._look.px(WIDTH_PX))

    def fit(self) -> None:
        """Takes the height that its text needs at the fixed width."""
        layout = self.layout()
        assert layout is not None
        self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def close_after(self, ms: int) -> None:
        self._left_ms = ms
        self._timer.start(ms)

    def _texts(self, note: ToastNote) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        for text, role in ((note.title, "strong"), (note.text, "help")):
            if text:
                label = plain_label(text, role=role, parent=self)
                label.setWordWrap(True)
                column.addWidget(label)
        if note.action:
            button = QPushButton(note.action, self)
            button.clicked.connect(self.act)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return column

    def act(self) -> None:
        if self.note.on_action is not None:
            self.note.on_action()
        self._close()

    def _close(self) -> None:
        self._timer.stop()
        self.closed.emit(self)

    # overridden Qt methods

    def enterEvent(self, event: QEvent | None) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent | None) -> None:
        if self._left_ms:
            self._timer.start(self._left_ms)
