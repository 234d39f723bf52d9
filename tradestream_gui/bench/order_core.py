"""The real core between the far end's gateway and its broker: parser, rails, journal and desks, on our loop."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from tradestream_gui.adapters.brokers.paper import Latency, Link, MemoryLedger, PaperBroker
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import WorkCounter
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.ids import JournalIds, epoch_from
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.watermark import FileWatermark
from tradestream_gui.alerts.profiles.profiles import load_profiles
from tradestream_gui.assembly import assemble as assembly
from tradestream_gui.assembly.assemble import Outside, Running, assemble
from tradestream_gui.bench.far_line import BROKER
from tradestream_gui.bench.order_wire import WireBroker, WireFeed, WireSource
from tradestream_gui.bench.session_clock import SessionClock
from tradestream_gui.bus import EventBus
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.paper_rules import paper_rules
from tradestream_gui.paths import resource_path
from tradestream_gui.ports.broker import Broker
from tradestream_gui.ports.source import AlertSource
from tradestream_gui.trading.failsafe import Failsafe
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings
from tradestream_gui.upkeep.settings.service import SettingsService

LIMITS: dict[str, Any] = {
    "risk_per_trade": "100000", "daily_loss_limit": "100000", "max_open_risk": "1000000", "max_heat_pct": "100",
    "max_position_qty_future": 500, "max_order_qty_future": 50, "max_minis": "500", "stop_future_price_pct": "50",
    "max_open_positions": 100, "max_entries_per_day": 1000, "entries_per_minute": 100, "same_side_entries": 50,
    "same_side_window_s": 1, "max_exposure_gross": "1000000000", "max_exposure_net": "1000000000",
}  # fmt: skip
"""Every rail is asked; none of them stops the run."""
WARM_UP_S = 0.3


def bench_settings() -> Settings:
    wanted = plain(first_settings())
    wanted["accounts"][0] |= {"broker": BROKER, "limits": LIMITS, "starting_cash": "10000000"}
    wanted["routing"]["channels"] = [{"id": "futures", "name": "futures", "source": "wire"}]
    wanted["routing"]["analysts"] = [{"id": "jm", "name": "JM", "authors": ["jm"], "mode": "AUTO"}]
    open_rails(wanted)
    return Settings.model_validate(wanted)


def open_rails(wanted: dict[str, Any]) -> None:
    """The analyst's and the hand's as wide as they go, and prices of everything that the far end calls."""
    wanted["risk"]["analyst"] |= {"max_open_trades": 50, "max_entries_per_day": 200, "daily_loss_limit": "100000"}
    wanted["risk"]["manual"] |= {"max_entries_per_day": 200, "daily_loss_limit": "100000"}
    wanted["market"]["watchlist"] = ["MES", "MNQ", "MGC", "M2K", "ES", "NQ", "GC", "RTY"]


@dataclass(frozen=True, slots=True)
class Ends:
    """What the core is joined to."""

    broker: Broker
    source: AlertSource


MakeEnds = Callable[[Settings, ReferenceData, SessionClock, LoopTasks], Awaitable[Ends]]


async def open_core(folder: Path, clock: SessionClock, first: Callable[[], Settings], make: MakeEnds) -> Running:
    """The core as `startup` makes it, with the far end in the place of a broker and of a room."""
    work, failsafe = WorkCounter(), Failsafe()
    bus = EventBus(failsafe.on_owner_failure)
    tasks = LoopTasks(failsafe.on_task_failure)
    reference = ReferenceData.load(resource_path)
    settings = SettingsService(
        folder / "config.yaml", environment={}, bus=bus, write=write_atomically, first=first,
        loosening_blocked=lambda: "",
    )  # fmt: skip
    settings.load()
    journal = await SqliteJournal.open(
        folder / "paper.db", danger=Danger.PAPER, clock=clock, work=work,
        new_epoch=partial(epoch_from, Random(1).randbytes), on_failure=failsafe.trip,
    )  # fmt: skip
    watermark = FileWatermark(folder / "watermark.json", work)
    watermark.load()
    paper = PaperBroker(
        clock=clock, tasks=tasks, work=work, ledger=MemoryLedger(), link=Link(clock, Random(1), Latency()),
        rules=paper_rules(reference, settings),
    )  # fmt: skip
    ends = await make(settings.current, reference, clock, tasks)
    outside = Outside(
        bus=bus, clock=clock, tasks=tasks, failsafe=failsafe, journal=journal,
        ids=await JournalIds.start(journal, tasks), watermark=watermark, settings=settings, reference=reference,
        profiles=load_profiles(resource_path("profiles")), feed=WireFeed(clock),
        broker=paper, sources=(ends.source,), beside=(ends.broker,),
    )  # fmt: skip
    running = assemble(outside)
    await running.start()
    return running


async def trade(gateway_port: int, broker_port: int, folder: Path) -> None:
    """Opens, settles memory as the program does, reads every alert that is posted, and leaves."""
    from tradestream_gui.app import settle_memory

    clock = SessionClock()
    broker, source = WireBroker(clock, broker_port), WireSource(clock, gateway_port)

    async def make(*_: object) -> Ends:
        return Ends(broker, source)

    running = await open_core(folder, clock, bench_settings, make)
    await broker.is_open.wait()
    await asyncio.sleep(WARM_UP_S)
    settle_memory()
    source.begin()
    await source.is_over.wait()
    await running.close()


def _leave_metering_out() -> None:
    """The stages of each alert and order are stamped by the analytics' listeners; without them nothing is."""
    setattr(assembly, "feed_analytics", lambda bus, analytics: None)  # noqa: B010  # a bench compares, it never ships


def main(arguments: list[str]) -> None:
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.ui.shell.event_loop import make_event_loop

    if arguments[3] == "unmetered":
        _leave_metering_out()
    loop = make_event_loop(QApplication([]))
    asyncio.set_event_loop(loop)
    loop.run_until_complete(trade(int(arguments[0]), int(arguments[1]), Path(arguments[2])))
    print(json.dumps({}))


if __name__ == "__main__":
    main(sys.argv[1:])
