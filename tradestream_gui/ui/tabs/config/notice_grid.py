"""The grid of notices: each event in a row, each outlet in a column, each cell on, silent or off."""

from copy import deepcopy
from typing import Any

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from tradestream_gui.domain.events import NoticeKind
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, plain, plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.upkeep.settings.fields import SettingSpec
from tradestream_gui.upkeep.settings.notifications import ALWAYS, FIRST_GRID, LOUD_ONLY, Outlet, Telling

HEADS = {
    Outlet.TOAST: "Window",
    Outlet.SOUND: "Sound",
    Outlet.DESKTOP: "Desktop",
    Outlet.EMAIL: "E-mail",
    Outlet.DISCORD: "Discord",
    Outlet.TELEGRAM: "Telegram",
}
EVENTS = {
    NoticeKind.ALERT: ("Alerts", "copied, edited or taken back"),
    NoticeKind.APPROVAL: ("Waits for you", "an alert asks, or needs a look"),
    NoticeKind.FILL: ("Fills", "entries and closes"),
    NoticeKind.TARGET: ("Targets", "a target is filled"),
    NoticeKind.STOP: ("Stops", "a stop is filled"),
    NoticeKind.REFUSAL: ("Refusals", "an alert was refused or missed"),
    NoticeKind.REJECT: ("Rejects", "by the broker, or no answer"),
    NoticeKind.RISK: ("Risk", "kill, limits, halts"),
    NoticeKind.UNPROTECTED: ("No stop", "always shown in the window"),
    NoticeKind.CONNECTION: ("Connections", "lost, and back again"),
    NoticeKind.PRICE: ("Price alerts", "your own"),
    NoticeKind.SYSTEM: ("Program", "disk, backups, differences"),
}
ICONS = {Telling.ON: "bell", Telling.SILENT: "bell-off", Telling.OFF: "minus"}
INKS = {Telling.ON: Tone.ACCENT, Telling.SILENT: Tone.SECONDARY, Telling.OFF: Tone.MUTED}
HOW = (
    "Press a cell to change it. Silent is delivered without noise, and a toast then closes by itself. Lost connections "
    "are told outside of the window once they are away for 30 seconds."
)
CELL_PX, CELL_HIGH_PX, ICON_PX = 84, 28, 14
BARE_PX = 72
"""A narrower cell shows its sign alone; words stand in its tool tip, and a screen reader says them anyway."""


