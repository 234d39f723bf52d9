"""Builds what only a person at the window does."""

from tradestream_gui.assembly.parts import Books, Outside, TradingParts
from tradestream_gui.trading.adoption import Adoption
from tradestream_gui.trading.entry_moves import EntryMoves
from tradestream_gui.trading.hand_desk import HandDesk
from tradestream_gui.trading.market_view import MarketView
from tradestream_gui.trading.reversal import Reversal


def hand_desk(outside: Outside, held: Books, trading: TradingParts, view: MarketView) -> HandDesk:
    return HandDesk(
        reversal=Reversal(
            bus=outside.bus,
            clock=outside.clock,
            blotter=held.blotter,
            lots=held.lots,
            desk=trading.desk,
            exits=trading.exits,
            entries=trading.entries,
            instrument_of=view.instrument,
        ),
        adoption=Adoption(
            clock=outside.clock,
            ids=outside.ids,
            blotter=held.blotter,
            lots=held.lots,
            desk=trading.desk,
            exits=trading.exits,
            instrument_of=view.instrument,
            quote_of=view.quote,
            room_today=trading.gate.room_today,
            flat_by=trading.entries.flat_by,
        ),
        entry_moves=EntryMoves(
            bus=outside.bus,
            desk=trading.desk,
            exits=trading.exits,
            instrument_of=view.instrument,
            quote_of=view.quote,
            gate=trading.gate,
        ),
    )
