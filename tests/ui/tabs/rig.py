"""A real demo core for tests of the tabs: profile, paper broker, synthetic market and virtual clock on a tmp folder."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from tradestream_gui.adapters.runtime.clock import VirtualClock
from tradestream_gui.cli import DEMO_SEED, Launch
from tradestream_gui.core import Core
from tradestream_gui.domain.decisions import Decision
from tradestream_gui.domain.ids import AccountId, MessageKey
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.paths import Paths
from tradestream_gui.startup import Opened, open_profile
from tradestream_gui.ui.shell.signal_hub import SignalHub

DEMO_ACCOUNT = AccountId("demo")


class Rig:
    """An open demo day that moves only when the test says so."""

    def __init__(self, opened: Opened, hub: SignalHub) -> None:
        self.opened = opened
        self.core: Core = opened.running.core
        self.hub = hub

    async def advance(self, seconds: float) -> None:
        """Virtual time goes on, as fast as the machine can."""
        clock = self.opened.clock
        assert isinstance(clock, VirtualClock), "the demo runs on a virtual clock"
        await clock.run_until(clock.now() + timedelta(seconds=seconds))

    async def settle(self) -> None:
        """A few seconds, with turns of the loop between them."""
        for _ in range(3):
            await self.advance(1)
            await asyncio.sleep(0)

    def decision(self, key: MessageKey) -> Decision:
        found = self.core.alerts.decision(key)
        assert found is not None, f"nothing was decided about {key}"
        return found

    def instrument(self, symbol: str) -> Instrument:
        found = self.core.reference.resolve(symbol, self.core.clock.now())
        assert found is not None, f"{symbol} names no instrument"
        return found


@asynccontextmanager
async def demo_rig(tmp_path: Path, seconds: float = 0.0) -> AsyncIterator[Rig]:
    """The demo day, started and `seconds` into its script; closed whatever the test does."""
    launch = Launch(
        profile="demo", data_dir=tmp_path, config=None, theme=None, safe_mode=False, reset_layout=False,
        log_level="INFO", demo=True, resume=False, speed=60.0, seed=DEMO_SEED, seconds=None, offscreen_report=None,
    )  # fmt: skip
    paths = Paths.for_profile(launch.profile, data_dir=tmp_path)
    paths.create()
    opened = await open_profile(launch, paths)
    assert isinstance(opened.clock, VirtualClock), "the demo runs on a virtual clock"
    opened.clock.speed = None
    hub = SignalHub(opened.running.core.bus)
    try:
        await opened.start()
        rig = Rig(opened, hub)
        if seconds:
            await rig.advance(seconds)
        yield rig
    finally:
        hub.detach()
        await opened.close()
