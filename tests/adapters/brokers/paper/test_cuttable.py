"""The link that can be cut: nothing gets through either way, the exchange lives on, and the reconnect is told."""

from collections.abc import Awaitable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.adapters.brokers.paper.rig import SIM, Rig
from tradestream_gui.adapters.brokers.paper import CuttableBroker
from tradestream_gui.adapters.feeds.cuttable import CuttableFeed
from tradestream_gui.adapters.feeds.silent import SilentFeed
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId
from tradestream_gui.domain.orders import OrdStatus, OrdType, Side
from tradestream_gui.domain.quotes import Aggressor, DataKind, Depth, Quote, TradePrint
from tradestream_gui.ports.broker import LinkState

ES = InstrumentId("ESZ6")
WHY = "the cable is out"


async def connected() -> tuple[Rig, CuttableBroker]:
    rig = Rig()
    broker = CuttableBroker(rig.broker)
    await broker.connect(rig.journal)
    return rig, broker


def calls(rig: Rig, broker: CuttableBroker) -> list[Awaitable[Any]]:
    """Each way of asking."""
    own, since = ClOrdId("ENTRY"), rig.clock.now() - timedelta(days=1)
    terms: dict[str, Any] = {"order_qty": 1, "limit_price": None, "stop_price": None, "ord_type": OrdType.MARKET}
    return [
        broker.connect(rig.journal), broker.accounts(), broker.place(rig.order(Side.BUY, OrdType.MARKET, 1)),
        broker.cancel(SIM, own), broker.replace(SIM, own, **terms), broker.open_orders(SIM),
        broker.find_order(SIM, own), broker.executions(SIM, since), broker.positions(SIM), broker.balance(SIM),
        broker.create_account(AccountId("more"), "More", Decimal(1)),
    ]  # fmt: skip


async def test_every_call_over_a_cut_link_has_no_answer_and_says_why() -> None:
    rig, broker = await connected()
    broker.cut(WHY)
    assert rig.journal.links[-1] == (LinkState.DOWN, WHY)
    for call in calls(rig, broker):
        with pytest.raises(BrokerUnreachable, match=WHY):
            await call
    assert await broker.beyond.positions(SIM) == ()


async def test_what_happens_behind_the_cut_is_lost_and_found_in_the_lists_after_the_reconnect() -> None:
    rig, broker = await connected()
    await rig.enter_long(2)
    await rig.protect(2, ("6330", 1))
    heard = len(rig.journal.heard)
    broker.cut(WHY)
    rig.quote("6331.00", "6331.25", last="6331.00")
    rig.trade("6331.00", 5)
    await rig.run(1)
    assert len(rig.journal.heard) == heard
    assert [one.signed_qty for one in await broker.beyond.positions(SIM)] == [1]
    links = len(rig.journal.links)
    broker.mend()
    assert len(rig.journal.links) == links, "nobody knows before somebody connects"
    await broker.connect(rig.journal)
    assert rig.journal.links[-1] == (LinkState.UP, "")
    await broker.connect(rig.journal)
    assert len(rig.journal.links) == links + 1
    sold = [one for one in await broker.executions(SIM, rig.clock.now() - timedelta(days=1)) if one.side is Side.SELL]
    assert [one.last_qty for one in sold] == [1]
    assert [(one.ord_status, one.order_qty) for one in await broker.open_orders(SIM)] == [(OrdStatus.NEW, 1)]
    rig.quote("6315.00", "6315.25", last="6315.00")
    await rig.run(1)
    assert len(rig.journal.heard) > heard, "reports come again"
    assert await broker.positions(SIM) == ()


async def test_an_answer_that_was_under_way_when_the_link_broke_is_lost_too() -> None:
    rig, broker = await connected()

    async def break_meanwhile(account_id: AccountId) -> Any:
        broker.cut(WHY)
        return ()

    rig.broker.positions = break_meanwhile  # type: ignore[method-assign]  # the moment between question and answer
    with pytest.raises(BrokerUnreachable, match=WHY):
        await broker.positions(SIM)


class _Ear:
    """Writes down what comes through."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def on_quote(self, quote: Quote) -> None:
        self.heard.append("quote")

    def on_print(self, trade: TradePrint) -> None:
        self.heard.append("print")

    def on_depth(self, depth: Depth) -> None:
        self.heard.append("depth")

    def on_heartbeat(self, feed: str) -> None:
        self.heard.append("heartbeat")

    def on_feed_link(self, feed: str, state: LinkState, detail: str) -> None:
        self.heard.append("link")


async def test_in_a_silence_only_the_exchange_hears_the_market() -> None:
    rig = Rig()
    ours, exchange = _Ear(), _Ear()
    feed = CuttableFeed(SilentFeed(), exchange)
    assert (feed.name, feed.kind, feed.has_prices) == ("no market data", DataKind.REALTIME, False)
    await feed.connect(ours)
    assert ours.heard == ["link"]
    at = rig.clock.now()
    quote = Quote(ES, at, None, 0, None, 0, None, DataKind.DEMO)
    trade = TradePrint(ES, at, Decimal("6326.00"), 1, Aggressor.BUYER, DataKind.DEMO)
    depth = Depth(ES, at, (), (), DataKind.DEMO)

    def say_all() -> None:
        feed.on_quote(quote)
        feed.on_print(trade)
        feed.on_depth(depth)
        feed.on_heartbeat("x")
        feed.on_feed_link("x", LinkState.UP, "")

    feed.silence()
    say_all()
    assert (ours.heard, exchange.heard) == (["link"], ["quote", "print"])
    assert feed.has_prices
    feed.resume()
    say_all()
    assert ours.heard == ["link", "quote", "print", "depth", "heartbeat", "link"]
    assert exchange.heard == ["quote", "print"]
    await feed.close()
