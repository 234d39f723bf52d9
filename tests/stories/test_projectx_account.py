"""A practice account at TopstepX in the whole program: set up, traded, protected, killed and taken up again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.servers.projectx import ACCOUNT_NAME, KEY, USER, ProjectXServer
from tests.servers.projectx.orders import STOP
from tests.stories.ibkr_life import FRIDAY, ROOM, FridayClock, Life
from tests.trading.stage import reference_data
from tradestream_gui.adapters.runtime.clock import RealClock
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.assembly.brokers import projectx_side
from tradestream_gui.domain.accounts import AccountKind, TradingState
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.quotes import DataKind
from tradestream_gui.ports.secrets import SecretsLocked, SecretsState, SecretsStatus
from tradestream_gui.trading.rule_pack_watch import BARRED
from tradestream_gui.upkeep.settings.brokers import PROJECTX_KEY
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings

D = Decimal
ACCOUNT = AccountId(ACCOUNT_NAME)


class OpenVault:
    """Secrets in memory, open; `is_locked` closes them."""

    def __init__(self) -> None:
        self.kept = {PROJECTX_KEY: KEY}
        self.is_locked = False

    def status(self) -> SecretsStatus:
        return SecretsStatus(SecretsState.OPEN, "open")

    def unlock(self, passphrase: str | None) -> None:
        """It is open."""

    def get(self, name: str) -> str | None:
        if self.is_locked:
            raise SecretsLocked("its passphrase is needed")
        return self.kept.get(name)

    def put(self, name: str, value: str) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)

    def names(self) -> tuple[str, ...]:
        return tuple(self.kept)


def settings_for(
    server: ProjectXServer, *, kind: str = "BROKER PAPER", name: str = ACCOUNT_NAME, **more: Any
) -> Settings:
    """The first run's settings with a practice account at this gateway."""
    wanted = plain(first_settings())
    row = wanted["accounts"][0]
    practice = {**row, "id": name, "name": "Practice at Topstep", "kind": kind, "broker": "projectx", "limits": ROOM}
    wanted["accounts"] = [row, practice]
    wanted["projectx"] = {
        **wanted["projectx"], "user_name": USER, "api_url": server.api_url, "user_hub_url": server.user_hub_url,
        "market_hub_url": server.market_hub_url, **more,
    }  # fmt: skip
    wanted["market"]["watchlist"] = ["ES"]
    wanted["routing"]["defaults"] |= {"account": name, "use_micros": False, "micro_when_zero": False}
    wanted["routing"]["channels"] = [{"id": "futures", "name": "futures", "source": "test"}]
    wanted["routing"]["analysts"] = [{"id": "jm", "name": "JM", "authors": ["jm"], "mode": "AUTO"}]
    return Settings.model_validate(wanted)


async def serving() -> tuple[ProjectXServer, FridayClock]:
    """A gateway with a market, and the clock that both sides go by."""
    clock = FridayClock(FRIDAY - RealClock().now())
    server = ProjectXServer(today=FRIDAY.date(), balance=D(500_000))
    server.set_clock(clock.offset)
    await server.start()
    server.price("ESZ6", "6326.00", "6326.25", "6326.25")
    return server, clock


def life_at(
    folder: Path, server: ProjectXServer, clock: FridayClock, *, settings: Settings | None = None,
    vault: OpenVault | None = None,
) -> Life:  # fmt: skip
    secrets = vault or OpenVault()

    async def make(current: Settings, *rest: Any) -> Any:
        return await projectx_side(current, secrets, *rest)

    return Life(folder, server, clock, settings or settings_for(server), account=ACCOUNT, make_side=make)


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Life]:
    server, clock = await serving()
    life = life_at(folder, server, clock)
    try:
        await life.open()
        await ready(life)
        yield life
    finally:
        await life.close()
        await server.stop()


async def ready(life: Life) -> None:
    await life.until(
        lambda: life.core.accounts.state(ACCOUNT).trading_state is TradingState.ACTIVE, "the account is open"
    )
    es = life.core.reference.resolve("ES", life.clock.now())
    assert es is not None
    await life.until(lambda: life.core.board.quote(es.instrument_id), "a price of ES")
    life.server.price("ESZ6", "6326.00", "6326.25", "6326.25")


def held_there(server: ProjectXServer) -> int:
    return sum(position.qty for position in server.exchange.positions())


def stops_there(server: ProjectXServer) -> int:
    return sum(order.left for order in server.exchange.working() if order.type == STOP)


