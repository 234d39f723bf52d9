"""Asks for the price of a price alert on one contract; the side follows from where the market is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.ui.format import price_text
from tradestream_gui.ui.shell.dialogs import answer_of
from tradestream_gui.ui.widgets.price_dialog import PriceDialog

if TYPE_CHECKING:
    from tradestream_gui.core import Core


async def ask_price_alert(parent: QWidget, core: Core, instrument: Instrument) -> None:
    """Sets the alert after a yes; nothing happens after a no."""
    name = contract_name(instrument)

    def last() -> Decimal | None:
        return core.board.last_price(instrument.instrument_id)

    def refusal(price: Decimal) -> str:
        now = last()
        if now is None:
            return f"No price of {name} has come yet, so its side is not known."
        return f"{name} is at {price_text(now, instrument)} already." if price == now else ""

    def words(price: Decimal) -> str:
        now = last()
        side = "above" if now is not None and price > now else "below"
        return f"You are told when {name} trades at or {side} {price_text(price, instrument)}."

    dialog = PriceDialog(
        parent,
        title=f"Price alert on {name}",
        text="Told once, in the window and wherever the notices of price alerts go.",
        instrument=instrument,
        price=last(),
        refusal=refusal,
        words=words,
        confirm="Set price alert",
    )
    await answer_of(dialog)  # its result is asked of the dialog below
    now, price = last(), dialog.price
    if dialog.result() != PriceDialog.DialogCode.Accepted.value or price is None or now is None:
        return
    try:
        core.price_alerts.add(instrument, price > now, price)
    except ValueError as error:  # it is set already, or the market came there while the question stood
        core.bus.publish(Notice(NoticeKind.PRICE, Severity.INFO, "No price alert", str(error), core.clock.now()))
