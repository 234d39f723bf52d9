"""A practice account at TopstepX in the whole program: set up, traded, protected, killed and taken up again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from tests.servers.projectx import KEY, ProjectXServer
from tests.servers.projectx.orders import STOP
from tests.stories.ibkr_life import FRIDAY, Life
from tests.stories.projectx_life import (
    ACCOUNT,
    OpenVault,
    held_there,
    life_at,
    ready,
    serving,
    settings_for,
    stops_there,
)
from tests.trading.stage import reference_data
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.assembly.brokers import projectx_side
from tradestream_gui.domain.accounts import AccountKind, TradingState
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.quotes import DataKind
from tradestream_gui.trading.rule_pack_watch import BARRED
from tradestream_gui.upkeep.settings.brokers import PROJECTX_KEY

D = Decimal


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
