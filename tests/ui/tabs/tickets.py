"""Orders by hand on the demo account."""

from decimal import Decimal

from tests.ui.tabs.rig import DEMO_ACCOUNT, Rig
from tradestream_gui.domain.orders import MANUAL, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket


def long_by_hand(
    rig: Rig, symbol: str, qty: int = 1, *, stop_below: Decimal | int, limit_below: Decimal | int | None = None
) -> EntryTicket:
    """At market, or with a limit; both distances are points from the bid of now."""
    instrument = rig.instrument(symbol)
    quote = rig.core.board.quote(instrument.instrument_id)
    assert quote is not None
    assert quote.bid is not None
    return EntryTicket(
        account_id=DEMO_ACCOUNT,
        instrument_id=instrument.instrument_id,
        side=Side.BUY,
        ord_type=OrdType.MARKET if limit_below is None else OrdType.LIMIT,
        order_qty=qty,
        time_in_force=TimeInForce.DAY,
        origin=MANUAL,
        limit_price=None if limit_below is None else quote.bid - limit_below,
        protective_stop=quote.bid - stop_below,
    )
