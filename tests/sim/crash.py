"""Kills real processes at 24 moments and starts them again, against an exchange that lives on in this process."""

import json
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from multiprocessing import AuthenticationError
from multiprocessing.connection import Listener
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any

from tests.sim.crash_child import KEY
from tests.sim.exchange import Exchange
from tests.sim.kill_points import POINTS
from tests.sim.small_lives import NEW, OLD
from tests.sim.venue import PERSONALITIES
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.keeper import SqliteKeeper
from tradestream_gui.adapters.storage.store import Store
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.orders import OrderRole, OrdStatus
from tradestream_gui.upkeep.backup import Backups

ROOT = Path(__file__).parents[2]
START = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
PRICES = {"MES": "6326.00", "MNQ": "25600.00"}
SMALL = {"K21": "migration", "K22": "backup", "K23": "files"}
KILLED = -9
UNPROTECTED_S = 6.5
"""5 s, the sentinel's second, and the way."""
CONNECT_S = 60.0
LINKED = (0, 2, 4)
FAITHFUL = (0, 1, 2, 4)
"""Brokers with client ids and lists that do not lag: after a death everything can be told within seconds."""


@dataclass(slots=True)
class Watch:
    """What the exchange sees of one trial, over all lives."""

    exchange: Exchange
    now: datetime = START
    up_at: datetime | None = None
    """When the present life first spoke to the exchange."""
    posted: list[tuple[str, str, int]] = field(default_factory=list)
    report: dict[str, Any] | None = None
    bare_since: dict[str, datetime] = field(default_factory=dict)
    worst_bare_s: float = 0.0
    surplus: list[str] = field(default_factory=list)

    def look(self) -> None:
        held = self.exchange.positions(self.now)
        covering: Counter[str] = Counter()
        leaving: Counter[str] = Counter()
        for order in self.exchange.live_orders():
            if order.role not in (None, OrderRole.ENTRY):
                signed = order.side.sign * order.leaves_qty
                covering[order.instrument_id] += signed if order.role is not OrderRole.TARGET else 0
                linked = order.group is not None and order.role is OrderRole.TARGET
                leaving[order.instrument_id] += 0 if linked else signed
        for name in {*held, *leaving}:
            ours = held.get(name, 0)
            if abs(leaving[name]) > abs(ours) or leaving[name] * ours > 0:
                self.surplus.append(f"{self.now:%H:%M:%S} exits of {name} stand at {leaving[name]:+d} over {ours:+d}")
            if abs(covering[name]) >= abs(ours):
                self.bare_since.pop(name, None)
                continue
            self.up_at = self.up_at or self.now
            since = max(self.bare_since.setdefault(name, self.now), self.up_at)
            self.worst_bare_s = max(self.worst_bare_s, (self.now - since).total_seconds())


@dataclass(slots=True)
class Trial:
    """One kill and what came of it."""

    point: str
    seed: int
    was_killed: bool
    problems: list[str]
    worst_bare_s: float = 0.0


