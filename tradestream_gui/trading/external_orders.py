"""Working orders at a broker that were not sent from here: shown and counted in exposure, never touched."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.domain.ids import AccountId, InstrumentId, OrderId
from tradestream_gui.domain.orders import WORKING
from tradestream_gui.ports.broker import OrderReport
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.blotter import Blotter

LIST_LAG_S = 5.0
"""What a report said so short a time ago stands against a list that was made before it."""

_Key = tuple[AccountId, OrderId]


@dataclass(frozen=True, slots=True)
class ExternalOrdersChanged:
    """What stands at the broker of an account besides our own orders has changed."""

    account_id: AccountId


class ExternalOrders:
    """The only writer of what works at the brokers and is not ours: the phone's orders, a web page's, another
    program's. The broker's reports and its complete lists make it; nothing of it is stored, because the first list
    after a start says it anew."""

    def __init__(self, *, bus: EventBus, clock: Clock, blotter: Blotter) -> None:
        self._bus = bus
        self._clock = clock
        self._blotter = blotter
        self._since = clock.now()
        self._reports: dict[_Key, OrderReport] = {}
        self._heard_s: dict[_Key, float] = {}

    def orders(self, account_id: AccountId | None = None) -> tuple[OrderReport, ...]:
        """Each as the broker last told of it, in the order in which they were first heard of."""
        return tuple(
            report
            for report in self._reports.values()
            if (account_id is None or report.account_id == account_id) and not self._is_ours_by_now(report)
        )

    def note(self, report: OrderReport) -> None:
        """The broker reports an order that was not sent from here."""
        key = (report.account_id, report.order_id)
        self._heard_s[key] = self._clock.monotonic()
        if self._take(report):
            self._bus.publish(ExternalOrdersChanged(report.account_id))

    def compare(self, account_id: AccountId, working: Iterable[OrderReport]) -> None:
        """`working`: whatever of the broker's complete list is not ours. What is not in it works no more."""
        listed = {(account_id, report.order_id): report for report in working}
        fresh = {key for key, heard_s in self._heard_s.items() if self._clock.monotonic() - heard_s < LIST_LAG_S}
        known = {key for key in self._reports if key[0] == account_id}
        gone = known - set(listed) - fresh
        for key in gone:
            del self._reports[key]
        self._heard_s = {key: heard_s for key, heard_s in self._heard_s.items() if key in fresh}
        taken = [self._take(report) for key, report in listed.items() if key not in fresh]
        if gone or any(taken):
            self._bus.publish(ExternalOrdersChanged(account_id))

    def _take(self, report: OrderReport) -> bool:
        """True when something is other than before."""
        key = (report.account_id, report.order_id)
        if report.ord_status not in WORKING:
            return self._reports.pop(key, None) is not None
        before = self._reports.get(key)
        self._reports[key] = report
        if before is None and report.at >= self._since and not self._is_ours_by_now(report):
            self._tell(report)
        return before != report

    def _tell(self, report: OrderReport) -> None:
        words = (
            f"{report.side.value} {report.order_qty - report.cum_qty} {named(report.instrument_id)} was placed "
            "elsewhere: it is shown and counted, and never touched from here"
        )
        notice = Notice(
            NoticeKind.SYSTEM, Severity.WARNING, "External order", words, self._clock.now(), report.account_id
        )
        self._bus.publish(notice)

    def _is_ours_by_now(self, report: OrderReport) -> bool:
        """A broker without client ids may tell of an order before we can know it as ours."""
        if report.cl_ord_id is not None:
            return self._blotter.order(report.cl_ord_id) is not None
        known = self._blotter.order_by_broker_id(report.account_id, report.order_id)
        return known is not None and known.may_fill


def opening_qty(report: OrderReport, net: Mapping[InstrumentId, int]) -> int:
    """How many contracts the order may open, never negative; `net` is what the account holds. Each order is taken
    alone: a stop and a target of one position are usually linked, and no broker's list says so."""
    leaves = max(report.order_qty - report.cum_qty, 0)
    against = max(-net.get(report.instrument_id, 0) * report.side.sign, 0)
    return max(leaves - against, 0)


def standing_elsewhere(count: int) -> str:
    """Words for a report of what was cancelled; empty when nothing of others stands."""
    if not count:
        return ""
    what = f"{count} orders placed elsewhere stand" if count > 1 else "1 order placed elsewhere stands"
    return f"{what}: cancel there"
