"""A paper account at Interactive Brokers in the whole program: set up, traded, protected, killed and taken up again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from tests.stories.ibkr_life import ACCOUNT, CODE, Life, ready, serving, settings_for
from tradestream_gui.domain.accounts import Account, AccountKind, TradingState
from tradestream_gui.domain.errors import ConfigInvalid
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.quotes import DataKind
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.file import parse, render
from tradestream_gui.upkeep.settings.model import Settings


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Life]:
    server, clock = await serving()
    life = Life(folder, server, clock)
    try:
        await life.open()
        await ready(life)
        yield life
    finally:
        await life.close()
        await server.stop()


async def test_account_of_the_settings_is_proven_reconciled_and_priced(tmp_path: Path) -> None:
    async with running(tmp_path) as life:
        assert [session.client_id for session in life.server.sessions] == [21]
        account = life.core.accounts.account(ACCOUNT)
        assert (account.kind, account.broker) == (AccountKind.BROKER_PAPER, "ibkr")
        balance = life.core.accounts.balance(ACCOUNT)
        assert balance is not None
        assert balance.cash == Decimal(500_000)
        es = life.core.reference.resolve("ES", life.clock.now())
        assert es is not None
        quote = life.core.board.quote(es.instrument_id)
        assert quote is not None
        assert (quote.ask, quote.kind) == (Decimal("6326.25"), DataKind.REALTIME)


async def test_trade_is_protected_at_tws_and_leaves_by_its_targets(tmp_path: Path) -> None:
    async with running(tmp_path) as life:
        result = await life.enter(2, "6316", (("6333", "0.5"), ("6338", "0.5")))
        assert result.is_sent, result.decision
        await life.until(lambda: life.held() == 2 and life.stops_there() == 2, "entry filled, stop for both")
        life.server.price("ESZ6", "6333.00", "6333.25", "6333.25")
        await life.until(lambda: life.stops_there() <= 1, "the stop makes room before the target goes")
        life.server.price("ESZ6", "6333.25", "6333.50", "6333.50")
        await life.until(lambda: life.held() == 1, "the first target is filled")
        life.server.price("ESZ6", "6333.25", "6333.50", "6333.50")
        await life.until(
            lambda: [order.stop for order in life.server.exchange.working() if order.terms.ord_type == "STP"]
            == [Decimal("6326.25")],
            "the stop is at break-even",
        )
        life.server.price("ESZ6", "6338.25", "6338.50", "6338.50")
        await life.until(lambda: life.stops_there() == 0, "room for the last target")
        life.server.price("ESZ6", "6338.25", "6338.50", "6338.50")
        await life.until(lambda: life.held() == life.held_there() == 0, "flat")
        await life.until(lambda: not life.server.exchange.working(), "nothing rests")
        fills = (await life.core.journal.load()).fills
        earned = sum(-fill.signed_qty * fill.last_px * 50 - fill.commission for fill in fills)
        assert earned == life.server.exchange.cash - life.server.exchange.start_cash, "to the cent of TWS's own ledger"


async def test_killed_program_finds_its_position_its_stop_and_sends_nothing_twice(tmp_path: Path) -> None:
    server, clock = await serving()
    first = await Life(tmp_path, server, clock).open()
    try:
        await ready(first)
        assert (await first.enter(2, "6316")).is_sent
        await first.until(lambda: first.held() == 2 and first.stops_there() == 2, "open and protected")
        orders = server.orders_taken()
    finally:
        await first.die()
    second = await Life(tmp_path, server, clock).open()
    try:
        await ready(second)
        await second.until(lambda: second.held() == 2, "the position is known")
        assert second.stops_there() == 2
        assert server.orders_taken() == orders
        second.core.kill.flatten("test")
        await second.until(lambda: second.held_there() == 0 and second.held() == 0, "flat")
        await second.until(lambda: not server.exchange.working(), "nothing rests")
    finally:
        await second.close()
        await server.stop()


def lose_database(folder: Path) -> None:
    for file in folder.glob("paper.db*"):
        file.unlink()


async def test_lost_database_is_made_good_from_what_tws_knows(tmp_path: Path) -> None:
    server, clock = await serving()
    first = await Life(tmp_path, server, clock).open()
    try:
        await ready(first)
        assert (await first.enter(2, "6316")).is_sent
        await first.until(lambda: first.held() == 2 and first.stops_there() == 2, "open and protected")
    finally:
        await first.die()
    lose_database(tmp_path)
    orders = server.orders_taken()
    second = await Life(tmp_path, server, clock).open()
    try:
        await second.until(lambda: second.held() == 2, "the position is known again")
        await second.until(
            lambda: second.core.accounts.state(ACCOUNT).trading_state is TradingState.REDUCING, "a person must look"
        )
        assert second.stops_there() == 2
        assert server.orders_taken() == orders
    finally:
        await second.close()
        await server.stop()


async def test_program_starts_without_tws_and_takes_the_account_up_when_it_comes(tmp_path: Path) -> None:
    server, clock = await serving()
    await server.stop()
    life = await Life(tmp_path, server, clock).open()
    try:
        await life.until(lambda: any("nothing listens" in notice.words for notice in life.notices), "the cause is told")
        assert life.core.accounts.state(ACCOUNT).trading_state is TradingState.RECONCILING
        await server.start()
        await ready(life)
    finally:
        await life.close()
        await server.stop()


async def test_without_an_account_there_the_library_is_not_even_loaded(tmp_path: Path) -> None:
    server, clock = await serving()
    settings = plain(settings_for(server.port))
    settings["accounts"][1]["enabled"] = False
    life = await Life(tmp_path, server, clock, Settings.model_validate(settings)).open()
    try:
        assert life.sides == ()
        assert not server.sessions
    finally:
        await life.close()
        await server.stop()


async def test_prices_stay_elsewhere_when_the_settings_say_so(tmp_path: Path) -> None:
    server, clock = await serving()
    life = await Life(tmp_path, server, clock, settings_for(server.port, prices=False)).open()
    try:
        await life.until(
            lambda: life.core.accounts.state(ACCOUNT).trading_state is TradingState.ACTIVE, "the account is open"
        )
        assert not any(session.market.lines for session in server.sessions)
    finally:
        await life.close()
        await server.stop()


@pytest.mark.parametrize("allowed", [True, False])
async def test_delayed_prices_come_only_when_the_settings_allow_them(tmp_path: Path, *, allowed: bool) -> None:
    server, clock = await serving()
    server.delayed_only = True
    life = await Life(tmp_path, server, clock, settings_for(server.port, delayed_prices=allowed)).open()
    try:
        asked = 3 if allowed else 1
        await life.until(lambda: [session.market.data_type for session in server.sessions] == [asked], "asked")
        es = life.core.reference.resolve("ES", clock.now())
        assert es is not None
        if allowed:
            await life.until(lambda: life.core.board.quote(es.instrument_id), "a price of ES")
            quote = life.core.board.quote(es.instrument_id)
            assert quote is not None
            assert quote.kind is DataKind.DELAYED
        else:
            assert life.core.board.quote(es.instrument_id) is None
    finally:
        await life.close()
        await server.stop()


async def test_live_account_is_named_and_left_alone(tmp_path: Path) -> None:
    server, clock = await serving()
    settings = plain(settings_for(server.port))
    settings["accounts"].append({**settings["accounts"][1], "id": "U7654321", "kind": "LIVE"})
    life = await Life(tmp_path, server, clock, Settings.model_validate(settings)).open()
    try:
        assert any("U7654321 is a LIVE account and is not connected" in notice.words for notice in life.notices)
        state = life.core.accounts.state(AccountId("U7654321"))
        assert state.trading_state is TradingState.HALTED
        assert "live.db is not open" in state.reason
        assert life.core.accounts.is_barred(AccountId("U7654321"))
    finally:
        await life.close()
        await server.stop()


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("my-account", "BROKER PAPER", "is its code there, such as DU1234567"),
        ("U1234567", "BROKER PAPER", "is its code there, such as DU1234567"),
        ("DU1234567", "LIVE", "is its code there, such as U1234567"),
        ("DU1234567", "SIMULATOR", "is BROKER PAPER or LIVE, not SIMULATOR"),
    ],
)
def test_account_row_that_cannot_be_is_refused_with_words(code: str, kind: str, words: str) -> None:
    text = render(settings_for(7497)).replace(CODE, code).replace("kind: BROKER PAPER", f"kind: {kind}")
    with pytest.raises(ConfigInvalid, match=words):
        parse(text, "config.yaml", {})


def test_sentence_is_asked_for_where_money_is_at_stake() -> None:
    assert Account(AccountId("U1"), "Live", AccountKind.LIVE, "ibkr").entry_sentence == "TRADE LIVE U1"
    assert Account(AccountId("DU1"), "Paper", AccountKind.BROKER_PAPER, "ibkr").entry_sentence == ""
