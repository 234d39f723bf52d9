"""The server itself: listens on loopback, carries the exchange's news to clients, and obeys the control."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from time import monotonic
from zoneinfo import ZoneInfo

from tests.servers.tws import messages
from tests.servers.tws.contracts import ContractBook, TwsContract
from tests.servers.tws.exchange import Exchange, Executed, Holding
from tests.servers.tws.faults import Faults
from tests.servers.tws.market import depth_row, price_ticks, trade_ticks, volume_without_price
from tests.servers.tws.messages import Fields
from tests.servers.tws.orders import Terms, TwsOrder
from tests.servers.tws.requests import Requests
from tests.servers.tws.session import Session
from tests.servers.tws.wire import UNSET_DOUBLE

ZONE_NAME = "US/Eastern"
MARGIN_SHARE = Decimal("0.05")
"""What a future ties up, as a share of its value: enough for a practice account."""


class TwsServer:
    """`port` 0 takes any free one and keeps it over restarts. Everything public below `start` is the control."""

    def __init__(self, *, account: str = "DU7654321", cash: Decimal = Decimal(50_000), today: date) -> None:
        self.account = account
        self.contracts = ContractBook(today)
        self.faults = Faults()
        self.clock_offset = timedelta(0)
        self.base_currency = "USD"
        self.delayed_only = False
        self.competing_session = False
        self.exchange = Exchange(account, cash, self, self.now)
        self.sessions: list[Session] = []
        self.port = 0
        self.what_ifs = 0
        """Questions about costs that were asked."""
        self._requests = Requests(self)
        self._listener: asyncio.Server | None = None
        self._order_taken: list[asyncio.Event] = []
        self._volume: dict[int, int] = {}

    async def start(self, port: int = 0) -> None:
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(
            lambda: Session(self),  # type: ignore[arg-type,return-value]  # asyncio asks for its methods only
            "127.0.0.1",
            port or self.port,
            reuse_address=True,
        )
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Nobody is let in, and whoever is in is hung up on."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        for session in list(self.sessions):
            session.close()
        await asyncio.sleep(0)

    # -- control: time and prices --------------------------------------------------------------------------

    def set_clock(self, offset: timedelta) -> None:
        self.clock_offset = offset
        self.exchange.let_expire()

    def price(self, local_symbol: str, bid: str, ask: str, last: str, *, size: int = 50) -> None:
        """New best prices and one trade of one contract, matched against what rests, told to who subscribed."""
        contract = self.contracts.by_local_symbol(local_symbol)
        at_ms = int(self.now().timestamp() * 1000)
        volume = self._volume[contract.con_id] = self._volume.get(contract.con_id, 0) + 1
        values = (Decimal(bid), Decimal(ask), Decimal(last), size)
        self.exchange.price(contract, *values)
        prices = self.exchange.prices[contract.con_id]
        for session in self._ready():
            for request_id, line in session.market.lines.items():
                if line.contract is contract:
                    for tick in price_ticks(request_id, line, prices):
                        session.send(*tick)
                    for tick in trade_ticks(request_id, line, prices.last, 1, at_ms, volume, prices.last):
                        session.send(*tick)
            for request_id, depth in session.market.depths.items():
                if depth.contract is contract:
                    self.send_depth(session, request_id)
            self._send_account(session)

    def unreported_volume(self, local_symbol: str) -> None:
        contract = self.contracts.by_local_symbol(local_symbol)
        prices, at_ms = self.exchange.prices[contract.con_id], int(self.now().timestamp() * 1000)
        for session, request_id in self._lines(contract):
            session.send(*volume_without_price(request_id, at_ms, 99, prices.last))

    def bar(self, local_symbol: str, epoch: int, open_: str, high: str, low: str, close: str, volume: int) -> None:
        """A five-second bar to who asked for them, and the newest bar to who keeps history up to date."""
        contract = self.contracts.by_local_symbol(local_symbol)
        for session in self._ready():
            for request_id, line in session.market.bars.items():
                if line.contract is contract:
                    session.send(50, 3, request_id, epoch, open_, high, low, close, volume, close, 10)
            for request_id, kept in session.market.histories.items():
                if kept is contract:
                    session.send(90, request_id, 10, epoch, open_, close, high, low, close, volume)

    def reset_depth(self, local_symbol: str) -> None:
        contract = self.contracts.by_local_symbol(local_symbol)
        for session in self._ready():
            for request_id, depth in session.market.depths.items():
                if depth.contract is contract:
                    depth.sent = 0
                    session.send(*messages.error(request_id, 317, "Market depth data has been RESET."))

    # -- control: orders -----------------------------------------------------------------------------------

    def fill(self, perm_id: int, qty: int, px: str) -> None:
        order = next(order for order in self.exchange.orders if order.perm_id == perm_id)
        self.exchange.fill(order, qty, Decimal(px))

    def correct(self, order_ref: str, qty: int, px: str) -> None:
        """The exchange corrects the first execution of an order: the same id with the next number at its end."""
        fill = next(fill for fill in self.exchange.fills if fill.order.terms.order_ref == order_ref)
        better = replace(fill, exec_id=f"{fill.exec_id[:-2]}02", qty=qty, px=Decimal(px))
        for session in self._owners(fill.order.client_id):
            session.tell([self.execution(-1, better)])

    def order_of(self, order_ref: str) -> TwsOrder:
        """The order that carries this reference."""
        return next(order for order in self.exchange.orders if order.terms.order_ref == order_ref)

    def reject_next(self, code: int, words: str) -> None:
        self.exchange.refuse_next(code, words)

    def reject_next_late(self, words: str) -> None:
        self.exchange.refuse_next_late(words)

    def trade_by_hand(self, local_symbol: str, action: str, qty: int) -> TwsOrder:
        return self.exchange.trade_by_hand(self.contracts.by_local_symbol(local_symbol), action, qty)

    async def order_arrives(self) -> None:
        """Returns when the next order has been taken in."""
        event = asyncio.Event()
        self._order_taken.append(event)
        await event.wait()

    def orders_taken(self) -> int:
        return len(self.exchange.orders)

    def snapshot(self) -> dict[str, object]:
        """What a test compares: orders by reference, holdings by symbol, cash."""
        return {
            "orders": {one.terms.order_ref: (one.status, one.filled, one.terms.qty) for one in self.exchange.orders},
            "holdings": {one.contract.local_symbol: one.qty for one in self.exchange.holdings()},
            "cash": self.exchange.cash,
        }

    # -- control: the link ---------------------------------------------------------------------------------

    def drop(self, *, reset: bool = False) -> None:
        """Hangs up on every client."""
        for session in list(self.sessions):
            if reset:
                session.abort()
            else:
                session.close()

    def thaw(self) -> None:
        self.faults.frozen = False
        for session in list(self.sessions):
            session.thaw()

    async def restart(self, *, after_midnight: bool = False) -> None:
        """The nightly restart: every socket closes, and yesterday is forgotten where midnight has passed."""
        await self.stop()
        if after_midnight:
            self.exchange.end_day()
        await self.start()

    def tell_all(self, code: int, words: str) -> None:
        """A system message, such as 1100, 1102 or 2110."""
        for session in self._ready():
            session.send(*messages.error(-1, code, words))

    def lose_backend(self) -> None:
        self.tell_all(1100, "Connectivity between IB and Trader Workstation has been lost.")

    def restore_backend(self, *, data_lost: bool) -> None:
        """1101 has forgotten every market data request, 1102 has kept them."""
        kept = "lost" if data_lost else "maintained"
        for session in self._ready() if data_lost else ():
            session.market.clear()
        words = f"Connectivity between IB and Trader Workstation has been restored - data {kept}."
        self.tell_all(1101 if data_lost else 1102, words)

    # -- what the sessions ask -----------------------------------------------------------------------------

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_offset

    def seconds(self) -> float:
        return monotonic()

    def clock_text(self, at: datetime) -> str:
        return f"{at.astimezone(ZoneInfo(ZONE_NAME)):%Y%m%d %H:%M:%S}"

    def greeting_time(self) -> str:
        return f"{self.clock_text(self.now())} {ZONE_NAME}"

    def free_order_id(self, client_id: int) -> int:
        used = [order.order_id for order in self.exchange.orders if order.client_id == client_id]
        return max(used, default=0) + 1

    def connected(self, session: Session) -> None:
        self.sessions.append(session)

    def may_log_in(self, session: Session) -> bool:
        return all(other.client_id != session.client_id for other in self._ready())

    def closed(self, session: Session) -> None:
        if session in self.sessions:
            self.sessions.remove(session)

    def answer(self, session: Session, fields: list[str]) -> None:
        self._requests.answer(session, fields)

    def took_order(self) -> None:
        for event in self._order_taken:
            event.set()
        self._order_taken.clear()

    # -- the exchange's outlet -----------------------------------------------------------------------------

    def order_changed(self, order: TwsOrder) -> None:
        for session in self._owners(order.client_id):
            session.tell([messages.open_order(order), messages.order_status(order)])

    def executed(self, fill: Executed) -> None:
        fee = messages.commission(fill.exec_id, fill.commission, fill.realized)
        for session in self._owners(fill.order.client_id):
            session.tell([self.execution(-1, fill)] if self.faults.no_fees else [self.execution(-1, fill), fee])

    def position_changed(self, account: str, holding: Holding) -> None:
        for session in self._ready():
            if session.wants_positions:
                session.send(*self.position(holding))
            self._send_account(session)

    def refused(self, client_id: int, order_id: int, code: int, words: str) -> None:
        for session in self._owners(client_id):
            session.tell([messages.error(order_id, code, words)])

    # -- messages ------------------------------------------------------------------------------------------

    def execution(self, request_id: int, fill: Executed) -> Fields:
        at = f"{self.clock_text(fill.at)} {ZONE_NAME}"
        return messages.execution(
            request_id, fill.order, fill.exec_id, at, fill.qty, fill.px, total=fill.total, avg_px=fill.avg_px
        )

    def position(self, holding: Holding) -> Fields:
        cost = holding.avg_px * holding.contract.point_value
        return messages.position(self.account, holding.contract, holding.qty, cost)

    def account_values(self) -> list[tuple[str, Decimal, str]]:
        """In dollars, or as far as `base_currency` goes in that one."""
        exchange = self.exchange
        profit, value = exchange.open_profit(), exchange.held_value()
        net = exchange.cash + value + profit
        margin = sum((abs(one.qty) * one.avg_px * one.contract.point_value for one in exchange.holdings()), Decimal(0))
        margin = (margin * MARGIN_SHARE).quantize(Decimal("0.01"))
        values = {
            "CashBalance": exchange.cash, "TotalCashBalance": exchange.cash + profit, "NetLiquidation": net,
            "TotalCashValue": exchange.cash + profit, "InitMarginReq": margin, "MaintMarginReq": margin,
            "AvailableFunds": net - margin, "BuyingPower": (net - margin) * 4,
        }  # fmt: skip
        return [(tag, amount, self.base_currency) for tag, amount in values.items()]

    def send_account_values(self, session: Session, request_id: int) -> None:
        for tag, amount, currency in self.account_values():
            session.send(73, 1, request_id, self.account, "", tag, amount, currency)

    def send_portfolio(self, session: Session) -> None:
        for tag, amount, currency in self.account_values():
            session.send(6, 2, tag, amount, currency, self.account)
        for one in self.exchange.holdings():
            names = list(one.contract.c11())
            names[7] = ""
            prices = self.exchange.prices[one.contract.con_id]
            value = prices.last * one.qty * one.contract.point_value
            cost = one.avg_px * one.contract.point_value
            session.send(7, 8, *names, one.qty, prices.last, value, cost, value - cost * one.qty, 0, self.account)
        session.send(8, 1, f"{self.now():%H:%M}")

    def send_depth(self, session: Session, request_id: int) -> None:
        """Three levels a side around the best prices, rewritten row by row."""
        line = session.market.depths[request_id]
        prices = self.exchange.prices.get(line.contract.con_id)
        if prices is None:
            return
        tick = line.contract.min_tick
        for row in range(min(3, line.rows)):
            for side, px in ((1, prices.bid - row * tick), (0, prices.ask + row * tick)):
                op = 1 if row < line.sent else 0
                session.send(*depth_row(request_id, line, row, op, side, px, prices.size + row))
            line.sent = max(line.sent, row + 1)

    def what_if(self, client_id: int, order_id: int, contract: TwsContract, terms: Terms) -> Fields:
        """The answer to an order that only asks what it would cost."""
        order = TwsOrder(0, client_id, order_id, contract, terms, "PreSubmitted")
        price = terms.lmt or terms.aux or self.exchange.prices[contract.con_id].ask
        change = price * contract.point_value * terms.qty * MARGIN_SHARE
        money = str(change)
        margins = ("0", "0", UNSET_DOUBLE, money, money, UNSET_DOUBLE, money, money, UNSET_DOUBLE)
        return messages.open_order(order, margins, str(Decimal("2.25") * terms.qty))

    # -- inside --------------------------------------------------------------------------------------------

    def _send_account(self, session: Session) -> None:
        for request_id in session.account_requests:
            self.send_account_values(session, request_id)
        if session.wants_portfolio:
            self.send_portfolio(session)

    def _ready(self) -> list[Session]:
        return [session for session in self.sessions if session.is_ready]

    def _owners(self, client_id: int) -> list[Session]:
        return [session for session in self._ready() if session.client_id == client_id]

    def _lines(self, contract: TwsContract) -> Iterator[tuple[Session, int]]:
        for session in self._ready():
            for request_id, line in session.market.lines.items():
                if line.contract is contract:
                    yield session, request_id