class NoticeCell(QAbstractButton):
    """One cell: a press takes the next state. Arrow keys go to the cells beside it."""

    def __init__(self, look: Look, kind: NoticeKind, outlet: Outlet, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.kind, self.outlet = kind, outlet
        self.telling = Telling.OFF
        self.is_fixed = (kind, outlet) in ALWAYS
        self.setEnabled(not self.is_fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_telling(self, telling: Telling) -> None:
        self.telling = telling
        event, words = EVENTS[self.kind]
        always = "; always told there" if self.is_fixed else ""
        self.setAccessibleName(f"{event}, {HEADS[self.outlet]}: {telling.value}{always}")
        explain(self, f"{event} ({words})\n{HEADS[self.outlet]}: {telling.value}{always}")
        self.update()

    def next_telling(self) -> Telling:
        states = [one for one in Telling if one is not Telling.SILENT or self.outlet not in LOUD_ONLY]
        return states[(states.index(self.telling) + 1) % len(states)]

    # overridden Qt methods

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(CELL_PX), self._look.px(CELL_HIGH_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(CELL_HIGH_PX), self._look.px(CELL_HIGH_PX))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        steps = {
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
        }  # fmt: skip
        grid = self.parent()
        if event is not None and event.key() in steps and isinstance(grid, NoticeGrid):
            grid.step_from(self, *steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        look, painter = self._look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        is_on = self.telling is Telling.ON
        ink = look.tone(INKS[self.telling])
        painter.setPen(look.color("accent" if self.hasFocus() else "border"))
        painter.setBrush(look.color("raised" if is_on or self.underMouse() else "panel"))
        painter.drawRoundedRect(area, look.px(4), look.px(4))
        side = look.px(ICON_PX)
        is_bare = self.width() < look.px(BARE_PX)
        left = area.center().x() - side / 2 if is_bare else area.left() + look.px(8)
        icon = QRectF(left, area.center().y() - side / 2, side, side)
        look.icons.paint(painter, "lock" if self.is_fixed else ICONS[self.telling], icon, ink)
        painter.setFont(look.font(12))
        painter.setPen(look.tone(Tone.TEXT if is_on else Tone.MUTED))
        words = area.adjusted(look.px(14) + side, 0, 0, 0)
        if not is_bare:
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.telling.value)
        painter.end()


class NoticeGrid(QWidget):
    """Emits `edited(key, rows)` with the rows that differ from what holds at first."""

    edited = pyqtSignal(str, object)

    def __init__(self, look: Look, spec: SettingSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self._rows: dict[NoticeKind, dict[str, Any]] = {}
        self.cells: dict[tuple[NoticeKind, Outlet], NoticeCell] = {}
        self.error = plain_label(role="error", parent=self)
        self.error.setWordWrap(True)
        self.error.hide()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(2)
        self._fill(look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 8)
        column.addLayout(self._grid)
        column.addSpacing(6)
        how = plain_label(HOW, role="help")
        how.setWordWrap(True)
        column.addWidget(how)
        column.addWidget(self.error)

    def show_setting(self, rows: list[dict[str, Any]], stored: list[dict[str, Any]]) -> None:
        """Shows these rows over the first ones."""
        self._rows = {NoticeKind(row["id"]): deepcopy(row) for row in rows}
        for (kind, outlet), cell in self.cells.items():
            cell.show_telling(Telling(self._row(kind)[outlet.value]))

    def show_error(self, words: str) -> None:
        self.error.setText(plain(words))
        self.error.setVisible(bool(words))

    def step_from(self, cell: NoticeCell, down: int, right: int) -> None:
        """Moves the focus to the next cell that can be changed."""
        kinds, outlets = list(EVENTS), list(Outlet)
        row, column = kinds.index(cell.kind), outlets.index(cell.outlet)
        while 0 <= (row := row + down) < len(kinds) and 0 <= (column := column + right) < len(outlets):
            found = self.cells[kinds[row], outlets[column]]
            if found.isEnabled():
                found.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _fill(self, look: Look) -> None:
        for column, outlet in enumerate(Outlet, 1):
            self._grid.addWidget(plain_label(HEADS[outlet], role="caption"), 0, column, Qt.AlignmentFlag.AlignHCenter)
            self._grid.setColumnStretch(column, 2)
        self._grid.setColumnStretch(0, 5)
        for row, (kind, (event, words)) in enumerate(EVENTS.items(), 1):
            name = plain_label(f"{event}", role="strong")
            explain(name, words)
            said = QWidget(self)
            beside = QVBoxLayout(said)
            beside.setContentsMargins(0, 2, 8, 2)
            beside.setSpacing(0)
            beside.addWidget(name)
            about = plain_label(words, role="help")
            about.setWordWrap(True)
            beside.addWidget(about)
            self._grid.addWidget(said, row, 0)
            for column, outlet in enumerate(Outlet, 1):
                cell = self.cells[kind, outlet] = NoticeCell(look, kind, outlet, self)
                cell.show_telling(FIRST_GRID[kind][column - 1])
                cell.clicked.connect(self._on_clicked)
                self._grid.addWidget(cell, row, column)

    def _row(self, kind: NoticeKind) -> dict[str, Any]:
        first = {outlet.value: telling.value for outlet, telling in zip(Outlet, FIRST_GRID[kind], strict=True)}
        return self._rows.get(kind, {"id": kind.value, **first})

    def _on_clicked(self) -> None:
        cell = self.sender()
        if not isinstance(cell, NoticeCell):
            return
        kind, telling = cell.kind, cell.next_telling()
        row = self._row(kind) | {cell.outlet.value: telling.value}
        cell.show_telling(telling)
        first = {outlet.value: told.value for outlet, told in zip(Outlet, FIRST_GRID[kind], strict=True)}
        if row == {"id": kind.value, **first}:
            self._rows.pop(kind, None)
        else:
            self._rows[kind] = row
        self.edited.emit(self.spec.key, [self._rows[one] for one in EVENTS if one in self._rows])
