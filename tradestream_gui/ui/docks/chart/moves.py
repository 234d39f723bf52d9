"""Own lines on a chart: what each one is, what would come of it at another price, and how it is moved there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from tradestream_gui.domain.exits import TargetStep
from tradestream_gui.domain.ids import LotId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.positions import Lot, closing_price
from tradestream_gui.ui.charts.chart_data import MoveWords
from tradestream_gui.ui.docks.chart.overlays import LinedMark
from tradestream_gui.ui.docks.chart.price_alerts import is_alert_line, move_alert, preview_move
from tradestream_gui.ui.docks.ladder.moves import LadderMoves
from tradestream_gui.ui.format import money_text, price_text
from tradestream_gui.ui.models.ladder_rows import MarkKind, OwnMark
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.portfolio.commands import ensure_plan, stop_words

if TYPE_CHECKING:
    from tradestream_gui.core import Core


class ChartMoves(QObject):
    """Entries, stops and targets move as on the ladder; a position's own line makes the stop or target it lacks.

    A price alert's line moves the alert.
    """

    said = pyqtSignal(str, object)  # words and Tone

    def __init__(self, core: Core, arming: Arming, parent: QObject) -> None:
        super().__init__(parent)
        self._core = core
        self._moves = LadderMoves(core, arming, self)
        self._moves.said.connect(self.said)
        self._marks: dict[str, OwnMark] = {}

    def show(self, instrument: Instrument, lines: Sequence[LinedMark]) -> None:
        """What the lines on the chart stand for."""
        self._moves.instrument = instrument
        self._marks = {line.line.line_id: line.mark for line in lines if line.mark is not None}

    def preview(self, line_id: str, price: float) -> MoveWords:
        """In words: the result at that price, or why it may not go there."""
        exact, instrument = self._exact(price), self._moves.instrument
        if instrument is not None and is_alert_line(line_id):
            return preview_move(self._core, instrument, exact)
        mark = self._mark(line_id, exact)
        if mark is None:
            free, words = self._free(line_id, exact)
            return MoveWords(words, "text" if free else "danger", free > 0)
        answer = self._moves.preview(mark, exact)
        words = answer.words
        if answer.may_go and mark.kind is not MarkKind.ENTRY:
            words = f"{mark.word} {self._shown(exact)}. {stop_words(self._core, LotId(mark.key), exact)}"
        return MoveWords(words, "text" if answer.may_go else "danger", answer.may_go)

    def drop(self, line_id: str, price: float) -> None:
        """Sends the one change that this is, or says why not."""
        exact, instrument = self._exact(price), self._moves.instrument
        if instrument is not None and is_alert_line(line_id):
            self.said.emit(move_alert(self._core, line_id, instrument, exact), Tone.TEXT)
            return
        mark = self._mark(line_id, exact)
        if mark is not None:
            self._moves.move(mark, exact)
            return
        free, words = self._free(line_id, exact)
        lot = self._lot(line_id)
        if free and lot is not None:
            self._add_target(lot, exact, free)
        self.said.emit(words, Tone.TEXT if free else Tone.DANGER)

    def cancel(self, mark: OwnMark) -> None:
        self._moves.cancel([mark])

    def _mark(self, line_id: str, price: Decimal) -> OwnMark | None:
        """The order behind a line; behind a position's own it is the stop, on the side where it loses from here."""
        if line_id in self._marks:
            return self._marks[line_id]
        lot = self._lot(line_id)
        if lot is None or not self._is_stop_side(lot, price):
            return None
        plan = self._core.exits.plan(lot.lot_id)
        stands = price if plan is None or plan.stop_price is None else plan.stop_price
        return OwnMark(lot.lot_id, MarkKind.STOP, lot.side.opposite, lot.open_qty, "STOP", stands)

    def _is_stop_side(self, lot: Lot, price: Decimal) -> bool:
        here = closing_price(lot.side, self._core.board.quote(lot.instrument_id)) or lot.avg_entry
        return here is not None and (price - here) * lot.side.sign < 0

    def _free(self, line_id: str, price: Decimal) -> tuple[int, str]:
        """How many contracts of a position have no target yet, and what one here would bring; 0 with the reason."""
        lot = self._lot(line_id)
        if lot is None:
            return 0, "This position is closed already."
        plan = self._core.exits.plan(lot.lot_id)
        free = lot.open_qty - (0 if plan is None else sum(step.left_qty for step in plan.targets))
        if free <= 0:
            return 0, f"Each of the {lot.open_qty} has its target already: move one of those."
        return free, f"Target for {free} at {self._shown(price)}. {self._result_words(lot, free, price)}"

    def _add_target(self, lot: Lot, price: Decimal, qty: int) -> None:
        ensure_plan(self._core, lot)
        plan = self._core.exits.plan(lot.lot_id)
        assert plan is not None, "a plan was made just now"
        self._core.exits.take(replace(plan, targets=(*plan.targets, TargetStep(price, qty)), allocations=()))

    def _result_words(self, lot: Lot, qty: int, price: Decimal) -> str:
        instrument = self._core.market.instrument(lot.instrument_id)
        if lot.avg_entry is None:
            return ""
        result = instrument.money((price - lot.avg_entry) * lot.side.sign, qty)
        return f"Reached there, it brings {money_text(result, sign=True)} before fees."

    def _shown(self, price: Decimal) -> str:
        instrument = self._moves.instrument
        return f"{price:f}" if instrument is None else price_text(price, instrument)

    def _lot(self, line_id: str) -> Lot | None:
        kind, _, name = line_id.partition(":")
        lot = self._core.lots.lot(LotId(name)) if kind == "lot" else None
        return None if lot is None or lot.is_flat else lot

    def _exact(self, price: float) -> Decimal:
        instrument, exact = self._moves.instrument, Decimal(repr(price))
        return exact if instrument is None else instrument.round_to_tick(exact)
