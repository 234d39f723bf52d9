"""One life of the program in a process of its own, against an exchange that lives in another one."""

import asyncio
import shutil
import sys
from collections import Counter
from concurrent.futures import Future
from decimal import Decimal
from multiprocessing.connection import Client, Connection
from pathlib import Path
from random import Random
from typing import Any

from tests.sim.clock import SimClock
from tests.sim.disk import Files, NoWork, empty_database
from tests.sim.kill_points import POINTS, Bomb
from tests.sim.program import ANALYSTS, CHANNELS, SOURCE, Program, Witness, sim_settings
from tests.sim.venue import PERSONALITIES, SIM, Venue
from tests.sim.world import Market
from tradestream_gui.adapters.storage.watermark import FileWatermark
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.orders import MANUAL, OrderRole, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ports.source import IncomingMessage

KEY = b"loopback"
SCRIPT_S = 45.0
AFTER_S = 60.0
REMOTE = (
    "enter", "cancel", "amend", "pull", "phone", "quote", "run_due", "take", "working", "find", "executions",
    "positions", "broker_positions", "balance",
)  # fmt: skip


class RemoteExchange:
    """The exchange over the wire: each question and command is one request on the loopback connection."""

    def __init__(self, wire: Connection) -> None:
        self._wire = wire

    def ask(self, name: str, *arguments: Any, **named: Any) -> Any:
        self._wire.send((name, arguments, named))
        return self._wire.recv()

    def __getattr__(self, name: str) -> Any:
        if name == "next_due":
            return self.ask("next_due")
        assert name in REMOTE, name
        return lambda *arguments, **named: self.ask(name, *arguments, **named)


