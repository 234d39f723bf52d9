"""What each client message asks for, and the answers to it; the numbers are those of the protocol."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.servers.tws import history, messages
from tests.servers.tws.contracts import TwsContract
from tests.servers.tws.market import (
    DELAYED,
    LIVE,
    MAX_DEPTHS,
    MAX_LINES,
    BarLine,
    DepthLine,
    Line,
    line_opened,
    price_ticks,
)
from tests.servers.tws.orders import terms_of
from tests.servers.tws.session import Session

if TYPE_CHECKING:
    from tests.servers.tws.server import TwsServer

NOT_SUBSCRIBED = "Requested market data is not subscribed. Delayed market data is available."
_SUMMARY_TAGS = ("NetLiquidation", "TotalCashValue", "BuyingPower", "InitMarginReq", "AvailableFunds")


class Requests:
    """Answers one client message at a time, in the order of arrival."""

    def __init__(self, server: "TwsServer") -> None:
        self._server = server
        self._pacing = history.Pacing()
        self._answer_to: dict[int, Callable[[Session, list[str]], None]] = {
            1: self._market_data, 2: self._cancel_market_data, 3: self._place, 4: self._cancel, 5: self._own_orders,
            6: self._account_updates, 7: self._executions, 8: self._next_id, 9: self._contract_details,
            10: self._depth, 11: self._cancel_depth, 15: self._nothing, 16: self._all_orders, 17: self._accounts,
            20: self._history, 25: self._cancel_history, 49: self._time, 50: self._bars, 51: self._cancel_bars,
            58: self._cancel_all, 59: self._data_type, 61: self._positions, 62: self._summary, 63: self._nothing,
            64: self._cancel_positions, 76: self._account_multi, 77: self._cancel_multi, 78: self._option_chain,
            91: self._market_rule, 92: self._profit, 93: self._nothing, 99: self._completed,
        }  # fmt: skip

    def answer(self, session: Session, fields: list[str]) -> None:
        handler = self._answer_to.get(int(fields[0]))
        if handler is None:
            session.send(*messages.error(-1, 321, f"Error validating request: message {fields[0]} is not known"))
            return
        handler(session, fields)

    # -- orders --------------------------------------------------------------------------------------------

    def _place(self, session: Session, fields: list[str]) -> None:
        exchange, order_id, terms = self._server.exchange, int(fields[1]), terms_of(fields)
        contracts = self._server.contracts.matching(fields[2:14])
        contract = contracts[0] if len(contracts) == 1 else None
        if terms.what_if:
            self._what_if(session, order_id, contract, fields)
            return
        exchange.place(session.client_id, order_id, contract, terms)
        self._server.took_order()

    def _what_if(self, session: Session, order_id: int, contract: TwsContract | None, fields: list[str]) -> None:
        if contract is None:
            session.send(*messages.error(order_id, 200, "No security definition has been found for the request"))
            return
        self._server.what_ifs += 1
        faults = self._server.faults
        if faults.what_if_refused is not None:
            session.send(*messages.error(order_id, *faults.what_if_refused))
            return
        if faults.what_if_noted is not None:
            session.send(*messages.error(order_id, *faults.what_if_noted))
        session.send(*self._server.what_if(session.client_id, order_id, contract, terms_of(fields)))

    def _cancel(self, session: Session, fields: list[str]) -> None:
        self._server.exchange.cancel(session.client_id, int(fields[2]))

    def _cancel_all(self, session: Session, fields: list[str]) -> None:
        self._server.exchange.cancel_all()

    def _own_orders(self, session: Session, fields: list[str]) -> None:
        for order in self._server.exchange.working():
            if order.client_id == session.client_id:
                session.send(*messages.open_order(order))
                session.send(*messages.order_status(order))
        session.send(53, 1)

    def _all_orders(self, session: Session, fields: list[str]) -> None:
        for order in self._server.exchange.working():
            session.send(*messages.open_order(order))
            session.send(*messages.order_status(order))
        session.send(53, 1)

    def _completed(self, session: Session, fields: list[str]) -> None:
        if self._server.faults.read_only:
            words = "Error validating request:-'bW' : cause - The API interface is currently in Read-Only mode."
            session.send(*messages.error(-1, 321, words))
            return
        at = self._server.greeting_time()
        for order in self._server.exchange.orders:
            if order.is_done and (fields[1] != "1" or order.order_id):
                session.send(*messages.completed_order(order, at))
        session.send(102)

    def _executions(self, session: Session, fields: list[str]) -> None:
        request_id, account, since = int(fields[2]), fields[4], fields[5]
        found = [
            fill
            for fill in self._server.exchange.fills
            if account in ("", self._server.account) and (not since or self._server.clock_text(fill.at) >= since)
        ]
        for fill in found:
            session.send(*self._server.execution(request_id, fill))
        session.send(55, 1, request_id)
        for fill in found if not self._server.faults.no_fees else ():
            session.send(*messages.commission(fill.exec_id, fill.commission, fill.realized))

    def _next_id(self, session: Session, fields: list[str]) -> None:
        session.send(9, 1, self._server.free_order_id(session.client_id))

    # -- the account ---------------------------------------------------------------------------------------

    def _accounts(self, session: Session, fields: list[str]) -> None:
        session.send(15, 1, self._server.account)

    def _positions(self, session: Session, fields: list[str]) -> None:
        if self._server.faults.no_positions:
            return
        session.wants_positions = True
        for holding in self._server.exchange.holdings():
            session.send(*self._server.position(holding))
        session.send(62, 1)

    def _cancel_positions(self, session: Session, fields: list[str]) -> None:
        session.wants_positions = False

    def _account_updates(self, session: Session, fields: list[str]) -> None:
        session.wants_portfolio = fields[2] == "1"
        if session.wants_portfolio:
            self._server.send_portfolio(session)
            session.send(54, 1, self._server.account)

    def _account_multi(self, session: Session, fields: list[str]) -> None:
        request_id = int(fields[2])
        session.account_requests[request_id] = fields[3]
        self._server.send_account_values(session, request_id)
        session.send(74, 1, request_id)

    def _cancel_multi(self, session: Session, fields: list[str]) -> None:
        session.account_requests.pop(int(fields[2]), None)

    def _summary(self, session: Session, fields: list[str]) -> None:
        request_id = int(fields[2])
        values = {tag: value for tag, value, _ in self._server.account_values()}
        for tag in _SUMMARY_TAGS:
            session.send(63, 1, request_id, self._server.account, tag, values[tag], "USD")
        session.send(64, 1, request_id)

    def _profit(self, session: Session, fields: list[str]) -> None:
        exchange = self._server.exchange
        realized = sum((fill.realized for fill in exchange.fills if fill.realized is not None), Decimal(0))
        session.send(94, int(fields[1]), realized + exchange.open_profit(), exchange.open_profit(), realized)

    def _time(self, session: Session, fields: list[str]) -> None:
        session.send(49, 1, int(self._server.now().timestamp()))

    def _nothing(self, session: Session, fields: list[str]) -> None:
        """Asks for no answer."""

    # -- contracts -----------------------------------------------------------------------------------------

    def _contract_details(self, session: Session, fields: list[str]) -> None:
        request_id = int(fields[2])
        found = self._server.contracts.matching(fields[3:15])
        for contract in found:
            session.send(*messages.contract_details(request_id, contract))
        if found:
            session.send(52, 1, request_id)
        else:
            session.send(
                *messages.error(request_id, 200, "No security definition has been found for the request")
            )

    def _market_rule(self, session: Session, fields: list[str]) -> None:
        session.send(*messages.market_rule(int(fields[1]), self._server.contracts.rule(int(fields[1]))))

    def _option_chain(self, session: Session, fields: list[str]) -> None:
        request_id, under_con_id = int(fields[1]), int(fields[5])
        for kind, (expiries, strikes) in self._server.contracts.chains(under_con_id).items():
            for exchange in ("SMART", "CBOE"):
                session.send(*messages.option_chain(request_id, exchange, under_con_id, kind, expiries, strikes))
        session.send(76, request_id)

    # -- market data ---------------------------------------------------------------------------------------

    def _market_data(self, session: Session, fields: list[str]) -> None:
        request_id, generic = int(fields[2]), fields[16]
        contract = self._one(session, request_id, fields[3:15])
        if contract is None:
            return
        market, delayed = session.market, self._server.delayed_only
        if len(market.lines) >= MAX_LINES:
            session.send(*messages.error(request_id, 101, "Max number of tickers has been reached"))
        elif self._server.competing_session:
            words = "No market data during competing live session"
            session.send(*messages.error(request_id, 10197, words))
        elif delayed and market.data_type == LIVE:
            session.send(*messages.error(request_id, 354, NOT_SUBSCRIBED))
        else:
            line = Line(contract, generic, delayed)
            market.lines[request_id] = line
            if delayed:
                words = "Requested market data is not subscribed. Displaying delayed market data."
                session.send(*messages.error(request_id, 10167, words))
            for opening in line_opened(request_id, line):
                session.send(*opening)
            prices = self._server.exchange.prices.get(contract.con_id)
            for tick in price_ticks(request_id, line, prices) if prices else ():
                session.send(*tick)

    def _cancel_market_data(self, session: Session, fields: list[str]) -> None:
        session.market.lines.pop(int(fields[2]), None)

    def _data_type(self, session: Session, fields: list[str]) -> None:
        session.market.data_type = DELAYED if fields[2] in ("3", "4") else LIVE

    def _depth(self, session: Session, fields: list[str]) -> None:
        request_id = int(fields[2])
        found = self._server.contracts.by_id(int(fields[3]))
        if found is None:
            session.send(*messages.error(request_id, 200, "No security definition has been found for the request"))
        elif len(session.market.depths) >= MAX_DEPTHS:
            words = "Max number (3) of market depth requests has been reached"
            session.send(*messages.error(request_id, 309, words))
        else:
            session.market.depths[request_id] = DepthLine(found, int(fields[15]), fields[16] == "1")
            session.send(*messages.error(request_id, 2152, "Exchanges - Depth: CME; Top: CME;"))
            self._server.send_depth(session, request_id)

    def _cancel_depth(self, session: Session, fields: list[str]) -> None:
        session.market.depths.pop(int(fields[2]), None)

    def _bars(self, session: Session, fields: list[str]) -> None:
        request_id = int(fields[2])
        contract = self._one(session, request_id, fields[3:15])
        if contract is not None:
            session.market.bars[request_id] = BarLine(contract, fields[16])

    def _cancel_bars(self, session: Session, fields: list[str]) -> None:
        session.market.bars.pop(int(fields[2]), None)

    def _history(self, session: Session, fields: list[str]) -> None:
        request_id = int(fields[1])
        contract = self._one(session, request_id, fields[2:14])
        if contract is None:
            return
        end_text, bar_size, duration, _, what, fmt, keep = fields[15:22]
        kind = (str(contract.con_id), contract.exchange, what)
        broken = self._pacing.violation(self._server.seconds(), tuple(fields[2:]), kind, bar_size)
        if broken:
            words = f"Historical Market Data Service error message:{broken}"
            session.send(*messages.error(request_id, 162, words))
            return
        prices = self._server.exchange.prices.get(contract.con_id)
        if prices is None:
            words = "Historical Market Data Service error message:HMDS query returned no data"
            session.send(*messages.error(request_id, 162, words))
            return
        end = self._server.now() if not end_text else _moment(end_text)
        first, last, found = history.bars(contract, end, duration, bar_size, prices.last, fmt)
        session.send(17, request_id, first, last, len(found), *(value for bar in found for value in bar))
        if keep == "1":
            session.market.histories[request_id] = contract

    def _cancel_history(self, session: Session, fields: list[str]) -> None:
        session.market.histories.pop(int(fields[2]), None)

    def _one(self, session: Session, request_id: int, c12: list[str]) -> TwsContract | None:
        """The one contract that a request means; otherwise its error 200 goes out."""
        found = self._server.contracts.matching(c12)
        if len(found) == 1:
            return found[0]
        words = "No security definition has been found for the request" if not found else (
            "The contract description specified for the request is ambiguous"
        )
        session.send(*messages.error(request_id, 200, words))
        return None


def _moment(text: str) -> datetime:
    day, clock, zone = text.split(" ", 2)
    if zone != "UTC":
        raise ValueError(f"a request until {text}: this server reads UTC only")
    return datetime.strptime(f"{day} {clock}", "%Y%m%d %H:%M:%S").replace(tzinfo=UTC)
