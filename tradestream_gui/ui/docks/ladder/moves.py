"""Own orders on the ladder: moved, cancelled, flattened; what only reduces never asks the arming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from tradestream_gui.domain.ids import ClOrdId, LotId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.ui.docks.ladder.orders import Answer
from tradestream_gui.ui.format import NOTHING, money_text, price_text
from tradestream_gui.ui.models.ladder_rows import MarkKind, OwnMark
from tradestream_gui.ui.shell.arm_words import disarmed_words, way_to_arm
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.order_entry.submit import cancel_symbol, flatten_symbol
from tradestream_gui.ui.tabs.portfolio.commands import move_stop, stop_refusal, stop_words
from tradestream_gui.ui.tabs.portfolio.orders import cancel_order, change_price

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import AccountId


class LadderMoves(QObject):
    """Goes through the commands of the portfolio; an entry may move only while armed and within its risk."""

    said = pyqtSignal(str, object)  # words and Tone

    def __init__(self, core: Core, arming: Arming, parent: QObject) -> None:
        super().__init__(parent)
        self._core = core
        self._arming = arming
        self.account_id: AccountId | None = None
        self.instrument: Instrument | None = None

    def preview(self, mark: OwnMark, price: Decimal) -> Answer:
        refusal = self._move_refusal(mark, price)
        if refusal:
            return Answer(refusal, Tone.DANGER, may_go=False)
        assert self.instrument is not None, "a mark stands on a contract's ladder"
        words = f"{mark.side.value.capitalize()} {mark.text} to {price_text(price, self.instrument)}"
        if mark.kind is not MarkKind.ENTRY:
            words += f". {stop_words(self._core, LotId(mark.key), price)}"
        else:
            risk = self._risk_of(mark, price)
            words += f" (risk {money_text(risk)})" if risk is not None else ""
        return Answer(words, Tone.TEXT, may_go=True)

    def move(self, mark: OwnMark, price: Decimal) -> None:
        """Moves a working entry, or the stop or target of a lot, to a price."""
        self._arming.note_use()
        refusal = self._move_refusal(mark, price)
        if refusal:
            self.said.emit(refusal, Tone.DANGER)
        elif mark.kind is MarkKind.STOP:
            self.said.emit(move_stop(self._core, LotId(mark.key), price), Tone.TEXT)
        elif mark.kind is MarkKind.TARGET:
            self._core.exits.move_target(LotId(mark.key), mark.number, price)
            self.said.emit(f"Target {mark.number + 1} moved to {self._shown(price)}.", Tone.TEXT)
        else:
            self.said.emit(change_price(self._core, ClOrdId(mark.key), price), Tone.TEXT)

    def _move_refusal(self, mark: OwnMark, price: Decimal) -> str:
        if mark.kind is MarkKind.STOP:
            return stop_refusal(self._core, LotId(mark.key), price) or self._widening_refusal(mark, price)
        if mark.kind is MarkKind.TARGET:
            plan = self._core.exits.plan(LotId(mark.key))
            is_there = plan is not None and mark.number < len(plan.targets) and not plan.targets[mark.number].is_done
            return "" if is_there else "This target is done already."
        if not self._arming.is_armed:
            return disarmed_words(self._core)
        return self._entry_refusal(mark, price)

    def _widening_refusal(self, mark: OwnMark, price: Decimal) -> str:
        """Disarmed, a stop only comes closer: further away it would risk more."""
        if self._arming.is_armed or (price - mark.price) * mark.side.opposite.sign >= 0:
            return ""
        stands = f"Disarmed: the stop at {self._shown(mark.price)} only comes closer"
        return f"{stands}. To let it risk more, {way_to_arm(self._core)}."

    def _entry_refusal(self, mark: OwnMark, price: Decimal) -> str:
        order = self._core.blotter.order(ClOrdId(mark.key))
        if order is None or order.is_terminal:
            return "The order does not work any more."
        return self._core.hand.entry_moves.refusal(order, price)

    def _risk_of(self, mark: OwnMark, price: Decimal) -> Decimal | None:
        order = self._core.blotter.order(ClOrdId(mark.key))
        return None if order is None else self._core.hand.entry_moves.risk_at(order, price)

    def cancel(self, marks: Sequence[OwnMark]) -> None:
        """Cancels entries and takes targets off; a protective stop stays, and that is said."""
        self._arming.note_use()
        words = [self._cancel(mark) for mark in marks]
        self.said.emit(" ".join(words) if words else "No own order stands at this price.", Tone.TEXT)

    def _cancel(self, mark: OwnMark) -> str:
        if mark.kind is MarkKind.ENTRY:
            return cancel_order(self._core, ClOrdId(mark.key))
        if mark.kind is MarkKind.STOP:
            return "A stop that protects a position stays: move it, or close the position."
        plan = self._core.exits.plan(LotId(mark.key))
        if plan is None or mark.number >= len(plan.targets):
            return "This target is done already."
        kept = tuple(step for number, step in enumerate(plan.targets) if number != mark.number or step.is_done)
        self._core.exits.take(replace(plan, targets=kept, allocations=()))
        return f"Target at {self._shown(mark.price)} taken off."

    def cancel_all(self) -> None:
        if self.account_id is not None and self.instrument is not None:
            self.said.emit(cancel_symbol(self._core, self.account_id, self.instrument), Tone.TEXT)

    def flatten(self) -> None:
        if self.account_id is not None and self.instrument is not None:
            self.said.emit(flatten_symbol(self._core, self.account_id, self.instrument), Tone.TEXT)

    def _shown(self, price: Decimal) -> str:
        return NOTHING if self.instrument is None else price_text(price, self.instrument)
