"""The server itself: listens on loopback, carries the exchange's news to the hubs, and obeys the control."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from tests.servers.projectx.contracts import ContractList, PxContract
from tests.servers.projectx.exchange import Exchange, Prices
from tests.servers.projectx.faults import Faults
from tests.servers.projectx.hub import MARKET_SUBJECTS, USER_SUBJECTS, Hub, HubSession
from tests.servers.projectx.market import Market
from tests.servers.projectx.orders import BUY, MARKET, SELL, PxAccount, PxOrder, PxPosition, PxTrade
from tests.servers.projectx.rest import Rest
from tests.servers.projectx.tokens import Tokens
from tests.servers.projectx.venue import PastBar, Venue

USER, KEY = "trader", "loopback-key"
ACCOUNT_NAME = "PRAC-V2-10001-20002"
CREATED, UPDATED, DELETED = 1, 2, 3


class ProjectXServer:
    """`port` 0 takes any free one and keeps it over restarts. Everything public below `start` is the control."""

    def __init__(self, *, today: date, account: str = ACCOUNT_NAME, balance: Decimal = Decimal(50_000)) -> None:
        self.clock_offset = timedelta(0)
        self.faults = Faults()
        self.contracts = ContractList(today)
        self.exchange = Exchange(self.contracts, self, self.now)
        self.venue = Venue(self.exchange, self.contracts, users={USER: KEY})
        self.tokens = Tokens(self.now)
        self.account = self.add_account(account, balance)
        self.user_hub = Hub(("Accounts", *USER_SUBJECTS), self.faults, self._may_enter, self._subscribed)
        self.market_hub = Hub(MARKET_SUBJECTS, self.faults, self._may_enter, self._subscribed)
        self.rest = Rest(self.venue, self.tokens, self.faults, lambda: format_datetime(self.now(), usegmt=True))
        self.port = 0
        self._market = Market(self.faults, self.now)
        self._runner: web.AppRunner | None = None
        self._held: list[tuple[Hub, str, object, str, tuple[object, ...]]] | None = None

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def user_hub_url(self) -> str:
        return f"{self.api_url}/hubs/user"

    @property
    def market_hub_url(self) -> str:
        return f"{self.api_url}/hubs/market"

    async def start(self, port: int = 0) -> None:
        application = web.Application()
        hubs = (("user", self.user_hub), ("market", self.market_hub))
        for name, hub in hubs:
            application.add_routes(
                [web.post(f"/hubs/{name}/negotiate", hub.negotiate), web.get(f"/hubs/{name}", hub.connect)]
            )
        application.add_routes(self.rest.routes())
        self._runner = web.AppRunner(application, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port or self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Nobody is let in, and whoever is in is hung up on."""
        self.faults.heal()
        self.drop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # -- control: time, accounts and prices ----------------------------------------------------------------

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_offset

    def set_clock(self, offset: timedelta) -> None:
        self.clock_offset = offset

    def add_account(self, name: str, balance: Decimal = Decimal(50_000), *, simulated: bool = True) -> PxAccount:
        account = PxAccount(self.exchange.next_small_id(), name, balance, simulated=simulated)
        self.exchange.accounts[account.id] = account
        return account

    def price(self, name: str, bid: str, ask: str, last: str, *, size: int = 50) -> None:
        """New best prices and one trade of one contract, matched against what rests, told to who subscribed."""
        contract = self.contracts.named(name)
        prices = Prices(Decimal(bid), Decimal(ask), Decimal(last), size)
        self._market.priced(self.market_hub, contract, prices, 1)
        self.exchange.price(contract, prices)

    def bars(self, name: str, *closes: str, end: datetime | None = None) -> None:
        """The minutes before `end` (now), one for each close."""
        last = (end or self.now()).replace(second=0, microsecond=0)
        count, rows = len(closes), []
        for number, text in enumerate(closes):
            close = Decimal(text)
            rows.append(PastBar(last - timedelta(minutes=count - number), close, close + 1, close - 1, close, 10))
        self.venue.bars[self.contracts.named(name).id] = rows

    def reset_depth(self, name: str) -> None:
        self._market.reset(self.market_hub, self.contracts.named(name))

    def roll(self, name: str) -> None:
        """The venue trades this month no more."""
        self.contracts.named(name).is_active = False

    # -- control: orders -----------------------------------------------------------------------------------

    def fill(self, order_id: int, qty: int, px: str) -> None:
        order = self.exchange.order(order_id)
        assert order is not None, f"there is no order {order_id}"
        self.exchange.execute(order, qty, Decimal(px))

    def order_of(self, tag: str) -> PxOrder:
        return next(one for one in self.exchange.orders if one.tag == tag)

    def reject_next(self, code: int, words: str | None = None) -> None:
        self.exchange.refuse_next(code, words)

    def reject_next_late(self) -> None:
        self.exchange.refuse_next_late()

    def trade_by_hand(self, name: str, side: int, qty: int) -> PxOrder:
        """A market order from the venue's own screen: it bears no tag."""
        order = self.exchange.draft(self.account.id, self.contracts.named(name), MARKET, side, qty)
        self.exchange.place(order)
        return order

    def close_by_hand(self) -> None:
        """Cancels all and closes all, from the venue's own screen."""
        for order in self.exchange.working(self.account.id):
            self.exchange.cancel(order)
        for position in self.exchange.positions(self.account.id):
            self.trade_by_hand(position.contract.name, SELL if position.qty > 0 else BUY, abs(position.qty))

    def void_trade(self, trade: PxTrade) -> None:
        self.exchange.void(trade)

    def liquidate(self) -> None:
        self.exchange.liquidate(self.account)

    def orders_taken(self) -> int:
        return len(self.exchange.orders)

    def snapshot(self) -> dict[str, object]:
        """What a test compares: orders by tag, holdings by name, balance."""
        return {
            "orders": {one.tag or str(one.id): (one.status, one.filled, one.size) for one in self.exchange.orders},
            "holdings": {one.contract.name: one.qty for one in self.exchange.positions(self.account.id)},
            "balance": self.account.balance,
        }

    # -- control: the link ---------------------------------------------------------------------------------

    def expire_tokens(self) -> None:
        self.tokens.end_all()

    def drop(self, *, reset: bool = True) -> None:
        """Hangs up on every hub's client, which is all that a dead process leaves."""
        assert reset, "there is no other way here"
        for hub in (self.user_hub, self.market_hub):
            hub.drop()

    def freeze(self) -> None:
        self.faults.frozen = True

    async def heal(self) -> None:
        """The line is whole again; what waited is served before this returns, what went dead is gone."""
        if self.faults.dead:
            self.drop()
        self.faults.heal()
        await self.faults.nobody_waits.wait()
        await asyncio.sleep(0.02)

    def http_status_next(self, status: int) -> None:
        self.faults.http_status = status

    def garbage(self, text: str) -> None:
        for hub in (self.user_hub, self.market_hub):
            for session in hub.sessions:
                session.send_text(text)

    def hold_back(self) -> None:
        """Events of the user hub wait, to be let go in the opposite order."""
        self._held = []

    def let_go(self) -> None:
        held, self._held = self._held or [], None
        for hub, subject, of, target, arguments in reversed(held):
            self._send(hub, subject, of, target, arguments)

    # -- the exchange's outlet -----------------------------------------------------------------------------

    def order_changed(self, order: PxOrder) -> None:
        if not self.faults.silent_orders:
            self._user("Orders", order.account_id, "GatewayUserOrder", order.wire(), UPDATED)

    def traded(self, trade: PxTrade) -> None:
        if not self.faults.silent_trades:
            self._user("Trades", trade.order.account_id, "GatewayUserTrade", trade.wire(), CREATED)

    def position_changed(self, position: PxPosition) -> None:
        action = UPDATED if position.qty else DELETED
        self._user("Positions", position.account_id, "GatewayUserPosition", position.wire(), action)

    def account_changed(self, account: PxAccount) -> None:
        self._user("Accounts", None, "GatewayUserAccount", account.wire(), UPDATED)

    # -- inside --------------------------------------------------------------------------------------------

    def _user(self, subject: str, of: object, target: str, row: dict[str, object], action: int) -> None:
        payload: dict[str, Any] = {"action": action, "data": row} if self.faults.wrapped else row
        for _ in range(2 if self.faults.events_twice else 1):
            if self.faults.events_backwards and self._held is None:
                self.hold_back()
                asyncio.get_running_loop().call_soon(self.let_go)
            if self._held is not None:
                self._held.append((self.user_hub, subject, of, target, (payload,)))
            else:
                self._send(self.user_hub, subject, of, target, (payload,))

    def _send(self, hub: Hub, subject: str, of: object, target: str, arguments: tuple[object, ...]) -> None:
        for session in hub.listeners(subject, of):
            if self.faults.garbage:
                session.send_text('{"type":1,"target":"Gateway\x1e')
                session.send_text('{"type":1,"target":"GatewayUserWeather","arguments":[{"sun":true}]}\x1e')
                session.send_text('{"type":99}\x1e[]\x1e{"type":1,"target":"GatewayUserOrder","arguments":[]}\x1e')
            session.tell(target, *arguments)

    def _may_enter(self, request: web.Request) -> bool:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        given = request.query.get("access_token") or (token if kind == "Bearer" else "")
        return self.tokens.is_valid(given) and not self.faults.no_token_at_hubs

    def _subscribed(self, session: HubSession, subject: str, of: object) -> None:
        contract: PxContract | None = self.contracts.get(str(of))
        prices = self.exchange.prices.get(str(of))
        if contract is not None and prices is not None:
            self._market.first_picture(session, subject, contract, prices)