class CrashRig:
    """Holds the host process from which lives are forked, and the exchange's loopback port."""

    def __enter__(self) -> "CrashRig":
        command = [sys.executable, "-m", "tests.sim.crash_host"]
        self._host = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._host.stdout is not None
        assert self._host.stdout.readline() == "ready\n", "the host of the lives did not start"
        self._listener = Listener(("127.0.0.1", 0), authkey=KEY)
        self._socket().settimeout(CONNECT_S)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listener.close()
        assert self._host.stdin is not None
        self._host.stdin.close()
        self._host.wait(10)
        assert self._host.stdout is not None
        self._host.stdout.close()

    def trials(self, seeds: range, points: tuple[str, ...]) -> list[Trial]:
        return [self.trial(point, seed) for seed in seeds for point in points]

    def trial(self, point: str, seed: int) -> Trial:
        with tempfile.TemporaryDirectory(prefix="crash-") as name:
            if point[:3] in SMALL:
                return self._small_trial(point, seed, Path(name))
            return self._trial(point, seed, Path(name))

    # -- one trial -------------------------------------------------------------------------------------------

    def _trial(self, point: str, seed: int, folder: Path) -> Trial:
        random = Random(seed)
        character = random.choice(LINKED if point[:3] == "K13" else FAITHFUL)
        kind = PERSONALITIES[character]
        watch = Watch(Exchange(Random(seed), linked=kind.linked, fragments=kind.fragments))
        task = {
            "folder": str(folder), "seed": seed, "character": character, "point": point, "life": 1,
            "count": random.randint(1, HITS.get(point[:3], 3)), "start": START.isoformat(), "prices": PRICES,
            "history": [],
        }  # fmt: skip
        status = self._live(task, watch)
        if watch.report is not None:
            return Trial(point, seed, False, [f"{point}: the bomb never went off"])
        if status != KILLED:
            return Trial(point, seed, False, [f"{point}: the first life ended with {status}: {_log(folder)}"])
        problems = [f"{point}: {words}" for words in _unstored(folder, watch)]
        prices = self._world_goes_on(watch, random)
        later = {**task, "point": "", "life": 2, "start": watch.now.isoformat(), "prices": prices,
                 "history": watch.posted}  # fmt: skip
        watch.posted = []
        entries = sum(order.role is OrderRole.ENTRY for order in watch.exchange.orders)
        locked = _stored_state(folder)
        status = self._live(later, watch)
        if status != 0 or watch.report is None:
            return Trial(point, seed, True, [*problems, f"the second life ended with {status}: {_log(folder)}"])
        problems += [f"{point} seed {seed}: {words}" for words in _after(watch, entries, locked)]
        return Trial(point, seed, True, problems, watch.worst_bare_s)

    def _live(self, task: dict[str, Any], watch: Watch) -> int:
        watch.report = watch.up_at = None
        self._send({**task, "port": self._listener.address[1]})
        try:
            wire = self._listener.accept()
        except (OSError, EOFError, AuthenticationError, TimeoutError):
            return self._status()
        with wire:
            while True:
                try:
                    name, arguments, named = wire.recv()
                    answer = _answer(watch, name, arguments, named)
                    wire.send(answer)
                except (EOFError, ConnectionError):
                    break
        return self._status()

    def _world_goes_on(self, watch: Watch, random: Random) -> dict[str, str]:
        """The program is away; prices move, and what rests may fill."""
        mid = {name: price.bid for name, price in watch.exchange.price.items()}
        for _ in range(random.randint(1, 12)):
            watch.now += timedelta(seconds=2)
            for name in mid:
                mid[name] += random.choice((-2, -1, 0, 1, 2)) * Decimal("1.00")
                watch.exchange.quote(name, mid[name], mid[name] + Decimal("0.25"), watch.now)
            watch.exchange.run_due(watch.now)
        watch.exchange.take()
        by_root = {"MES" if str(name).startswith("MES") else "MNQ": str(price) for name, price in mid.items()}
        return {**PRICES, **by_root}

    def _small_trial(self, point: str, seed: int, folder: Path) -> Trial:
        count = 1 + seed % HITS[point[:3]]
        self._send({"folder": str(folder), "small": SMALL[point[:3]], "point": point, "count": count})
        status = self._status()
        if status != KILLED:
            return Trial(point, seed, False, [f"{point} {count}: ended with {status}: {_log(folder)}"])
        return Trial(point, seed, True, [f"{point} {count}: {words}" for words in _files_after(point[:3], folder)])

    def _send(self, task: dict[str, Any]) -> None:
        assert self._host.stdin is not None
        self._host.stdin.write(json.dumps(task) + "\n")
        self._host.stdin.flush()

    def _status(self) -> int:
        assert self._host.stdout is not None
        return int(self._host.stdout.readline())

    def _socket(self) -> socket.socket:
        found: socket.socket = self._listener._listener._socket  # type: ignore[attr-defined]  # it offers no timeout
        return found


HITS = {
    "K01": 6, "K02": 6, "K03": 3, "K04": 3, "K05": 3, "K06": 3, "K07": 5, "K08": 5, "K09": 6, "K10": 5, "K11": 3,
    "K12": 3, "K13": 2, "K14": 1, "K15": 1, "K16": 2, "K17": 1, "K18": 1, "K19": 2, "K20": 2, "K21": 30, "K22": 2,
    "K23": 2, "K24": 2,
}  # fmt: skip
"""How often each moment comes in a life: the bomb is set to one of these."""


