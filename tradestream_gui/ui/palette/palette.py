"""The palette over the window: type to find, Enter to run; an order or a price alert is typed as a line."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING

from PyQt6 import sip
from PyQt6.QtCore import QEvent, QObject, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QApplication, QFrame, QListWidget, QVBoxLayout, QWidget

from tradestream_gui.domain.order_line import is_order_line
from tradestream_gui.ui.palette.alert_line import is_alert_line, preview_alert, set_alert
from tradestream_gui.ui.palette.finder import Finder
from tradestream_gui.ui.palette.line_orders import LineOrders
from tradestream_gui.ui.palette.line_panel import LinePanel
from tradestream_gui.ui.palette.rows import ITEM_ROLE, ROW_PX, RowDelegate, row_of
from tradestream_gui.ui.shell.frame_clock import FrameClock
from tradestream_gui.ui.shell.key_bindings import KeyBindings
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.named_layouts import NamedLayouts
from tradestream_gui.ui.shell.overlays import lies_over_panes
from tradestream_gui.ui.shell.plain import plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.hint_field import HintField

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import AccountId
    from tradestream_gui.ui.shell.signal_hub import SignalHub

WIDTH_PX, TOP_PX, EDGE_PX = 720, 28, 20
JUDGE_MS = 250
"""A line is judged anew at most four times a second while prices move."""
HINTS_OF_FIELD = (
    "Symbol, action or setting; mes b 2 6326 s6316 t7/12; ES above 6350",
    "Symbol, action, setting or order line",
)
NOTHING = "Nothing is called that. An order needs a side and a quantity after the symbol: mes b 2 6326 s6316 t7/12"
HINT = "↑ ↓ choose   Enter runs   Esc closes"
HINT_OF_LINE = "A bare stop or target of a future counts points when it is small; s10p always does.   Esc closes"


class Palette(QFrame):
    """A part of the window like any other, made at the first key; orders leave it only by Enter on a judged line."""

    kept_as = "palette"
    show_instrument = pyqtSignal(object)
    said = pyqtSignal(str)
    undoable = pyqtSignal(str, object)

    def __init__(
        self,
        look: Look,
        window: MainWindow,
        core: Core,
        hub: SignalHub,
        keys: KeyBindings,
        layouts: NamedLayouts,
    ) -> None:
        super().__init__(window)
        self._look = look
        self._window = window
        self._core = core
        self.finder = Finder(window, core, keys, layouts)
        self._before: QWidget | None = None
        self.setProperty("role", "palette")
        lies_over_panes(self)
        self.setAccessibleName("Command palette")
        self.field = HintField(look, HINTS_OF_FIELD, icon="search", parent=self)
        self.field.setAccessibleName("Symbol, action, setting, order line or price alert")
        self.list = QListWidget(self)
        self.list.setAccessibleName("Found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(RowDelegate(look, self.list))
        self.nothing = plain_label(NOTHING, role="help", parent=self)
        self.nothing.setWordWrap(True)
        self.panel = LinePanel(look, self)
        self.hint = plain_label(HINT, role="caption", parent=self)
        self.orders = LineOrders(core, window.arming, window, self._account_id)
        self._judging = FrameClock(self._show_line, JUDGE_MS, self)
        self._lay_out()
        self.hide()
        self._connect(hub)

    # -- opening -------------------------------------------------------------------------------------------

    def open(self, text: str = "") -> None:
        """Shows it with the text, with the keyboard in its field; a second press of its key closes it."""
        if self.isVisible():
            self.dismiss()
            return
        self._before = QApplication.focusWidget()
        self.finder.begin()
        self.field.setText(text)
        self._find(text)
        self._window.activateWindow()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def dismiss(self) -> None:
        """Closes it and gives the keyboard back to where it was."""
        before, self._before = self._before, None
        self.hide()
        if before is not None and not sip.isdeleted(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def accept(self) -> None:
        """Enter: sends the line that is judged, sets the alert, or runs what is chosen."""
        text = self.field.text()
        if is_alert_line(text):
            self._set_alert(text)
        elif is_order_line(text):
            self._send(text)
        else:
            row = self.list.currentItem()
            if row is not None:
                self.dismiss()
                self.finder.run(row.data(ITEM_ROLE))

    # -- kept from run to run ------------------------------------------------------------------------------

    def keep_state(self) -> Mapping[str, object]:
        return {"recent": list(self.finder.recent)}

    def restore_state(self, stored: Mapping[str, object]) -> None:
        self.finder.remember(stored.get("recent"))

    # -- finding -------------------------------------------------------------------------------------------

    def _find(self, text: str) -> None:
        is_line = is_alert_line(text) or is_order_line(text)
        self.panel.setVisible(is_line)
        self.hint.setText(HINT_OF_LINE if is_order_line(text) and not is_alert_line(text) else HINT)
        self.list.clear()
        if is_line:
            self._show_line()
        else:
            self._list(text)
        self.list.setVisible(self.list.count() > 0)
        self.nothing.setVisible(not is_line and not self.list.count())
        self._place()

    def _list(self, text: str) -> None:
        for item in self.finder.find(text):
            self.list.addItem(row_of(item))
        if self.list.count():
            self.list.setCurrentRow(0)

    def _show_line(self) -> None:
        text = self.field.text()
        if is_alert_line(text):
            self.panel.show_alert(*preview_alert(self._core, text))
        elif is_order_line(text):
            self.panel.show_order(self.orders.preview(text))
        self._place()

    # -- doing ---------------------------------------------------------------------------------------------

    def _send(self, text: str) -> None:
        """The palette goes at the press, so that a second Enter meets no line that could go again."""
        if self.orders.place(text):
            self.dismiss()
        else:
            self._show_line()

    def _set_alert(self, text: str) -> None:
        try:
            words = set_alert(self._core, text)
        except ValueError as error:
            self.panel.show_alert("", f"{str(error)[:1].upper()}{str(error)[1:]}.", Tone.DANGER)
            self._place()
            return
        self.dismiss()
        self.said.emit(words)

    def _account_id(self) -> AccountId | None:
        return self._window.risk_bar.account_id

    # -- layout --------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        for label in (self.nothing, self.hint):
            label.setContentsMargins(10, 0, 8, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 8)
        column.setSpacing(8)
        for part in (self.field, self.list, self.nothing, self.panel, self.hint):
            column.addWidget(part)

    def _connect(self, hub: SignalHub) -> None:
        self.field.textChanged.connect(self._find)
        self.list.itemClicked.connect(self._on_clicked)
        self.field.installEventFilter(self)
        self._window.installEventFilter(self)
        self.finder.show_instrument.connect(self.show_instrument)
        self.finder.said.connect(self.said)
        self.finder.undoable.connect(self.undoable)
        self.finder.typed.connect(self.open)
        self.orders.said.connect(self._on_said)
        self.orders.changed.connect(self._on_fact)
        self._window.arming.changed.connect(self._on_fact)
        hub.frame.connect(self._on_fact)
        for signal in (hub.order_changed, hub.lot_changed, hub.account_state_changed):
            signal.connect(self._on_fact)
        self._look.changed.connect(self._adopt_look)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)

    def _place(self) -> None:
        """Over the middle of the window, as high as what it shows."""
        width = min(self._look.px(WIDTH_PX), self._window.width() - 2 * EDGE_PX)
        self.setFixedWidth(width)
        middle = self._window.centralWidget()
        top = (middle.geometry().top() if middle is not None else 0) + self._look.px(TOP_PX)
        self._show_rows(self.list.count())
        room = self._window.height() - EDGE_PX - top
        beyond = self._height_at(width) - room
        if beyond > 0:  # the last rows are scrolled to
            self._show_rows(max(self.list.count() - ceil(beyond / self._look.px(ROW_PX)), 1))
        self.setGeometry((self._window.width() - width) // 2, top, width, self._height_at(width))

    def _show_rows(self, count: int) -> None:
        self.list.setFixedHeight(self._look.px(ROW_PX) * count + 2 * self.list.frameWidth() + 2)

    def _height_at(self, width: int) -> int:
        layout = self.layout()
        assert layout is not None, "it was laid out when it was made"
        layout.activate()
        return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else self.sizeHint().height()

    def _adopt_look(self) -> None:
        if self.isVisible():
            self._find(self.field.text())

    # -- events --------------------------------------------------------------------------------------------

    def _on_clicked(self) -> None:
        self.accept()

    def _on_said(self, words: str, tone: Tone) -> None:
        self.said.emit(words)

    def _on_fact(self, *fact: object) -> None:
        if self.isVisible() and self.panel.isVisible():
            self._judging.request()

    def _on_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        """A click elsewhere closes it, and takes the keyboard with it."""
        if now is not None and self.isVisible() and now is not self and not self.isAncestorOf(now):
            self._before = None
            self.hide()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is None or not self.isVisible():
            return False
        if watched is self._window and event.type() is QEvent.Type.Resize:
            self._place()
        if isinstance(event, QKeyEvent) and watched is self.field and event.type() is QEvent.Type.KeyPress:
            return self._take_key(event)
        return False

    def _take_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.accept()
            return True
        if key == Qt.Key.Key_Escape:
            self.dismiss()
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return True
        step = (key == Qt.Key.Key_Down) - (key == Qt.Key.Key_Up)
        if step and self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
        return bool(step)

    def sizeHint(self) -> QSize:
        return super().sizeHint().boundedTo(self._window.size())
