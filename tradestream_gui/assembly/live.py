"""Builds what unlocks FUNDED and LIVE accounts."""

from tradestream_gui.assembly.parts import Books, Outside, TradingParts
from tradestream_gui.trading.entry_lock import EntryLock
from tradestream_gui.trading.market_view import MarketView
from tradestream_gui.trading.unlock_test import UnlockTest


def entry_lock(outside: Outside, held: Books, trading: TradingParts, view: MarketView) -> EntryLock:
    test = UnlockTest(
        bus=outside.bus,
        clock=outside.clock,
        tasks=outside.tasks,
        ids=outside.ids,
        journal=outside.journal,
        accounts=held.accounts,
        blotter=held.blotter,
        lots=held.lots,
        desk=trading.desk,
        exits=trading.exits,
        market=view,
        clean=outside.failsafe.clean,
    )
    return EntryLock(
        clock=outside.clock,
        journal=outside.journal,
        accounts=held.accounts,
        blotter=held.blotter,
        desk=trading.desk,
        test=test,
    )
