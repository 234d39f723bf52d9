"""The real program between the far end's Discord and its broker: discord.py, the core, and the broker's own adapter."""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.adapters.sources.discord import BotSetup, DiscordSource
from tradestream_gui.adapters.sources.discord import Timing as DiscordTiming
from tradestream_gui.assembly.assemble import Running
from tradestream_gui.assembly.brokers import ibkr_side, projectx_side
from tradestream_gui.bench.child import BenchFailed
from tradestream_gui.bench.order_core import LIMITS, Ends, open_core, open_rails
from tradestream_gui.bench.session_clock import SessionClock
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.events import AlertDecided
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.ports.secrets import SecretsState, SecretsStatus
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings

PATIENCE_S = 20.0
LOOK_S, WARM_UP_S, IDLE_S = 0.02, 0.5, 0.5
IBKR = "ibkr"


class _Key:
    """The far end's API key, as a vault that is open."""

    def __init__(self, key: str) -> None:
        self._key = key

    def status(self) -> SecretsStatus:
        return SecretsStatus(SecretsState.OPEN, "open")

    def unlock(self, passphrase: str | None) -> None:
        """It is open."""

    def get(self, name: str) -> str | None:
        return self._key

    def put(self, name: str, value: str) -> None:
        """Nothing is kept."""

    def delete(self, name: str) -> None:
        """Nothing is kept."""

    def names(self) -> tuple[str, ...]:
        return ()


def wire_settings(broker: str, far: dict[str, Any]) -> Settings:
    """The first run's settings with an account at the far end and every rail open."""
    wanted = plain(first_settings())
    row = wanted["accounts"][0]
    account = {"id": far["account"], "name": "Bench", "kind": "BROKER PAPER", "broker": broker, "limits": LIMITS}
    wanted["accounts"] = [row, {**row, **account}]
    base = f"http://127.0.0.1:{far['broker']}"
    wanted["ibkr"] |= {"paper_port": far["broker"], "prices": False}
    wanted["projectx"] |= {
        "user_name": far["user"], "api_url": base, "user_hub_url": f"{base}/hubs/user",
        "market_hub_url": f"{base}/hubs/market", "prices": False,
    }  # fmt: skip
    wanted["routing"]["defaults"] |= {"account": far["account"], "use_micros": False, "micro_when_zero": False}
    wanted["routing"]["channels"] = [{"id": one, "name": one, "source": "discord"} for one in far["channels"]]
    wanted["routing"]["analysts"] = [
        {"id": f"a{one}", "name": f"A {one}", "authors": [one], "mode": "AUTO"} for one in far["authors"]
    ]
    open_rails(wanted)
    return Settings.model_validate(wanted)


def _redirect(far: dict[str, Any]) -> None:
    import discord
    import yarl

    discord.http.Route.BASE = far["rest"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(far["gateway"])


def _set_no_pace() -> None:
    """TWS's limit of requests a second is no work of ours."""
    from ib_insync import client as tws_client

    tws_client.Client.MaxRequests = 0


class Life:
    """One life of the program. `decided` are the moments at which messages were decided, by their keys; with so many
    `decisions` it is over."""

    def __init__(self, broker: str, far: dict[str, Any], folder: Path, offset: timedelta, decisions: int) -> None:
        self._broker = broker
        self._far = far
        self._folder = folder
        self._clock = SessionClock(offset)
        self._running: Running | None = None
        self._decisions = decisions
        self.is_over = asyncio.Event()
        self.decided: dict[str, int] = {}

    async def open(self) -> None:
        """Returns when the bot reads, the account is open and every contract has a price."""
        from tradestream_gui.app import settle_memory

        self._running = await open_core(
            self._folder, self._clock, lambda: wire_settings(self._broker, self._far), self._ends
        )
        core, account = self._running.core, AccountId(self._far["account"])
        core.bus.subscribe(AlertDecided, self._on_decided)
        await _until(lambda: core.accounts.state(account).trading_state is TradingState.ACTIVE, "the account is open")
        await _until(lambda: "reads" in core.alerts.links().get("discord main", ("", ""))[1], "the bot reads")
        await asyncio.sleep(WARM_UP_S)
        settle_memory()

    async def close(self) -> None:
        if self._running is not None:
            await self._running.close()

    async def _ends(self, settings: Settings, reference: ReferenceData, clock: SessionClock, tasks: LoopTasks) -> Ends:
        if self._broker == IBKR:
            side = await ibkr_side(settings, reference, clock, tasks)
            _set_no_pace()
        else:
            side = await projectx_side(settings, _Key(self._far["key"]), reference, clock, tasks)
        assert side is not None, "there is an account of it"
        listed = frozenset(self._far["channels"])
        source = DiscordSource(
            BotSetup("main", lambda: listed), self._token, clock=clock, tasks=tasks, timing=DiscordTiming()
        )
        await asyncio.to_thread(_redirect, self._far)
        return Ends(side.broker, source)

    async def _token(self) -> tuple[str, str]:
        return self._far["token"], ""

    def _on_decided(self, fact: AlertDecided) -> None:
        self.decided.setdefault(fact.decision.message_key, time.perf_counter_ns())
        if len(self.decided) == self._decisions:
            self.is_over.set()

    async def hear_the_console(self) -> None:
        await asyncio.to_thread(sys.stdin.readline)
        self.is_over.set()


async def _until(is_so: Callable[[], bool], what: str) -> None:
    for _ in range(int(PATIENCE_S / LOOK_S)):
        if is_so():
            return
        await asyncio.sleep(LOOK_S)
    raise BenchFailed(f"bench wire: it did not come about that {what}")


async def live(life: Life) -> dict[str, float]:
    """Says `ready`, works until it is over, says `over`, and tells what the work cost."""
    await life.open()
    idle_s = time.process_time()
    await asyncio.sleep(IDLE_S)
    idle_s = (time.process_time() - idle_s) / IDLE_S
    print("ready", flush=True)
    began_s, began_cpu_s = time.monotonic(), time.process_time()
    hearing = asyncio.create_task(life.hear_the_console(), name="console")
    await life.is_over.wait()
    cpu_s = time.process_time() - began_cpu_s - idle_s * (time.monotonic() - began_s)
    print("over", flush=True)
    await hearing
    await life.close()
    return {"cpu_s": cpu_s, "decided": len(life.decided), "last_ns": max(life.decided.values(), default=0)}


def main(arguments: list[str]) -> None:
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.ui.shell.event_loop import make_event_loop

    loop = make_event_loop(QApplication([]))
    asyncio.set_event_loop(loop)
    broker, far, folder, offset_s, decisions = arguments
    life = Life(broker, json.loads(far), Path(folder), timedelta(seconds=float(offset_s)), int(decisions))
    print(json.dumps(loop.run_until_complete(live(life))))


if __name__ == "__main__":
    main(sys.argv[1:])
