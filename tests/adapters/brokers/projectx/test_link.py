"""The log-in at TopstepX: proof of the accounts, renewal, refusals that are not hammered, losses told in time."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.contract.projectx_venue import QUICK, ProjectXVenue
from tests.servers.projectx import ACCOUNT_NAME
from tests.support import eventually
from tradestream_gui.adapters.brokers.projectx import Timing
from tradestream_gui.adapters.brokers.projectx.token import DAY_S, lifetime_s
from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.orders import OrdType, Side
from tradestream_gui.ports.broker import LinkState

D = Decimal


@asynccontextmanager
async def opened(timing: Timing = QUICK) -> AsyncIterator[ProjectXVenue]:
    venue = ProjectXVenue(timing=timing)
    try:
        await venue.start()
        yield venue
    finally:
        await venue.stop()


@pytest.mark.parametrize(
    ("name", "simulated", "kind", "words"),
    [
        ("50KTC-V2-1-2", True, AccountKind.BROKER_PAPER, "not among them"),
        (ACCOUNT_NAME, False, AccountKind.BROKER_PAPER, "is a LIVE account"),
        (ACCOUNT_NAME, True, AccountKind.FUNDED, "set up as FUNDED"),
    ],
)
async def test_account_that_is_not_what_it_was_set_up_as_is_not_used(
    name: str, simulated: bool, kind: AccountKind, words: str
) -> None:
    venue = ProjectXVenue()
    try:
        await venue.serve()
        venue.server.account.name, venue.server.account.simulated = name, simulated
        with pytest.raises(BrokerUnreachable, match=words):
            await venue.build(venue.server.port, kind=kind).connect(venue.journal)
        assert venue.journal.links[-1][0] is LinkState.AUTH_FAILED
        assert not venue.server.user_hub.sessions
    finally:
        await venue.stop()


@pytest.mark.parametrize(
    ("code", "words"), [(1, "no user of this name"), (3, "API key"), (7, "agreements"), (9, "API access")]
)
async def test_refused_log_in_says_what_to_do_and_does_not_hammer(code: int, words: str) -> None:
    venue = ProjectXVenue(timing=replace(QUICK, refused_pause_s=60.0))
    try:
        await venue.serve()
        venue.server.faults.login = code
        for _ in range(3):
            with pytest.raises(BrokerUnreachable, match=words):
                await venue.start()
        assert venue.server.rest.requests == ["Auth/loginKey"]
        assert venue.journal.links[-1][0] is LinkState.AUTH_FAILED
        venue.server.faults.login, venue.key = 0, "another"
        with pytest.raises(BrokerUnreachable, match="API key"):
            await venue.start()
        assert len(venue.server.rest.requests) == 2, "another key is tried at once"
    finally:
        await venue.stop()


async def test_nobody_listening_is_told_as_down() -> None:
    async with opened() as venue:
        await venue.broker.close()
        await venue.server.stop()
        with pytest.raises(BrokerUnreachable, match="not reached"):
            await venue.broker.connect(venue.journal)
        assert venue.journal.links[-1][0] is LinkState.DOWN


async def test_token_is_exchanged_before_it_ends_and_nothing_is_felt() -> None:
    venue = ProjectXVenue()
    try:
        venue.server.tokens.lifetime = timedelta(seconds=2)
        await venue.start()
        await asyncio.sleep(3.0)
        assert venue.server.rest.requests.count("Auth/validate") >= 1
        assert venue.server.rest.requests.count("Auth/loginKey") == 1
        await venue.broker.balance(venue.account_id)
        assert [state for state, _ in venue.journal.links] == [LinkState.CONNECTING, LinkState.UP]
    finally:
        await venue.stop()


async def test_token_that_ended_is_replaced_once_for_a_read_and_for_the_hub() -> None:
    async with opened() as venue:
        venue.server.expire_tokens()
        assert (await venue.broker.balance(venue.account_id)).cash == 50_000
        assert venue.server.rest.requests.count("Auth/loginKey") == 2
        venue.server.expire_tokens()
        venue.server.drop()
        await venue.link_is_told_down()
        await venue.link_is_back()
        assert venue.journal.links[-1][0] is LinkState.UP


async def test_token_stands_in_no_log_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with opened() as venue:
            token = await venue.gateway.log_in()
            venue.server.drop()
            await venue.link_is_told_down()
            await venue.link_is_back()
    assert token not in caplog.text
    assert venue.key not in caplog.text


async def test_hub_that_says_nothing_although_its_line_answers_is_told_down() -> None:
    async with opened(replace(QUICK, silence_s=0.5)) as venue:
        await venue.link_is_told_down()
        assert "says nothing" in venue.journal.links[-1][1]


async def test_hub_that_pings_stays_up_in_a_quiet_market() -> None:
    venue = ProjectXVenue(timing=replace(QUICK, silence_s=0.5))
    try:
        venue.server.user_hub.keep_alive_s = 0.1
        await venue.start()
        await asyncio.sleep(1.2)
        assert [state for state, _ in venue.journal.links] == [LinkState.CONNECTING, LinkState.UP]
    finally:
        await venue.stop()


async def test_farewell_of_the_hub_is_told_with_its_reason() -> None:
    async with opened() as venue:
        venue.server.user_hub.close("maintenance", allow_reconnect=True)
        await venue.link_is_told_down()
        assert "maintenance" in venue.journal.links[-1][1]
        await venue.link_is_back()


async def test_trade_of_the_time_we_were_away_is_in_the_books_afterwards() -> None:
    async with opened() as venue:
        venue.server.price("ESZ6", "6326.00", "6326.25", "6326.25", size=1)
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.LIMIT, 2, limit="6326.25"))
        await eventually(lambda: venue.journal.fills("A") == [(1, D("6326.25"))])
        venue.server.drop()
        await venue.link_is_told_down()
        venue.server.price("ESZ6", "6326.00", "6326.25", "6326.25", size=1)
        await venue.link_is_back()
        told = await venue.broker.executions(venue.account_id, venue.clock.now() - timedelta(minutes=5))
        assert [(one.cl_ord_id, one.last_qty) for one in told] == [("A", 1), ("A", 1)]


async def test_balance_is_told_when_it_changes_and_an_account_that_may_not_trade_once() -> None:
    async with opened() as venue:
        venue.server.account.balance = D("49000.50")
        venue.server.account_changed(venue.server.account)
        await eventually(lambda: [one for one in venue.journal.heard if getattr(one, "cash", None) == D("49000.50")])
        for _ in range(2):
            venue.server.account.can_trade = False
            venue.server.account_changed(venue.server.account)
        await eventually(lambda: venue.journal.barred)
        await venue.settle()
        assert [account_id for account_id, _ in venue.journal.barred] == [venue.account_id]


@pytest.mark.parametrize("minutes", [-5, 5])
async def test_clock_that_is_minutes_off_there_dates_fills_by_ours(minutes: int) -> None:
    venue = ProjectXVenue()
    try:
        venue.server.set_clock(timedelta(minutes=minutes))
        await venue.start()
        venue.server.price("ESZ6", "6326.00", "6326.25", "6326.25")
        order = venue.order("A", Side.BUY, OrdType.MARKET, 1)
        await venue.broker.place(order)
        await eventually(lambda: venue.journal.executions())
        assert abs(venue.journal.executions()[0].at - order.created_at) < timedelta(seconds=10)
        told = await venue.broker.executions(venue.account_id, order.created_at - timedelta(seconds=2))
        assert [one.cl_ord_id for one in told] == ["A"]
    finally:
        await venue.stop()


def test_life_of_a_token_that_says_nothing_is_a_day() -> None:
    assert lifetime_s("no.token") == lifetime_s("") == DAY_S