class AtOnce:
    """An executor without a thread."""

    def submit(self, job: Any, *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(job(*arguments))
        return future

    def shutdown(self, wait: bool = True) -> None:
        """Nothing waits."""


class Life:
    """The script of a first life, which ends by a bomb, or of a second one, which must bring all to rest."""

    def __init__(self, task: dict[str, Any], wire: Connection) -> None:
        self.task = task
        self.exchange = RemoteExchange(wire)
        self.clock = SimClock(task["start"])
        self.random = Random(task["seed"])
        self.venue = Venue(self.clock, self.random, PERSONALITIES[task["character"]], Counter())
        self.venue.exchange = self.exchange  # type: ignore[assignment]  # the same questions, over the wire
        self.market = Market(self.clock, self.random, (self.venue,), self._sink)
        self.market.mid.update({root: Decimal(price) for root, price in task["prices"].items()})
        folder = Path(task["folder"])
        if task["life"] == 1:
            shutil.copy(empty_database(), folder)  # making one is a moment of its own: K21
        mark = FileWatermark(folder / "watermark.json", NoWork())
        mark._executor.shutdown()
        mark._executor = AtOnce()  # type: ignore[assignment]  # virtual time waits for no thread
        mark.load()
        self.files = Files(folder, self.clock.now, b"abcd")
        self.program = Program(
            self.clock, self.files, self.venue, self.random, Witness(), sim_settings(), mark,  # type: ignore[arg-type]
            lambda program, venue, order: None,
        )  # fmt: skip

    def _sink(self) -> Any:
        return self.program.feed.sink if self.program.is_up else None

    async def open(self) -> None:
        used = [self.market.instruments[root] for root in ("MES", "MNQ")]
        await self.clock.do(self.program.start(used))
        for root in ("MES", "MNQ"):
            self.market.say(root)

    async def first(self) -> None:
        """Entries, exits, a move of the stop, an order that waits and is deleted, and the held KILL."""
        await self.open()
        mes, mnq = self.market.mid["MES"], self.market.mid["MNQ"]
        steps = {
            1.0: lambda: self.say("a", f"long 4 MES {mes} sl {mes - 8} tp1 {mes + 3} tp2 {mes + 20}"),
            2.0: lambda: self.say("b", f"long 2 MNQ {mnq} sl {mnq - 40}", analyst=1),
            6.0: lambda: self.market.move("MES", Decimal("4")),
            9.0: lambda: self.say("c", "SL to BE", reply="a"),
            11.0: lambda: self.say("d", "sold half MNQ", analyst=1, reply="b"),
            13.0: lambda: self.say("e", f"short 2 MNQ {mnq + 60} sl {mnq + 100}", analyst=2),
            15.0: lambda: self.rest_by_hand(mnq - 200),
            17.0: self.cancel_by_hand,
            19.0: lambda: self.market.move("MES", Decimal("-2")),
            21.0: lambda: self.say("g", f"long 3 MES {self.market.mid['MES']} sl {mes - 30}", analyst=4),
            31.0: self.hold_kill,
        }
        for at_s, step in steps.items():
            self.clock.call_later(at_s, step)
        await self.clock.run(SCRIPT_S)
        self.exchange.ask("report", self.told())

    async def second(self) -> None:
        """What was posted comes again as history; then nothing happens but prices."""
        await self.open()
        for number, text in enumerate(self.task["history"]):
            self.say(text[0], text[1], analyst=text[2], arrival=Arrival.BACKFILL, number=number + 1)
        await self.clock.run(AFTER_S)
        self.exchange.ask("report", self.told())
        await self.clock.do(self.program.close())

    def say(
        self, name: str, text: str, *, analyst: int = 0, reply: str | None = None, deleted: bool = False,
        arrival: Arrival = Arrival.LIVE, number: int = 0,
    ) -> None:  # fmt: skip
        self.exchange.ask("posted", name, text, analyst)
        now = self.clock.now()
        message = IncomingMessage(
            source=SOURCE, channel_id=CHANNELS[analyst], channel_name=CHANNELS[analyst], message_id=name,
            author_id=ANALYSTS[analyst], author_name=ANALYSTS[analyst], text=text, sent_at=now,
            order_no=number or int(self.clock.elapsed_s * 10) + 100, arrival=arrival, deleted=deleted,
            reply_to_id=reply, reply_text="" if reply else None,
        )  # fmt: skip
        self.program.core.alerts.on_message(message)

    def rest_by_hand(self, limit: Decimal) -> None:
        """An entry that waits far below the market."""
        mnq = self.market.instruments["MNQ"].instrument_id
        ticket = EntryTicket(
            account_id=SIM, instrument_id=mnq, side=Side.BUY, ord_type=OrdType.LIMIT, order_qty=1,
            time_in_force=TimeInForce.DAY, origin=MANUAL, limit_price=limit, protective_stop=limit - 40,
        )  # fmt: skip
        self.program.tasks.spawn(self._enter(ticket), "by hand")

    async def _enter(self, ticket: EntryTicket) -> None:
        await self.program.core.entries.enter(ticket)

    def cancel_by_hand(self) -> None:
        for order in self.program.core.blotter.open_orders(role=OrderRole.ENTRY):
            self.program.core.order_desk.request_cancel(order, "cancelled by hand")

    def hold_kill(self) -> None:
        core = self.program.core
        core.kill.kill("the person held KILL")
        core.kill.flatten("the person held KILL")

    def told(self) -> dict[str, Any]:
        core = self.program.core
        return {
            "state": core.accounts.state(SIM).trading_state.value,
            "reason": core.accounts.state(SIM).reason,
            "lots": {lot.lot_id: lot.signed_qty for lot in core.lots.lots()},
            "open": {
                order.cl_ord_id: (order.ord_status.value, order.leaves_qty) for order in core.blotter.open_orders()
            },
            "failures": self.program._witness.failures,
        }


def live(task: dict[str, Any], port: int) -> None:
    with Client(("127.0.0.1", port), authkey=KEY) as wire:
        if task["point"]:
            POINTS[task["point"]](Bomb(task["count"]))
        life = Life(task, wire)
        asyncio.run(life.first() if task["life"] == 1 else life.second())
        sys.stdout.flush()

