"""The row above a chart: which contract, which interval, how it is drawn, and what kind of prices these are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QFont, QFontMetrics, QIcon, QPainter, QPixmap
from PyQt6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.ui.charts.chart_data import ChartStyle
from tradestream_gui.ui.docks.chart.state import FIRST_INTERVAL_S, LinkColour
from tradestream_gui.ui.shell.ink import ink
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, tooltip
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.ui.widgets.line_label import LineLabel

INTERVALS = (
    ("1s", 1), ("5s", 5), ("15s", 15), ("1m", 60), ("5m", 300), ("15m", 900), ("30m", 1_800), ("1h", 3_600),
    ("1D", 86_400),
)  # fmt: skip
BUTTON_ROOM_PX = 9
"""Border and padding around a button's word."""
SIDE_PX, ICON_PX = 26, 16


class ChartBar(QFrame):
    """Emits what was chosen; shows what it is told."""

    instrument_chosen = pyqtSignal(object)
    interval_chosen = pyqtSignal(int)
    style_chosen = pyqtSignal(object)
    link_chosen = pyqtSignal(object)
    studies_wanted = pyqtSignal()
    latest_wanted = pyqtSignal()
    table_wanted = pyqtSignal()
    another_wanted = pyqtSignal()
    close_wanted = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setProperty("role", "panel")
        self._ids: list[InstrumentId] = []
        self._tone = Tone.MUTED
        self._link = LinkColour.BLUE
        self.seconds = FIRST_INTERVAL_S
        self.symbols = ChoiceBox(self)
        self.symbols.setAccessibleName("Chart instrument")
        self.symbols.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.symbols.take_room_for(3)
        self.kind = LineLabel(parent=self)
        self.kind.take_room()
        self.link_choice = self._button("Link colour", "Charts of one colour show one contract")
        self.style_choice = self._button("Chart style", "Candles, bars, line or Heikin-Ashi")
        self.indicators = self._button("Indicators", "Which indicators are drawn, and with which numbers")
        self.more = self._button("More of this chart", "Newest bar, bars as a table, another chart, closing this one")
        self.latest, self.table, self.another, self.shut = self._more_menu()
        self._menus = [self._style_menu(), self._link_menu()]
        self._group = QButtonGroup(self)
        self.intervals = {seconds: self._interval_button(text, seconds) for text, seconds in INTERVALS}
        self.intervals[self.seconds].setChecked(True)
        self._lay_out()
        self._connect()
        self._adopt_look()

    # -- shows ---------------------------------------------------------------------------------------------

    def show_instruments(self, instruments: Sequence[Instrument], chosen: InstrumentId | None) -> None:
        """Lists these contracts and selects `chosen`."""
        ids = [one.instrument_id for one in instruments]
        if ids != self._ids:
            self._ids = ids
            self.symbols.clear()
            for one in instruments:
                self.symbols.addItem(contract_name(one))
                row = self.symbols.count() - 1
                self.symbols.setItemData(row, tooltip(one.description), 3)
        if chosen in self._ids:
            self.symbols.setCurrentIndex(self._ids.index(chosen))

    def show_kind(self, forms: Sequence[str], tone: Tone) -> None:
        """The same in fewer words each time."""
        self.kind.say(*forms)
        self._tone = tone
        ink(self.kind, self._look.tone(tone))

    def show_choice(self, seconds: int, style: ChartStyle, link: LinkColour) -> None:
        """What the chart is set to."""
        self.seconds, self._link = seconds, link
        self.intervals[seconds].setChecked(True)
        self.style_choice.setAccessibleDescription(style.value)
        for menu, chosen in zip(self._menus, (style, link), strict=True):
            for action in menu.actions():
                action.setChecked(action.data() is chosen)
        self._adopt_look()

    def show_neighbours(self, *, may_add: bool, may_close: bool) -> None:
        self.another.setEnabled(may_add)
        self.shut.setEnabled(may_close)

    def choose_interval(self, seconds: int) -> None:
        self.intervals[seconds].setChecked(True)
        self._on_interval(seconds)

    # -- making --------------------------------------------------------------------------------------------

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        explain(button, tip)
        return button

    def _style_menu(self) -> QMenu:
        menu = QMenu(self.style_choice)
        for style in ChartStyle:
            _choice(menu, style.value, style)
        self.style_choice.clicked.connect(partial(_drop_down, self.style_choice, menu))
        return menu

    def _link_menu(self) -> QMenu:
        menu = QMenu(self.link_choice)
        for colour in LinkColour:
            _choice(menu, f"{colour.shape}  {colour.words}", colour)
        self.link_choice.clicked.connect(partial(_drop_down, self.link_choice, menu))
        return menu

    def _more_menu(self) -> tuple[QAction, QAction, QAction, QAction]:
        menu = QMenu(self.more)
        lines = ("Back to the newest bar\tEnd", "Bars as a table…", "Add a chart", "Close this chart")
        latest, table, another, shut = (QAction(words, menu) for words in lines)
        menu.addActions((latest, table, another, shut))
        self.more.clicked.connect(partial(_drop_down, self.more, menu))
        return latest, table, another, shut

    def _interval_button(self, text: str, seconds: int) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setCheckable(True)
        button.setAccessibleName(f"Bars of {text}")
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._group.addButton(button, seconds)
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 4)
        column.setSpacing(4)
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self.link_choice)
        top.addWidget(self.symbols, 1)
        top.addSpacing(4)
        top.addWidget(self.kind)
        top.addSpacing(4)
        for button in (self.style_choice, self.indicators, self.more):
            top.addWidget(button)
        column.addLayout(top)
        row = QHBoxLayout()
        row.setSpacing(0)
        for button in self.intervals.values():
            row.addWidget(button, len(button.text()) + 1)
        column.addLayout(row)

    def _connect(self) -> None:
        self._group.idClicked.connect(self._on_interval)
        self.symbols.activated.connect(self._on_symbol)
        style_menu, link_menu = self._menus
        style_menu.triggered.connect(self._on_style)
        link_menu.triggered.connect(self._on_link)
        self.indicators.clicked.connect(self.studies_wanted)
        self.latest.triggered.connect(self.latest_wanted)
        self.table.triggered.connect(self.table_wanted)
        self.another.triggered.connect(self.another_wanted)
        self.shut.triggered.connect(self.close_wanted)
        self._look.changed.connect(self._adopt_look)

    # -- what was chosen -----------------------------------------------------------------------------------

    def _on_interval(self, seconds: int) -> None:
        self.seconds = seconds
        self.interval_chosen.emit(seconds)

    def _on_symbol(self, row: int) -> None:
        if 0 <= row < len(self._ids):
            self.instrument_chosen.emit(self._ids[row])

    def _on_style(self, action: QAction) -> None:
        self.style_chosen.emit(action.data())

    def _on_link(self, action: QAction) -> None:
        self.link_chosen.emit(action.data())

    def _adopt_look(self) -> None:
        look = self._look
        self.style_choice.setIcon(look.icon("chart"))
        self.indicators.setIcon(look.icon("trend"))
        self.more.setIcon(look.icon("more"))
        self.latest.setIcon(look.icon("chevron-right"))
        self.table.setIcon(look.icon("watchlist"))
        self.another.setIcon(look.icon("plus"))
        self.shut.setIcon(look.icon("close"))
        self.link_choice.setIcon(QIcon(shape_picture(look, self._link)))
        self.link_choice.setAccessibleDescription(self._link.words)
        for button in (self.link_choice, self.style_choice, self.indicators, self.more):
            button.setMinimumSize(look.px(SIDE_PX), look.px(SIDE_PX))
            button.setIconSize(QSize(look.px(ICON_PX), look.px(ICON_PX)))
        self.kind.setFont(look.font(11, QFont.Weight.DemiBold))
        ink(self.kind, self._look.tone(self._tone))
        for button in self.intervals.values():
            button.setFont(look.font(11, QFont.Weight.Medium))
            words = QFontMetrics(button.font()).horizontalAdvance(button.text())
            button.setMinimumWidth(max(words + BUTTON_ROOM_PX, look.px(22)))
            button.setMinimumHeight(look.px(24))


def shape_picture(look: Look, link: LinkColour) -> QPixmap:
    """The link's shape in its colour: a style sheet would ink a button's own text."""
    side = look.px(ICON_PX)
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setFont(look.font(13, QFont.Weight.DemiBold))
    painter.setPen(look.color(link.token))
    painter.drawText(picture.rect(), Qt.AlignmentFlag.AlignCenter, link.shape)
    painter.end()
    return picture


def _drop_down(button: QToolButton, menu: QMenu, *_: object) -> None:
    """A menu of the button's own would take the room of its arrow."""
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


def _choice(menu: QMenu, words: str, value: object) -> None:
    action = QAction(words, menu)
    action.setCheckable(True)
    action.setData(value)
    menu.addAction(action)