async def test_account_of_the_settings_is_proven_reconciled_and_priced(tmp_path: Path) -> None:
    async with running(tmp_path) as life:
        account = life.core.accounts.account(ACCOUNT)
        assert (account.kind, account.broker) == (AccountKind.BROKER_PAPER, "projectx")
        balance = life.core.accounts.balance(ACCOUNT)
        assert balance is not None
        assert (balance.cash, balance.net_liquidation) == (D(500_000), None)
        es = life.core.reference.resolve("ES", life.clock.now())
        assert es is not None
        quote = life.core.board.quote(es.instrument_id)
        assert quote is not None
        assert (quote.bid, quote.ask, quote.kind) == (D("6326"), D("6326.25"), DataKind.REALTIME)
        assert ("SubscribeContractQuotes", ("CON.F.US.EP.Z26",)) in life.server.market_hub.invocations


async def test_trade_is_protected_at_topstep_and_leaves_by_its_targets(tmp_path: Path) -> None:
    async with running(tmp_path) as life:
        server = life.server
        result = await life.enter(2, "6316", (("6333", "0.5"), ("6338", "0.5")))
        assert result.is_sent, result.decision
        await life.until(lambda: life.held() == 2 and stops_there(server) == 2, "entry filled, stop for both")
        server.price("ESZ6", "6333.00", "6333.25", "6333.25")
        await life.until(lambda: stops_there(server) <= 1, "the stop makes room before the target goes")
        server.price("ESZ6", "6333.25", "6333.50", "6333.50")
        await life.until(lambda: life.held() == 1, "the first target is filled")
        server.price("ESZ6", "6333.25", "6333.50", "6333.50")
        await life.until(
            lambda: [one.stop for one in server.exchange.working() if one.type == STOP] == [D("6326.25")],
            "the stop is at break-even",
        )
        server.price("ESZ6", "6338.25", "6338.50", "6338.50")
        await life.until(lambda: stops_there(server) == 0, "room for the last target")
        server.price("ESZ6", "6338.25", "6338.50", "6338.50")
        await life.until(lambda: life.held() == held_there(server) == 0, "flat")
        await life.until(lambda: not server.exchange.working(), "nothing rests")
        fills = (await life.core.journal.load()).fills
        earned = sum(-fill.signed_qty * fill.last_px * 50 - fill.commission for fill in fills)
        assert earned == server.account.balance - 500_000, "to the cent of TopstepX's own ledger"


@pytest.mark.parametrize("killed", [False, True], ids=["in one life", "killed in the middle"])
async def test_alert_filled_in_two_parts_is_protected_at_each_moment(tmp_path: Path, *, killed: bool) -> None:
    server, clock = await serving()
    life = await life_at(tmp_path, server, clock).open()
    guard = asyncio.create_task(guarded(server), name="guard")
    try:
        await ready(life)
        server.price("ESZ6", "6326.00", "6326.25", "6326.25", size=1)
        life.hear("ES long 6326: B\nStop: 6316", 1)
        await life.until(lambda: life.held() == 1 and stops_there(server) == 1, "one of two filled, a stop for one")
        server.price("ESZ6", "6326.00", "6326.25", "6326.25", size=1)
        await life.until(lambda: life.held() == 2 and stops_there(server) == 2, "both filled, a stop for both")
        if killed:
            await life.die()
            life = await life_at(tmp_path, server, clock).open()
            await ready(life)
            await life.until(lambda: life.held() == 2, "known again")
        life.hear("ES long 6326: B\nStop: 6316", 1)
        for bid in ("6333.25", "6333.50", "6338.50", "6338.75"):
            ask = str(D(bid) + D("0.25"))
            for _ in range(15):
                server.price("ESZ6", bid, ask, ask)
                await asyncio.sleep(0.05)
        await life.until(lambda: life.held() == held_there(server) == 0, "flat by both targets")
        await life.until(lambda: not server.exchange.working(), "nothing rests")
        fills = (await life.core.journal.load()).fills
        earned = sum(-fill.signed_qty * fill.last_px * 50 - fill.commission for fill in fills)
        assert earned == server.account.balance - 500_000
        assert earned > 0
        assert sum(fill.last_qty for fill in fills if fill.signed_qty > 0) == 2, "one entry, however often it is heard"
    finally:
        guard.cancel()
        (worst,) = await asyncio.gather(guard, return_exceptions=True)
        await life.close()
        await server.stop()
    assert isinstance(worst, asyncio.CancelledError), worst


