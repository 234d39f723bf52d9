"""A stop or target that was dragged on the chart: asks with the new figures, then moves it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import LotId
from tradestream_gui.domain.positions import Lot
from tradestream_gui.ui.format import money_text, price_text
from tradestream_gui.ui.shell.dialogs import Question, ask
from tradestream_gui.ui.tabs.portfolio_commands import move_stop, stop_refusal

if TYPE_CHECKING:
    from tradestream_gui.core import Core


class LineDrag:
    """Moves nothing before the person has said yes; the lot may be gone by then, and is looked up again."""

    def __init__(self, core: Core, parent: QWidget) -> None:
        self._core = core
        self._parent = parent

    async def move(self, line_id: str, price: Decimal) -> bool:
        """True when the line was moved; the line's id is that of `chart_lines`."""
        kind, _, name = line_id.partition(":")
        if kind == "stop":
            return await self._move_stop(LotId(name), price)
        if kind == "target":
            number, _, lot_id = name.partition(":")
            return await self._move_target(LotId(lot_id), int(number), price)
        return False

    async def _move_stop(self, lot_id: LotId, price: Decimal) -> bool:
        refusal = stop_refusal(self._core, lot_id, price)
        if refusal:
            await ask(self._parent, Question("The stop stays", refusal, confirm="Understood", cancel="Close"))
            return False
        plan, lot = self._core.exits.plan(lot_id), self._core.lots.lot(lot_id)
        if plan is None or lot is None or not await self._agreed("stop", lot, plan.stop_price, price):
            return False
        if stop_refusal(self._core, lot_id, price):
            return False
        move_stop(self._core, lot_id, price)
        return True

    async def _move_target(self, lot_id: LotId, number: int, price: Decimal) -> bool:
        plan, lot = self._core.exits.plan(lot_id), self._core.lots.lot(lot_id)
        if plan is None or lot is None or number >= len(plan.targets):
            return False
        if not await self._agreed(f"target {number + 1}", lot, plan.targets[number].price, price):
            return False
        now = self._core.exits.plan(lot_id)
        if now is None or number >= len(now.targets) or now.targets[number].is_done:
            return False
        self._core.exits.move_target(lot_id, number, price)
        return True

    async def _agreed(self, what: str, lot: Lot, before: Decimal | None, price: Decimal) -> bool:
        instrument = self._core.market.instrument(lot.instrument_id)
        entry = lot.avg_entry
        result = None if entry is None else instrument.money((price - entry) * lot.side.sign, lot.open_qty)
        question = Question(
            title=f"Move the {what} of {contract_name(instrument)}?",
            text=f"{lot.open_qty} open, average {price_text(entry, instrument)}.",
            confirm=f"Move to {price_text(price, instrument)}",
            facts=(
                ("Now", price_text(before, instrument)),
                ("New", price_text(price, instrument)),
                ("Result there, before fees", money_text(result, sign=True)),
            ),
        )
        return await ask(self._parent, question)
