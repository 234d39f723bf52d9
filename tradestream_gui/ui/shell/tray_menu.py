"""The menu of the tray, and of the window where there is no tray: waiting alerts first, then KILL, notices and quit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QWidget

from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line

SHOWN_ALERTS = 5
LINE_CHARACTERS = 200
GONE = "No longer waits"


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One waiting alert: what choosing it does, in words."""

    key: MessageKey
    words: str


class TrayMenu(QMenu):
    """Shows what it is given and tells what was chosen; it decides nothing. While it is open no line changes its place:
    what was answered meanwhile can no longer be chosen, and what came meanwhile waits for the next opening."""

    opening = pyqtSignal()
    """The last moment in which its lines may change. Many desktops draw the tray's menu themselves: it is open then and
    not visible to Qt."""
    alert_chosen = pyqtSignal(object)
    """The MessageKey."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setAccessibleName("TradeStream")
        self._lines: dict[MessageKey, QAction] = {}
        self.is_open = False
        self.none = QAction("No alert waits", self)
        self.none.setEnabled(False)
        self.needs_look = QAction("Needs a look…", self)
        self.kill = QAction(self)
        self.flatten = QAction(self)
        self.notices = QAction("Notices on the desktop", self)
        self.sounds = QAction("Sounds", self)
        for action in (self.notices, self.sounds):
            action.setCheckable(True)
        self.window_line = QAction("Show the window", self)
        self.quit = QAction("Quit TradeStream", self)
        self._after_alerts = self.addSeparator()
        self.addActions([self.kill, self.flatten])
        self.addSeparator()
        self.addActions([self.notices, self.sounds])
        self.addSeparator()
        self.addActions([self.window_line, self.quit])
        self.aboutToShow.connect(self._on_opening)
        self.aboutToHide.connect(self._on_closed)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def show_alerts(self, lines: Sequence[AlertLine], waiting: int) -> None:
        """`waiting` counts all that wait for a person, those without a line too."""
        if self.is_open:
            self._refresh({line.key: line for line in lines})
            return
        for action in (*self._lines.values(), self.none, self.needs_look):
            self.removeAction(action)
        for action in self._lines.values():
            action.deleteLater()
        self._lines = {line.key: self._line(number, line) for number, line in enumerate(lines[:SHOWN_ALERTS], 1)}
        others = waiting - len(self._lines)
        self.needs_look.setText(f"Needs a look: {others} more…" if self._lines else f"Needs a look: {others}…")
        first = list(self._lines.values()) or ([] if waiting else [self.none])
        self.insertActions(self._after_alerts, [*first, *([self.needs_look] if others else [])])

    def show_desktop(self, *, has_tray: bool, is_away: bool) -> None:
        """What this desktop can do with notices and with the window."""
        self.notices.setText(f"Notices on the desktop{'' if has_tray else ': it has no tray for them'}")
        self.notices.setEnabled(has_tray)
        away = "Hide the window" if has_tray else "Minimise the window"
        self.window_line.setText("Show the window" if is_away else away)

    def show_keys(self, kill: str, flatten: str) -> None:
        """The keys that do the same in the window."""
        self.kill.setText(f"&KILL: lock, cancel entries, keep stops\t{kill}")
        self.flatten.setText(f"KILL and &flatten all\t{flatten}")

    def open_at(self, widget: QWidget) -> None:
        """Below a widget of the window, with the first alert chosen: Enter takes it."""
        self.popup(widget.mapToGlobal(widget.rect().bottomLeft()))
        first = next(iter(self._lines.values()), None)
        if first is not None:
            self.setActiveAction(first)

    def lines(self) -> list[QAction]:
        """The alerts' own lines, in their order."""
        return list(self._lines.values())

    # inside

    def _on_opening(self) -> None:
        """A desktop that never told of the closing begins anew here."""
        self.is_open = False
        self.opening.emit()
        self.is_open = True

    def _on_closed(self) -> None:
        self.is_open = False

    def _line(self, number: int, line: AlertLine) -> QAction:
        action = QAction(self._look.icon("inbox"), _words(number, line), self)
        action.triggered.connect(partial(self._on_chosen, line.key))
        return action

    def _refresh(self, lines: dict[MessageKey, AlertLine]) -> None:
        for number, (key, action) in enumerate(self._lines.items(), 1):
            line = lines.get(key)
            action.setEnabled(line is not None)
            action.setText(_words(number, line or AlertLine(key, GONE)))

    def _on_chosen(self, key: MessageKey, *_: object) -> None:
        self.alert_chosen.emit(key)

    def _adopt_look(self) -> None:
        for action, icon in (
            (self.needs_look, "eye"), (self.kill, "kill"), (self.flatten, "flatten"), (self.quit, "close"),
        ):  # fmt: skip
            action.setIcon(self._look.icon(icon))


def _words(number: int, line: AlertLine) -> str:
    return f"&{number}  {one_line(line.words, LINE_CHARACTERS).replace('&', '&&')}"
