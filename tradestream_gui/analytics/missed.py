"""The ledger of alerts that were not taken: why, and what one contract would have made where quotes were recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tradestream_gui.analytics.obtainable import AlertWorth
from tradestream_gui.analytics.statistic import Statistic, missing
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.ids import InstrumentId, MessageKey
from tradestream_gui.domain.money import ZERO

NOT_TAKEN = frozenset({Outcome.HELD, Outcome.REFUSED, Outcome.WATCHED, Outcome.MISSED, Outcome.SKIPPED})


@dataclass(frozen=True, slots=True)
class MissedAlert:
    """One alert that made no order of ours. `worth` is that of one contract, gross."""

    message_key: MessageKey
    at: datetime
    analyst: str
    channel: str
    text: str
    instrument_id: InstrumentId | None
    outcome: Outcome
    code: str
    words: str
    worth: AlertWorth

    @property
    def would_have_made(self) -> Decimal | None:
        return self.worth.obtainable


@dataclass(frozen=True, slots=True)
class ReasonTotal:
    """What one reason for not trading cost (positive) or saved (negative), over the alerts that were measured."""

    code: str
    alerts: int
    would_have_made: Statistic


def totals_by_reason(missed: Sequence[MissedAlert]) -> tuple[ReasonTotal, ...]:
    """Per reason code, most alerts first."""
    by_code: dict[str, list[MissedAlert]] = {}
    for alert in missed:
        by_code.setdefault(alert.code, []).append(alert)
    totals = [ReasonTotal(code, len(alerts), _sum(alerts)) for code, alerts in by_code.items()]
    return tuple(sorted(totals, key=lambda total: (-total.alerts, total.code)))


def counts_by_outcome(missed: Sequence[MissedAlert]) -> Mapping[Outcome, int]:
    counts: dict[Outcome, int] = {}
    for alert in missed:
        counts[alert.outcome] = counts.get(alert.outcome, 0) + 1
    return counts


def _sum(alerts: Sequence[MissedAlert]) -> Statistic:
    measured = [made for alert in alerts if (made := alert.would_have_made) is not None]
    if not measured:
        return missing(0, "no quotes were recorded")
    left_out = len(alerts) - len(measured)
    return Statistic(sum(measured, ZERO), len(measured), f"{left_out} not measured" if left_out else "")
