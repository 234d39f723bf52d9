"""What stands on the pages besides settings: older versions of the settings, and About."""

from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import PYQT_VERSION_STR, QT_VERSION_STR, Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QGridLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from tradestream_gui import __version__
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain_label
from tradestream_gui.ui.widgets.flow_layout import FlowLayout

NO_WARRANTY = (
    "This program comes with no warranty, to the extent permitted by law. It is free software: you may pass it on "
    "and change it under the GNU General Public License, version 3 or later (GPL-3.0-or-later). The whole text "
    "stands in the file LICENSE."
)
DISCLAIMER = (
    "Trading futures and options can lose more than you paid in. Nothing here is investment advice. Simulated and "
    "demo results say little about real ones: fills, fees and prices differ. You alone answer for every order that "
    "this program sends for you; test on paper first and keep a way to reach your broker without it."
)
VERSION_LIST_PX = 180


class VersionsCard(QFrame):
    """The kept versions of the settings, and the whole file out and in."""

    revert_wanted = pyqtSignal(object)
    import_wanted = pyqtSignal()
    export_wanted = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._versions: tuple[Path, ...] = ()
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 12)
        column.addWidget(plain_label("Settings file", role="h2"))
        self.where = plain_label(role="help")
        self.where.setWordWrap(True)
        self.where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.where)
        row = FlowLayout()
        self.export = QPushButton("Export…", self)
        self.export.clicked.connect(self.export_wanted)
        self.load = QPushButton("Import…", self)
        self.load.clicked.connect(self.import_wanted)
        row.addWidget(self.export)
        row.addWidget(self.load)
        column.addLayout(row)
        column.addWidget(plain_label("The file holds no passwords and no keys.", role="help"))
        column.addSpacing(8)
        column.addWidget(plain_label("Earlier versions", role="strong"))
        self.list = QListWidget(self)
        self.list.setAccessibleName("Earlier versions of the settings, newest first")
        self.list.setFixedHeight(look.px(VERSION_LIST_PX))
        self.none = plain_label("Each change that you apply keeps the version before it, the last 20.", role="help")
        self.none.setWordWrap(True)
        self.revert = QPushButton("Show what going back would change…", self)
        self.revert.clicked.connect(self._on_revert)
        self.list.currentRowChanged.connect(self._on_chosen)
        for part in (self.none, self.list):
            column.addWidget(part)
        column.addWidget(self.revert, 0, Qt.AlignmentFlag.AlignLeft)

    def show_versions(self, path: Path, versions: Sequence[tuple[Path, str]]) -> None:
        """Each kept file with the words for it."""
        self.where.setText(str(path))
        self._versions = tuple(version for version, _ in versions)
        self.list.clear()
        for _, words in versions:
            self.list.addItem(words)
        self.list.setVisible(bool(versions))
        self.none.setVisible(not versions)
        self.revert.setVisible(bool(versions))
        self.revert.setEnabled(False)

    def _on_chosen(self, row: int) -> None:
        self.revert.setEnabled(0 <= row < len(self._versions))

    def _on_revert(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._versions):
            self.revert_wanted.emit(self._versions[row])


class AboutCard(QFrame):
    """Name, version, licence, the words about risk, and where the files lie."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(plain_label(f"TradeStream {__version__}", role="h2"))
        self.places = QGridLayout()
        self.places.setHorizontalSpacing(18)
        self.places.setColumnStretch(1, 1)
        column.addLayout(self.places)
        for title, words in (("Licence", NO_WARRANTY), ("Before you trade", DISCLAIMER)):
            column.addWidget(plain_label(title, role="strong"))
            text = plain_label(words, role="help")
            text.setWordWrap(True)
            column.addWidget(text)
        self.add_line("Qt", QT_VERSION_STR)
        self.add_line("PyQt", PYQT_VERSION_STR)

    def add_line(self, title: str, words: str) -> None:
        row = self.places.rowCount()
        self.places.addWidget(plain_label(title, role="help"), row, 0)
        shown = plain_label(words)
        shown.setWordWrap(True)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.places.addWidget(shown, row, 1)