async def guarded(server: ProjectXServer) -> None:
    """Looks at the gateway's own books all the time: exits never exceed the position, and nothing is naked for long."""
    naked_since: float | None = None
    while True:
        now_s, held = asyncio.get_running_loop().time(), held_there(server)
        selling = sum(order.left for order in server.exchange.working() if order.sign < 0)
        assert selling <= held, f"{selling} are being sold and {held} held"
        naked_since = (naked_since or now_s) if selling < held else None
        assert naked_since is None or now_s - naked_since < 5, "a position without its stop"
        await asyncio.sleep(0.002)


async def test_flattening_cancels_the_stop_first_and_closes_once(tmp_path: Path) -> None:
    async with running(tmp_path) as life:
        server = life.server
        assert (await life.enter(2, "6316")).is_sent
        await life.until(lambda: life.held() == 2 and stops_there(server) == 2, "open and protected")
        life.core.kill.flatten("test", (ACCOUNT,))
        await life.until(lambda: held_there(server) == 0 and life.held() == 0, "flat")
        await life.until(lambda: not server.exchange.working(), "nothing rests")
        assert server.orders_taken() == 3, "entry, stop, close"


async def test_killed_program_finds_its_position_its_stop_and_sends_nothing_twice(tmp_path: Path) -> None:
    server, clock = await serving()
    first = await life_at(tmp_path, server, clock).open()
    try:
        await ready(first)
        assert (await first.enter(2, "6316")).is_sent
        await first.until(lambda: first.held() == 2 and stops_there(server) == 2, "open and protected")
        orders = server.orders_taken()
    finally:
        await first.die()
    second = await life_at(tmp_path, server, clock).open()
    try:
        await ready(second)
        await second.until(lambda: second.held() == 2, "the position is known")
        assert stops_there(server) == 2
        assert server.orders_taken() == orders
    finally:
        await second.close()
        await server.stop()


async def test_account_that_its_firm_bars_is_locked_and_its_liquidation_is_booked(tmp_path: Path) -> None:
    async with running(tmp_path) as life:
        assert (await life.enter(2, "6316")).is_sent
        await life.until(lambda: life.held() == 2 and stops_there(life.server) == 2, "open and protected")
        life.server.liquidate()
        await life.until(lambda: life.held() == 0, "what the firm closed is closed here")
        state = life.core.accounts.state(ACCOUNT)
        assert state.trading_state is TradingState.LOCKED
        assert "unlock" in state.reason
        assert [one.code for one in life.core.pack_watch.violations(ACCOUNT)] == [BARRED]
        taken = life.server.orders_taken()
        assert not (await life.enter(1, "6316")).is_sent
        assert life.server.orders_taken() == taken


async def test_key_that_is_not_kept_is_asked_for_in_words_and_taken_once_it_is(tmp_path: Path) -> None:
    server, clock = await serving()
    vault = OpenVault()
    vault.kept.clear()
    life = life_at(tmp_path, server, clock, vault=vault)
    try:
        await life.open()
        await life.until(lambda: any("API key is kept" in one.words for one in life.notices), "it says what is missing")
        assert server.rest.requests == []
        vault.put(PROJECTX_KEY, KEY)
        await ready(life)
    finally:
        await life.close()
        await server.stop()


async def test_funded_account_is_named_and_stays_unconnected(tmp_path: Path) -> None:
    server, clock = await serving()
    name = "50KTC-V2-10001-20002"
    life = life_at(tmp_path, server, clock, settings=settings_for(server, kind="FUNDED", name=name))
    try:
        await life.open()
        assert any(name in notice.words and "not connected" in notice.words for notice in life.notices)
        assert life.core.accounts.is_barred(AccountId(name))
        assert server.rest.requests == []
    finally:
        await life.close()
        await server.stop()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "FUNDED"}, "practice accounts begin with PRAC"),
        ({"name": "50KTC-V2-1-2"}, "practice accounts begin with PRAC"),
        ({"kind": "SIMULATOR"}, "BROKER PAPER"),
        ({"api_url": "http://api.topstepx.com"}, "https://"),
        ({"user_hub_url": "ftp://127.0.0.1/hub"}, "https://"),
    ],
)
def test_setting_that_cannot_be_is_refused_with_the_reason(change: dict[str, str], words: str) -> None:
    server = ProjectXServer(today=FRIDAY.date())
    with pytest.raises(ValueError, match=words):
        settings_for(server, **change)


@pytest.mark.parametrize("prices", [True, False])
async def test_prices_stay_elsewhere_when_the_settings_say_so(*, prices: bool) -> None:
    server, clock = await serving()
    tasks = LoopTasks(lambda name, error: None)
    side = await projectx_side(settings_for(server, prices=prices), OpenVault(), reference_data(), clock, tasks)
    await server.stop()
    assert side is not None
    assert (side.feed is not None) == (side.history is not None) == prices
