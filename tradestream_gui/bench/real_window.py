"""The program's own window for a measurement: opened over a profile of its own, with what is asked for on its list."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from tradestream_gui.bench.child import give_figures
from tradestream_gui.bench.session_clock import IN_SESSION, SessionClock

if TYPE_CHECKING:
    from tradestream_gui.app import WindowSession
    from tradestream_gui.domain.instruments import Instrument

    Use = Callable[[WindowSession], Awaitable[dict[str, float]]]

READY_S = 300.0
LOOKED_AT = ("messages", "order_entry", "ladder")
"""What is made when it is first looked at, as on any day of trading it is: two tabs, and a dock that is closed in a
window as narrow as the one that is measured."""
FUTURES = [
    "ES",
    "MES",
    "NQ",
    "MNQ",
    "RTY",
    "M2K",
    "YM",
    "MYM",
    "CL",
    "MCL",
    "GC",
    "MGC",
    "SI",
    "HG",
    "NG",
    "ZB",
    "ZN",
    "ZF",
    "ZT",
    "6E",
]
CHAINS = ("AAPL", "SPY", "QQQ")
FIRST_STRIKE, EXPIRY = 200, date(2027, 1, 15)
"""A third Friday: listed for each of the underlyings."""


def run_in_window(
    folder: Path, use: "Use", *, wanted: dict[str, Any] | None = None, moment: datetime = IN_SESSION
) -> None:
    """Opens the window, waits until every tab and dock stands, hands it to `use` and prints the figures that it found.

    `wanted` replaces sections of the first settings, `moment` is when it is. Never returns: the process ends with its
    figures.
    """
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.ui.shell.event_loop import make_event_loop

    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    loop = make_event_loop(app)
    asyncio.set_event_loop(loop)
    give_figures(loop.run_until_complete(_figures(app, folder, use, wanted or {}, moment)))


async def _figures(app: Any, folder: Path, use: "Use", wanted: dict[str, Any], moment: datetime) -> dict[str, float]:
    from tradestream_gui import startup
    from tradestream_gui.app import StartMoments, WindowSession
    from tradestream_gui.cli import build_parser, launch_from
    from tradestream_gui.instance import instance_lock
    from tradestream_gui.paths import Paths
    from tradestream_gui.ui.shell.excepthook import CrashHook

    clock = partial(SessionClock, moment - datetime.now(UTC))
    setattr(startup, "RealClock", clock)  # noqa: B010  # mypy knows that a class is no variable; a bench may
    launch = launch_from(build_parser().parse_args(["--data-dir", str(folder)]))
    paths = Paths.for_profile(launch.profile, data_dir=folder)
    paths.create()
    if wanted:
        await asyncio.to_thread(_write_settings, paths.config_file, wanted)
    (paths.layouts_dir / "welcomed").touch()
    lock = instance_lock(paths)
    assert lock.acquire(), "a fresh folder has no other instance"
    stands = asyncio.Event()
    moments = StartMoments(ready=stands.set, failed=stands.set)
    session = WindowSession(app, launch, paths, CrashHook(), lock, monotonic(), moments)
    running = asyncio.create_task(session.run(), name="window of the bench")
    await asyncio.wait_for(stands.wait(), READY_S)
    assert session.core is not None, "the profile opened"
    found = await use(session)
    running.cancel()
    return found


def look_around(session: "WindowSession") -> None:
    """Has the tabs and docks of a trading day made: they hold and follow what comes."""
    for key in LOOKED_AT:
        session.window.part(key)


def _write_settings(path: Path, wanted: dict[str, Any]) -> None:
    from tradestream_gui.upkeep.settings.fields import plain
    from tradestream_gui.upkeep.settings.file import render
    from tradestream_gui.upkeep.settings.first import first_settings
    from tradestream_gui.upkeep.settings.model import Settings

    whole = plain(first_settings())
    for section, values in wanted.items():
        whole[section] |= values
    path.write_text(render(Settings.model_validate(whole)), encoding="utf-8")


def symbols(count: int, now: datetime) -> "list[Instrument]":
    """So many instruments as a desk of futures and options watches them: front months, then calls of three chains."""
    from tradestream_gui.domain.instruments import Right
    from tradestream_gui.market.reference import ReferenceData
    from tradestream_gui.paths import resource_path

    reference = ReferenceData.load(resource_path)
    found = [one for one in (reference.resolve(root, now) for root in FUTURES) if one is not None]
    strikes = range(FIRST_STRIKE, FIRST_STRIKE + count)
    found += [reference.option(root, EXPIRY, Right.CALL, Decimal(each)) for each in strikes for root in CHAINS]
    return found[:count]
