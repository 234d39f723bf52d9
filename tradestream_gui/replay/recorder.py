"""Listens to a core while history runs through it and gathers what came of each message."""

from tradestream_gui.core import Core
from tradestream_gui.domain.decisions import Decision
from tradestream_gui.domain.events import AlertDecided, AlertReceived, FillBooked, Notice, Severity
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Fill
from tradestream_gui.replay.results import (
    MessageResult,
    OpenLot,
    ReplayResult,
    dry_run,
    dry_runs,
    orders_by_message,
)

MAX_NOTICES = 200
"""Warnings kept for the report; a history that gives more has one cause many times."""

_TOLD = (Severity.WARNING, Severity.DANGER)


class ReplayRecorder:
    """Made before the core starts; `result` is asked once when the history has ended."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._messages: dict[MessageKey, MessageRevision] = {}
        self._decisions: dict[MessageKey, int] = {}
        self._decided: dict[MessageKey, Decision] = {}
        self._fills: list[Fill] = []
        self._notices: list[str] = []
        core.bus.subscribe(AlertReceived, self._on_message)
        core.bus.subscribe(AlertDecided, self._on_decision)
        core.bus.subscribe(FillBooked, self._on_fill)
        core.bus.subscribe(Notice, self._on_notice)

    def result(self) -> ReplayResult:
        core = self._core
        orders = tuple(core.blotter.orders())
        of_message = orders_by_message(orders)
        messages = tuple(
            MessageResult(
                message=message,
                decision=self._decided.get(key),
                decision_count=self._decisions.get(key, 0),
                orders=of_message.get(key, ()),
                fills=self._fills_of({order.cl_ord_id for order in of_message.get(key, ())}),
            )
            for key, message in self._messages.items()
        )
        trades = core.analytics.trades()
        return ReplayResult(
            messages=messages,
            orders=orders,
            fills=tuple(self._fills),
            trades=trades,
            open_lots=self._open_lots(),
            by_channel=dry_runs(messages, trades, by_channel=True),
            by_analyst=dry_runs(messages, trades, by_channel=False),
            total=dry_run("all", messages, trades),
            notices=tuple(self._notices),
        )

    def _fills_of(self, cl_ord_ids: set[str]) -> tuple[Fill, ...]:
        return tuple(fill for fill in self._fills if fill.cl_ord_id in cl_ord_ids)

    def _open_lots(self) -> tuple[OpenLot, ...]:
        core = self._core
        return tuple(
            OpenLot(
                lot, lot.unrealized_pnl(core.board.quote(lot.instrument_id), core.market.instrument(lot.instrument_id))
            )
            for lot in core.lots.open_lots()
        )

    def _on_message(self, fact: AlertReceived) -> None:
        self._messages[fact.revision.message_key] = fact.revision

    def _on_decision(self, fact: AlertDecided) -> None:
        key = fact.decision.message_key
        self._decisions[key] = self._decisions.get(key, 0) + 1
        self._decided[key] = fact.decision

    def _on_fill(self, fact: FillBooked) -> None:
        self._fills.append(fact.fill)

    def _on_notice(self, fact: Notice) -> None:
        if fact.severity in _TOLD and len(self._notices) < MAX_NOTICES:
            self._notices.append(f"{fact.at.isoformat()} {fact.title}: {fact.words}")