def _answer(watch: Watch, name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    if name == "posted":
        watch.posted.append(arguments)
        return None
    if name == "report":
        (watch.report,) = arguments
        return None
    if name == "next_due":
        return watch.exchange.next_due
    times = [value for value in (*arguments, *named.values()) if isinstance(value, datetime)]
    watch.now = max([watch.now, *times])
    answer = getattr(watch.exchange, name)(*arguments, **named)
    watch.look()
    return None if name == "enter" else answer


def _unstored(folder: Path, watch: Watch) -> list[str]:
    """I2: what reached the exchange stands in the database of the dead."""
    with closing(sqlite3.connect(folder / "paper.db")) as database:
        stored = {row[0] for row in database.execute("SELECT cl_ord_id FROM orders")}
    return [f"{name} arrived and is not in the database" for name in watch.exchange.arrivals if name not in stored]


def _stored_state(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "paper.db")) as database:
        row = database.execute("SELECT trading_state FROM account_states").fetchone()
    return str(row[0]) if row else ""


def _after(watch: Watch, entries: int, stored_state: str) -> list[str]:
    """What must hold when the second life has come to rest."""
    exchange, report = watch.exchange, watch.report
    assert report is not None
    problems = [f"{name} arrived {count} times" for name, count in exchange.arrivals.items() if count > 1]
    made = Counter(order.message_key for order in exchange.orders if order.role is OrderRole.ENTRY)
    problems += [f"{key} made {count} entries" for key, count in made.items() if count > 1]
    if sum(made.values()) != entries:
        problems.append("the second life opened something")
    if watch.worst_bare_s > UNPROTECTED_S:
        problems.append(f"unprotected for {watch.worst_bare_s:.1f} s")
    problems += watch.surplus[:2]
    lots: Counter[str] = Counter()
    for deal in exchange.deals:
        lots[str(deal.order.lot_id)] += deal.report.side.sign * deal.report.last_qty
    ours = {name: qty for name, qty in report["lots"].items() if qty}
    if ours != {name: qty for name, qty in lots.items() if qty}:
        problems.append(f"the broker's deals make {dict(lots)}, our lots {ours}")
    live = {order.cl_ord_id: order.leaves_qty for order in exchange.live_orders()}
    told = {name: leaves for name, (_, leaves) in report["open"].items()}
    if live != told:
        problems.append(f"orders at the broker {live}, here {report['open']}")
    if stored_state == "LOCKED" and report["state"] != "LOCKED":
        problems.append(f"the lock did not survive: {report['state']}")
    under_way = {OrdStatus.SENT.value, OrdStatus.UNCERTAIN.value, OrdStatus.PENDING_NEW.value}
    problems += [f"{name} is still {status}" for name, (status, _) in report["open"].items() if status in under_way]
    if report["state"] in ("STARTING", "RECONCILING"):
        problems.append(f"the account is still {report['state']}: {report['reason']}")
    return problems + list(report["failures"])


def _files_after(point: str, folder: Path) -> list[str]:
    """After a death while a file was written there is the old one or the new one, and the program starts."""
    problems = []
    if point == "K23":
        for name in ("config.yaml", "secrets.vault"):
            if (folder / name).read_bytes() not in (OLD, NEW):
                problems.append(f"{name} is half of something")
        return problems
    try:
        Store.open(folder / "paper.db", Danger.PAPER, lambda: START, lambda: "AAAA").close()
    except StoreFailed as error:
        problems.append(f"the database does not open: {error}")
    if point == "K22":
        keeper = SqliteKeeper(lambda: "CCCC")
        kept = Backups(folder / "paper.db", folder / "backups", keeper, write=lambda path, data: None).all()
        if not kept:
            problems.append("no backup is left")
        for backup in kept:
            if keeper.examine(backup.path).problem:
                problems.append(f"{backup.path.name} is damaged")
    return problems


def _log(folder: Path) -> str:
    log = folder / "child.log"
    return log.read_text("utf-8", "replace")[-1500:] if log.exists() else "it wrote nothing"


def run_trials(seeds: range, points: tuple[str, ...] = tuple(POINTS)) -> list[Trial]:
    with CrashRig() as rig:
        return rig.trials(seeds, points)
