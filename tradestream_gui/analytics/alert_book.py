"""Every alert with what it called, what was decided, and what its recorded quotes say it was worth."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tradestream_gui.analytics.alert_call import AlertCall, call_of
from tradestream_gui.analytics.missed import NOT_TAKEN, MissedAlert
from tradestream_gui.analytics.obtainable import AlertPath, AlertWorth, unmeasured
from tradestream_gui.domain.decisions import AlertQuote, Decision, Outcome
from tradestream_gui.domain.ids import InstrumentId, MessageKey
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Origin

EARLY_QUOTES = 20
"""Quotes of an alert kept while its reading is not known yet; it comes within the same second."""

NOT_A_CALL = {
    "PRICE_IMPLAUSIBLE": "not counted: its price was held as a slip",
    "STRIKE_IMPLAUSIBLE": "not counted: its strike was held as a slip",
    "DUPLICATE_SIGNAL": "not counted: the same call as an earlier message",
    "ECHO": "not counted: the words of an earlier message",
    "CORRECTED": "not counted: its correction is",
}
"""Codes of decisions after which a message is no call of its own, unless it was traded all the same."""

AnalystOf = Callable[[MessageRevision], str]


@dataclass(slots=True)
class AlertRecord:
    """One message as an alert. `revision` is the first version: edits after the fact do not rewrite it."""

    message_key: MessageKey
    revision: MessageRevision | None = None
    edited: bool = False
    decision: Decision | None = None
    decided_at: datetime | None = None
    """When the first decision fell."""
    call: AlertCall | None = None
    path: AlertPath | None = None
    instrument_id: InstrumentId | None = None
    mid_at_message: Decimal | None = None
    bid_at_message: Decimal | None = None
    ask_at_message: Decimal | None = None
    mid_at_submit: Decimal | None = None
    origin: Origin | None = None
    not_counted: str = ""
    """Why the message says nothing about its analyst."""
    early: tuple[AlertQuote, ...] = ()


class AlertBook:
    """The only writer of alert records."""

    def __init__(self, instrument_of: Callable[[InstrumentId], Instrument], analyst_of: AnalystOf) -> None:
        self._instrument_of = instrument_of
        self._analyst_of = analyst_of
        self._records: dict[MessageKey, AlertRecord] = {}

    def record(self, message_key: MessageKey) -> AlertRecord | None:
        return self._records.get(message_key)

    def on_message(self, revision: MessageRevision) -> None:
        record = self._of(revision.message_key)
        if record.revision is None:
            record.revision, record.edited = revision, revision.revision > 0
        elif revision.revision > record.revision.revision:
            record.edited = True

    def on_decision(self, decision: Decision) -> None:
        """A trade stands over every other decision about the same message, else the last one does. Talk is no alert:
        nothing of it is kept."""
        record = self._of(decision.message_key)
        record.decided_at = record.decided_at or decision.at
        if record.decision is None or record.decision.outcome is not Outcome.TRADED:
            record.decision = decision
        if decision.outcome is Outcome.TRADED:
            record.not_counted = ""
        elif record.decision is decision:
            code = dict(decision.layers).get("held as", decision.code)
            record.not_counted = NOT_A_CALL.get(code, record.not_counted)
        record.instrument_id = record.instrument_id or decision.instrument_id
        if record.call is None:
            record.call = call_of(decision.reading_json)
            if record.call is not None:
                record.path = AlertPath(record.call)
                for quote in record.early:
                    record.path = record.path.with_quote(quote)
            record.early = ()
        if record.call is None and record.origin is None and decision.outcome is Outcome.IGNORED:
            del self._records[decision.message_key]

    def on_origin(self, origin: Origin) -> None:
        """Remembers whom the orders of a message were attributed to."""
        if origin.message_key is not None:
            self._of(origin.message_key).origin = origin

    def on_quote(self, quote: AlertQuote) -> None:
        record = self._of(quote.message_key)
        record.instrument_id = record.instrument_id or quote.instrument_id
        mid = None if quote.bid is None or quote.ask is None else (quote.bid + quote.ask) / 2
        if quote.moment == "received" and record.mid_at_message is None:
            record.mid_at_message, record.bid_at_message, record.ask_at_message = mid, quote.bid, quote.ask
        elif quote.moment == "sent" and record.mid_at_submit is None:
            record.mid_at_submit = mid
        if record.path is not None:
            record.path = record.path.with_quote(quote)
        elif record.call is None and record.decision is None and len(record.early) < EARLY_QUOTES:
            record.early = (*record.early, quote)

    def worth(self, message_key: MessageKey) -> AlertWorth:
        record = self._records.get(message_key)
        if record is None or record.path is None:
            return unmeasured("the alert opens nothing")
        if record.not_counted:
            return unmeasured(record.not_counted)
        instrument = self._instrument_of(record.instrument_id) if record.instrument_id else None
        return record.path.worth(instrument)

    def openings(self) -> tuple[AlertRecord, ...]:
        """Every alert that called an entry, traded or not; repeats, slips and what was corrected are none."""
        return tuple(record for record in self._records.values() if record.call is not None and not record.not_counted)

    def records(self) -> tuple[AlertRecord, ...]:
        """Every alert, in the order in which they were first heard of."""
        return tuple(self._records.values())

    def not_taken(self) -> tuple[MissedAlert, ...]:
        """The ledger, in the order of the messages."""
        return tuple(
            self._missed(record, record.decision)
            for record in self._records.values()
            if record.decision is not None and record.decision.outcome in NOT_TAKEN
        )

    def analyst(self, record: AlertRecord) -> str:
        if record.origin is not None:
            return record.origin.label
        return self._analyst_of(record.revision) if record.revision else "–"

    def channel(self, record: AlertRecord) -> str:
        if record.origin is not None and record.origin.channel:
            return record.origin.channel
        return record.revision.channel_name if record.revision else "–"

    def _missed(self, record: AlertRecord, decision: Decision) -> MissedAlert:
        return MissedAlert(
            message_key=record.message_key,
            at=record.revision.received_at if record.revision else decision.at,
            analyst=self.analyst(record),
            channel=self.channel(record),
            text=record.revision.text if record.revision else "",
            instrument_id=record.instrument_id,
            outcome=decision.outcome,
            code=decision.code,
            words=decision.words,
            worth=self.worth(record.message_key),
        )

    def _of(self, message_key: MessageKey) -> AlertRecord:
        record = self._records.get(message_key)
        if record is None:
            record = self._records[message_key] = AlertRecord(message_key)
        return record
