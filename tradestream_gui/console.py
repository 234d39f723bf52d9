"""The console dashboard: the same core without a window, with a line of status and a summary at the end."""

import asyncio
import sys
from time import monotonic

from tradestream_gui.cli import EXIT_ALREADY_RUNNING, EXIT_BAD_CONFIG, EXIT_FAILURE, EXIT_OK, Launch
from tradestream_gui.core import Core
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.errors import BadRecord, ConfigInvalid, StoreFailed, StoreTooNew
from tradestream_gui.domain.events import AlertDecided, AlertReceived, FillBooked
from tradestream_gui.domain.money import ZERO, to_cents
from tradestream_gui.instance import instance_lock
from tradestream_gui.last_words import LastWords
from tradestream_gui.logs import ProgramLog
from tradestream_gui.paths import Paths
from tradestream_gui.startup import Opened, clear_demo, open_profile
from tradestream_gui.upkeep.instance_lock import ALREADY_RUNNING

STATUS_EVERY_S = 5.0


def run_headless(launch: Launch) -> int:
    """Runs until the time is over or the demo day ends; answers the exit code."""
    try:
        return asyncio.run(_run(launch))
    except ConfigInvalid as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_CONFIG
    except (StoreFailed, StoreTooNew, BadRecord) as error:
        print(error, file=sys.stderr)
        return EXIT_FAILURE
    except KeyboardInterrupt:
        return EXIT_OK


async def _run(launch: Launch) -> int:
    last_words = LastWords()
    last_words.install()
    paths = Paths.for_profile(launch.profile, data_dir=launch.data_dir)
    paths.create()
    lock = instance_lock(paths)
    if not lock.acquire():
        print(ALREADY_RUNNING, file=sys.stderr)
        return EXIT_ALREADY_RUNNING
    log = ProgramLog(paths.logs_dir, launch.log_level)
    last_words.clean = log.redactor.clean
    try:
        return await _run_locked(launch, paths, log)
    finally:
        log.close()
        await lock.close()


async def _run_locked(launch: Launch, paths: Paths, log: ProgramLog) -> int:
    await asyncio.to_thread(clear_demo, launch, paths)
    opened = await open_profile(launch, paths, log)
    tally = Tally(opened.running.core)
    await opened.start()
    driver = asyncio.create_task(opened.drive(), name="virtual time")
    try:
        await _watch(opened, driver, launch.seconds)
    finally:
        driver.cancel()
        await asyncio.gather(driver, return_exceptions=True)
        print(tally.summary())
        await opened.close()
    return EXIT_OK


async def _watch(opened: Opened, driver: "asyncio.Task[None]", seconds: float | None) -> None:
    started = monotonic()
    while seconds is None or monotonic() - started < seconds:
        left_s = STATUS_EVERY_S if seconds is None else min(STATUS_EVERY_S, seconds - (monotonic() - started))
        await asyncio.wait({driver}, timeout=max(left_s, 0.0))
        print(status_line(opened.running.core), flush=True)
        if driver.done() and opened.day is not None:
            driver.result()
            return
        if driver.done():
            await asyncio.sleep(max(left_s, 0.0))


def status_line(core: Core) -> str:
    """One line: time, accounts with their state, day's result, positions and orders."""
    parts = [f"{core.clock.now():%H:%M:%S} UTC"]
    for account in core.accounts.accounts():
        pnl = core.gate.day_pnl(account.account_id)
        shown = "–" if pnl is None else f"{to_cents(pnl):+,}"
        state = core.accounts.state(account.account_id).trading_state.value
        parts.append(f"{account.name} [{account.kind.value}] {state} day {shown}")
    parts.append(f"{len(core.lots.open_lots())} positions, {len(core.blotter.open_orders())} orders")
    return "  |  ".join(parts)


class Tally:
    """Counts what went by, from the facts alone."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.messages = 0
        self.fills = 0
        self.outcomes: dict[Outcome, int] = {}
        core.bus.subscribe(AlertReceived, self._on_message)
        core.bus.subscribe(AlertDecided, self._on_decision)
        core.bus.subscribe(FillBooked, self._on_fill)

    def summary(self) -> str:
        core = self._core
        realized = sum((lot.net_pnl for lot in core.lots.lots()), ZERO)
        rows = [
            f"messages {self.messages}",
            *(f"{outcome.value} {count}" for outcome, count in self.outcomes.items()),
            f"orders {sum(1 for _ in core.blotter.orders())}",
            f"fills {self.fills}",
            f"open positions {len(core.lots.open_lots())}",
            f"realized net {to_cents(realized):+,}",
        ]
        return "Summary: " + ", ".join(rows)

    def _on_message(self, fact: AlertReceived) -> None:
        self.messages += 1

    def _on_decision(self, fact: AlertDecided) -> None:
        outcome = fact.decision.outcome
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    def _on_fill(self, fact: FillBooked) -> None:
        self.fills += 1
