"""Puts together what practises outages, where there is something that may be broken."""

from tradestream_gui.adapters.brokers.paper import CuttableBroker
from tradestream_gui.adapters.feeds.cuttable import CuttableFeed
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import RealClock, WorkCounter
from tradestream_gui.adapters.storage.drill_file import FILE_NAME, DrillFile
from tradestream_gui.assembly.parts import Books, MarketParts, Outside, TradingParts
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.paths import Paths
from tradestream_gui.relaunch import ProcessRestarter
from tradestream_gui.trading.drills.drill import DrillTools, OutageDrill
from tradestream_gui.trading.drills.probe import DrillEntries
from tradestream_gui.trading.drills.witness import Watched


def outage_drill(outside: Outside, held: Books, trading: TradingParts, market: MarketParts) -> OutageDrill | None:
    """None in tests and replays, whose links nobody cuts."""
    tools = outside.drills
    if tools is None:
        return None

    def resolve(symbol: str) -> Instrument | None:
        return outside.reference.resolve(symbol, outside.clock.now())

    return OutageDrill(
        bus=outside.bus,
        accounts=held.accounts,
        desk=trading.desk,
        watched=Watched(
            clock=outside.clock,
            blotter=held.blotter,
            lots=held.lots,
            exits=trading.exits,
            gate=trading.gate,
            lists=tools.link.beyond,
        ),
        entries=DrillEntries(
            clock=outside.clock,
            entries=trading.entries,
            lots=held.lots,
            market=market.view,
            resolve=resolve,
            subscribe=market.subscriptions.subscribe,
        ),
        tools=tools,
    )


def drill_tools(
    paths: Paths, broker: CuttableBroker, market: CuttableFeed, work: WorkCounter, *, is_demo: bool
) -> DrillTools:
    """The demo begins anew unless it is told to go on, so its next life is told."""
    restarter = ProcessRestarter(paths.lock_file, *(("--resume",) if is_demo else ()))
    store = DrillFile(paths.data_dir / FILE_NAME, write_atomically, work)
    return DrillTools(broker, market, restarter, store, RealClock())
