"""The alert strip: a small window on top of all others with the order that one key sends. It never takes the focus."""

from PyQt6.QtCore import QEvent, QPointF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent
from PyQt6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain, plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.alert_strip_keys import REASONS, StripKeys, Toggle, strip_row
from tradestream_gui.ui.widgets.life_ring import LifeRing

DEAF_MS = 250
"""A new alert hears no key and no click for so long: what was meant for another program must not send an order."""
WIDTH_PX = 640
ALERT_CHARACTERS = 200
FLAGS = (
    Qt.WindowType.Tool
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.WindowDoesNotAcceptFocus
)
KEYS = {Qt.Key.Key_M: Toggle.MICRO, Qt.Key.Key_L: Toggle.LIMIT, Qt.Key.Key_P: Toggle.PAPER}
NO_MODIFIER = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class AlertStrip(QFrame):
    """Shows what it is given and tells which key was pressed; it decides and sends nothing."""

    send = pyqtSignal()
    sized = pyqtSignal(int)
    """The quantity wanted; 0 for the alert's own."""
    toggled = pyqtSignal(object)
    """The Toggle."""
    skipped = pyqtSignal(str)
    """Why, in words."""

    def __init__(self, look: Look, *, deaf_ms: int = DEAF_MS) -> None:
        super().__init__(None, FLAGS)
        self._look = look
        self._side = Tone.TEXT
        self._pressed_at: QPointF | None = None
        self.setProperty("role", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setWindowTitle("TradeStream: an alert waits")
        self.setAccessibleName("Alert that waits for approval")
        self._deaf = QTimer(self)
        self._deaf.setSingleShot(True)
        self._deaf.setInterval(deaf_ms)
        self.ring = LifeRing(look)
        self.who, self.place = plain_label(role="strong"), plain_label(role="caption")
        self.left, self.account = plain_label(role="strong"), plain_label(role="caption")
        self.alert, self.sentence = plain_label(role="help"), plain_label(role="h2")
        self.market, self.problem, self.told = plain_label(role="caption"), plain_label(role="error"), plain_label()
        self.keys = StripKeys()
        self._lay_out()
        self._connect()
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    # -- what is shown -------------------------------------------------------------------------------------

    @property
    def is_deaf(self) -> bool:
        return self._deaf.isActive()

    @property
    def is_skipping(self) -> bool:
        return self.keys.currentIndex() == 1

    def begin(self, who: str, alert: str) -> None:
        """Another alert takes the place: nothing is heard for its first moment."""
        self._deaf.start()
        self.keys.setCurrentIndex(0)
        self.who.setText(one_line(who, 80))
        self.alert.setText(one_line(alert, ALERT_CHARACTERS))
        self.tell("", Tone.TEXT)

    def show_order(self, sentence: str, tone: Tone, account: str, market: str, problem: str) -> None:
        self.sentence.setText(plain(sentence, 400))
        self.sentence.setAccessibleName(f"Order: {sentence}")
        self.setAccessibleDescription(one_line(sentence))
        for label, words in ((self.market, market), (self.problem, problem)):
            label.setText(plain(words, 400))
            label.setVisible(bool(words))
        self.account.setText(one_line(account, 60))
        if tone is not self._side:
            self._side = tone
            self.setProperty("tone", tone.name.lower())
            _restyle(self)
        self._fit()

    def show_life(self, share: float | None, words: str) -> None:
        self.ring.setVisible(share is not None)
        self.left.setText(words)
        if share is not None:
            self.ring.show_share(share, words)

    def rest(self) -> None:
        """Nothing is to be answered any more."""
        self.keys.setCurrentIndex(0)
        self.keys.show_keys(may_send=False, size="", on=frozenset(), possible={})
        self.show_life(None, "")
        self.show_place("")

    def show_place(self, words: str) -> None:
        self.place.setText(words)

    def tell(self, words: str, tone: Tone) -> None:
        """The line below: a refusal, or what became of the last answer."""
        self.told.setText(plain(words))
        self.told.setAccessibleName(plain(words))
        self.told.setVisible(bool(words))
        palette = self.told.palette()
        palette.setColor(palette.ColorRole.WindowText, self._look.tone(tone))
        self.told.setPalette(palette)
        self._fit()

    # -- window --------------------------------------------------------------------------------------------

    def appear(self) -> None:
        """On top of everything, and whoever is typing goes on typing where he was."""
        self._fit()
        if self.isVisible():
            return
        self._accept_focus(False)
        self.show()
        self.raise_()

    def take_focus(self) -> None:
        """By its key or a click of the user only."""
        self._accept_focus(True)
        self.show()
        self.raise_()
        self.activateWindow()
        self.setFocus()

    def _accept_focus(self, wanted: bool) -> None:
        flags = FLAGS & ~Qt.WindowType.WindowDoesNotAcceptFocus if wanted else FLAGS
        self.overrideWindowFlags(flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not wanted)
        handle = self.windowHandle()
        if handle is not None:
            handle.setFlags(flags)

    # -- making --------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 12, 10)
        column.setSpacing(6)
        for label in (self.alert, self.sentence, self.problem, self.told):
            label.setWordWrap(True)
        column.addLayout(strip_row([self.ring, self.left, self.who, self.place], [self.account]))
        column.addWidget(self.alert)
        column.addWidget(self.sentence)
        column.addWidget(self.market)
        column.addWidget(self.problem)
        column.addWidget(self.keys)
        column.addWidget(self.told)

    def _connect(self) -> None:
        self.keys.send_button.clicked.connect(self._on_send)
        self.keys.skip_button.clicked.connect(self._on_skip)
        self.keys.back.clicked.connect(self._on_back)
        for button in self.keys.toggles.values():
            button.clicked.connect(self._on_toggle)
        for button in self.keys.reasons:
            button.clicked.connect(self._on_reason)

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setFixedSize(self.width(), layout.totalHeightForWidth(self.width()))

    def _adopt_look(self) -> None:
        self.setFixedWidth(self._look.px(WIDTH_PX))
        self._fit()

    # -- answers -------------------------------------------------------------------------------------------

    def _on_send(self) -> None:
        if not self.is_deaf and not self.is_skipping and self.keys.send_button.isEnabled():
            self.send.emit()

    def _on_skip(self) -> None:
        if not self.is_deaf:
            self.keys.setCurrentIndex(1)

    def _on_back(self) -> None:
        self.keys.setCurrentIndex(0)

    def _on_toggle(self) -> None:
        button = self.sender()
        toggle = next((one for one, each in self.keys.toggles.items() if each is button), None)
        if toggle is not None:
            self.keys.toggles[toggle].toggle()  # the owner says what is on
            self._change(toggle)

    def _change(self, toggle: Toggle) -> None:
        if not self.is_deaf and self.keys.toggles[toggle].isEnabled():
            self.toggled.emit(toggle)

    def _on_reason(self) -> None:
        button = self.sender()
        for number, each in enumerate(self.keys.reasons):
            if each is button and not self.is_deaf:
                self._skip(number)

    def _skip(self, number: int) -> None:
        self.keys.setCurrentIndex(0)
        self.skipped.emit(REASONS[number][1])

    # overridden Qt methods

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        event.accept()
        if self.is_deaf or event.isAutoRepeat() or event.modifiers() not in NO_MODIFIER:
            return
        key, digit = event.key(), event.key() - Qt.Key.Key_0
        if self.is_skipping:
            if key == Qt.Key.Key_Escape:
                self._on_back()
            elif 1 <= digit <= len(REASONS):
                self._skip(digit - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_send()
        elif key == Qt.Key.Key_Escape:
            self._on_skip()
        elif key in KEYS:
            self._change(KEYS[Qt.Key(key)])
        elif 0 <= digit <= 9 and self.keys.size_line.text():
            self.sized.emit(digit)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """A click into it is meant for it."""
        self.take_focus()
        self._pressed_at = event.position() if event is not None else None

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Dragged, the window moves; a mere click must not begin that, or the desktop keeps the keys for the move."""
        handle = self.windowHandle()
        if event is None or self._pressed_at is None or handle is None:
            return
        if (event.position() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
            self._pressed_at = None
            handle.startSystemMove()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._accept_focus(False)


def _restyle(widget: QWidget) -> None:
    style = widget.style()
    if style is not None:
        style.unpolish(widget)
        style.polish(widget)
