"""Each REST operation's answer, by the tables of the venue's documentation."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.projectx.contracts import PxContract
from tests.servers.projectx.orders import PENDING, Bracket, PxOrder, stamp
from tests.servers.projectx.refusals import ACCOUNT, CONTRACT
from tests.servers.projectx.venue import PastBar, Venue

Body = dict[str, Any]
MAX_BARS = 20_000
UNIT_S = {1: 1, 2: 60, 3: 3_600, 4: 86_400, 5: 604_800, 6: 2_592_000}
WORKING = (1, PENDING, 7)
"""The statuses of what is listed as open: sleeping exits are not."""


def done(**more: Any) -> Body:
    return {"success": True, "errorCode": 0, "errorMessage": None, **more}


def refused(code: int, words: str | None = None, **more: Any) -> Body:
    return {"success": False, "errorCode": code, "errorMessage": words, **more}


# -- accounts and contracts --------------------------------------------------------------------------------


def accounts(venue: Venue, body: Body) -> Body:
    found = [one for one in venue.exchange.accounts.values() if one.can_trade or not body["onlyActiveAccounts"]]
    return done(accounts=[one.wire() for one in found])


def contracts(venue: Venue, body: Body) -> Body:
    return done(contracts=[one.wire() for one in venue.contracts.search(body.get("searchText") or "")])


def available(venue: Venue, body: Body) -> Body:
    return done(contracts=[one.wire() for one in venue.contracts.active()])


def contract(venue: Venue, body: Body) -> Body:
    found = venue.contracts.get(body["contractId"])
    return refused(1, contract=None) if found is None else done(contract=found.wire())


def bars(venue: Venue, body: Body) -> Body:
    """Newest first. Longer bars are made of minutes; seconds are not kept here."""
    seconds = UNIT_S.get(body["unit"], 0) * body["unitNumber"]
    if venue.contracts.get(body["contractId"]) is None:
        return refused(1, bars=[])
    if body["unit"] not in UNIT_S:
        return refused(2, bars=[])
    if body["unitNumber"] <= 0:
        return refused(3, bars=[])
    if not 0 < body["limit"] <= MAX_BARS:
        return refused(4, bars=[])
    start, end = _moment(body["startTime"]), _moment(body["endTime"])
    minutes = [one for one in venue.bars.get(body["contractId"], ()) if start <= one.start < end]
    found = _grouped(minutes, seconds)
    if found and not body["includePartialBar"] and found[-1].start + timedelta(seconds=seconds) > venue.exchange.now():
        found.pop()
    chosen = found[-body["limit"] :]
    return done(bars=[_bar(one) for one in reversed(chosen)])


# -- orders ------------------------------------------------------------------------------------------------


def place(venue: Venue, body: Body) -> Body:
    exchange = venue.exchange
    if body["accountId"] not in exchange.accounts:
        return refused(ACCOUNT, orderId=None)
    found = venue.contracts.get(body["contractId"])
    if found is None:
        return refused(CONTRACT, orderId=None)
    order = _order(venue, body, found)
    refusal = exchange.place(order)
    if refusal is None:
        return done(orderId=order.id)
    return refused(refusal.code, refusal.words, orderId=order.id if refusal.is_recorded else None)


def modify(venue: Venue, body: Body) -> Body:
    order = _own(venue, body)
    if isinstance(order, int):
        return refused(order)
    terms = (body.get("size"), body.get("limitPrice"), body.get("stopPrice"), body.get("trailPrice"))
    refusal = venue.exchange.modify(order, *terms)
    return done() if refusal is None else refused(refusal.code, refusal.words)


def cancel(venue: Venue, body: Body) -> Body:
    order = _own(venue, body)
    if isinstance(order, int):
        return refused(order)
    refusal = venue.exchange.cancel(order)
    return done() if refusal is None else refused(refusal.code, refusal.words)


def orders(venue: Venue, body: Body) -> Body:
    if body["accountId"] not in venue.exchange.accounts:
        return refused(ACCOUNT, orders=None)
    mine = [one for one in venue.exchange.orders if one.account_id == body["accountId"]]
    return done(orders=[one.wire() for one in _between(mine, body, lambda one: one.created)])


def open_orders(venue: Venue, body: Body) -> Body:
    if body["accountId"] not in venue.exchange.accounts:
        return refused(ACCOUNT, orders=None)
    working = [one for one in venue.exchange.working(body["accountId"]) if one.status in WORKING]
    return done(orders=[one.wire() for one in working])


def trades(venue: Venue, body: Body) -> Body:
    if body["accountId"] not in venue.exchange.accounts:
        return refused(ACCOUNT, trades=None)
    mine = [one for one in venue.exchange.trades if one.order.account_id == body["accountId"]]
    found = list(_between(mine, body, lambda one: one.at))
    return done(trades=[one.wire() for one in reversed(found)])


# -- positions ---------------------------------------------------------------------------------------------


def positions(venue: Venue, body: Body) -> Body:
    if body["accountId"] not in venue.exchange.accounts:
        return refused(ACCOUNT, positions=None)
    return done(positions=[one.wire() for one in venue.exchange.positions(body["accountId"])])


def close(venue: Venue, body: Body) -> Body:
    code = _position_refusal(venue, body)
    if code:
        return refused(code)
    position = venue.exchange.position(body["accountId"], body["contractId"])
    assert position is not None, "just looked up"
    venue.exchange.close(position, abs(position.qty))
    return done()


def partial_close(venue: Venue, body: Body) -> Body:
    code = _position_refusal(venue, body)
    if code:
        return refused(code)
    position = venue.exchange.position(body["accountId"], body["contractId"])
    assert position is not None, "just looked up"
    if not 0 < body["size"] <= abs(position.qty):
        return refused(5)
    venue.exchange.close(position, body["size"])
    return done()


# -- inside ------------------------------------------------------------------------------------------------


def _position_refusal(venue: Venue, body: Body) -> int:
    if body["accountId"] not in venue.exchange.accounts:
        return ACCOUNT
    if venue.contracts.get(body["contractId"]) is None:
        return 3
    return 0 if venue.exchange.position(body["accountId"], body["contractId"]) is not None else 2


def _order(venue: Venue, body: Body, found: PxContract) -> PxOrder:
    order = venue.exchange.draft(body["accountId"], found, body["type"], body["side"], body["size"])
    order.limit, order.stop, order.trail = body.get("limitPrice"), body.get("stopPrice"), body.get("trailPrice")
    order.tag = body.get("customTag")
    order.stop_loss, order.take_profit = _bracket(body, "stopLossBracket"), _bracket(body, "takeProfitBracket")
    return order


def _bracket(body: Body, name: str) -> Bracket | None:
    given = body.get(name)
    return None if given is None else Bracket(given["ticks"], given["type"])


def _own(venue: Venue, body: Body) -> PxOrder | int:
    """The order that a change is about, or the code why there is none."""
    if body["accountId"] not in venue.exchange.accounts:
        return ACCOUNT
    order = venue.exchange.order(body["orderId"])
    return order if order is not None and order.account_id == body["accountId"] else 2


def _between(rows: Iterable[Any], body: Body, at: Any) -> Iterable[Any]:
    start = body.get("startTimestamp")
    end = body.get("endTimestamp")
    for row in rows:
        if (not start or at(row) >= _moment(start)) and (not end or at(row) <= _moment(end)):
            yield row


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _grouped(minutes: list[PastBar], seconds: int) -> list[PastBar]:
    found: list[PastBar] = []
    for one in minutes:
        start = datetime.fromtimestamp(one.start.timestamp() // seconds * seconds, UTC)
        if found and found[-1].start == start:
            last = found[-1]
            last.high, last.low = max(last.high, one.high), min(last.low, one.low)
            last.close, last.volume = one.close, last.volume + one.volume
        else:
            found.append(PastBar(start, one.open, one.high, one.low, one.close, one.volume))
    return found


def _bar(one: PastBar) -> Body:
    return {"t": stamp(one.start), "o": one.open, "h": one.high, "l": one.low, "c": one.close, "v": one.volume}
