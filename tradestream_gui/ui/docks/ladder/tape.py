"""Time and sales beside the ladder: the newest print on top, large ones set off, the aggressor by colour."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.market.volume_profile import KEPT_PRINTS, VolumeProfile
from tradestream_gui.ui.models.ladder_tape_model import TapeColumn, TapeModel
from tradestream_gui.ui.shell.look import Look

if TYPE_CHECKING:
    from tradestream_gui.core import Core

ROW_PX = 18
SHARES = {TapeColumn.TIME: 64, TapeColumn.PRICE: 66, TapeColumn.SIZE: 42}


class TapeView(QTableView):
    """Reads on from where it stood; a mouse over it, or a look further down, leaves the rows in sight alone."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._instrument: Instrument | None = None
        self._seen = 0
        self.tape = TapeModel(look, KEPT_PRINTS, self)
        self.setModel(self.tape)
        self.setAccessibleName("Time and sales")
        self.setAccessibleDescription("The latest prints, newest first; large ones are set off.")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def show_instrument(self, core: Core, instrument: Instrument | None) -> None:
        self._instrument, self._seen = instrument, 0
        self.tape.clear(instrument, ZoneInfo(core.settings.current.general.display_zone))

    def follow(self, profile: VolumeProfile) -> None:
        """Adds the prints that have come since the last call."""
        if self._instrument is None:
            return
        instrument_id = self._instrument.instrument_id
        count = profile.count(instrument_id)
        if count != self._seen:
            bar = self.verticalScrollBar()
            below, rows = (bar.value() if bar is not None else 0), count - self._seen
            self.tape.add(profile.newest(instrument_id, min(rows, KEPT_PRINTS)))
            self._seen = count
            if bar is not None and below:
                bar.setValue(below + rows)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        header, viewport = self.horizontalHeader(), self.viewport()
        if header is not None and viewport is not None:
            whole = sum(SHARES.values())
            for column, share in SHARES.items():
                header.resizeSection(column, viewport.width() * share // whole)

    def _adopt_look(self) -> None:
        across, down = self.horizontalHeader(), self.verticalHeader()
        self.setFont(self._look.font(11))
        if across is not None:
            across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            across.setSectionsClickable(False)
            across.setMinimumSectionSize(self._look.px(24))
            across.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if down is not None:
            down.hide()
            down.setMinimumSectionSize(self._look.px(ROW_PX))
            down.setDefaultSectionSize(self._look.px(ROW_PX))
        self.setMinimumWidth(self._look.px(170))
        self._share_width()
