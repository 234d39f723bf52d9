"""Puts together what compares our books with a broker's."""

from tradestream_gui.assembly.parts import Books, Outside, TradingParts
from tradestream_gui.trading.market_view import MarketView
from tradestream_gui.trading.net_positions import NetPositions
from tradestream_gui.trading.reconciler import Reconciler
from tradestream_gui.trading.recovery import Recovery


def reconciler_of(outside: Outside, held: Books, trading: TradingParts, market: MarketView) -> Reconciler:
    bus, clock = outside.bus, outside.clock
    recovery = Recovery(
        bus=bus,
        clock=clock,
        ids=outside.ids,
        blotter=held.blotter,
        lots=held.lots,
        accounts=held.accounts,
        desk=trading.desk,
        exits=trading.exits,
    )
    positions = NetPositions(
        bus=bus, clock=clock, blotter=held.blotter, lots=held.lots, accounts=held.accounts, market=market
    )
    return Reconciler(
        bus=bus,
        clock=clock,
        blotter=held.blotter,
        lots=held.lots,
        accounts=held.accounts,
        desk=trading.desk,
        exits=trading.exits,
        recovery=recovery,
        positions=positions,
        external_orders=held.external_orders,
    )
