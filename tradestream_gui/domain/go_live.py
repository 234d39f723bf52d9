"""What an analyst must have shown on paper before an alert may open a position with real money."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tradestream_gui.domain.decisions import CheckResult

CODE = "GO_LIVE"


@dataclass(frozen=True, slots=True)
class GoLiveRule:
    """Zero and None ask for nothing."""

    paper_trades: int
    clean_days: int
    drill_max_age: timedelta | None


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """What paper has shown so far. `paper_trades` are the analyst's own; days and drill are the program's."""

    paper_trades: int
    """Alerts whose position on paper was opened and closed again."""
    clean_days: int
    """The latest days in a row with fills on paper on which the books agreed with the broker's to the end."""
    drill_at: datetime | None
    """The last outage drill that passed."""


def missing(rule: GoLiveRule, record: PaperRecord, now: datetime) -> tuple[str, ...]:
    """What is still to be shown, in words; empty when all is."""
    found = []
    if record.paper_trades < rule.paper_trades:
        found.append(f"{record.paper_trades} of {rule.paper_trades} paper trades closed")
    if record.clean_days < rule.clean_days:
        found.append(f"{record.clean_days} of {rule.clean_days} paper days in a row without a difference")
    if rule.drill_max_age is not None and (record.drill_at is None or now - record.drill_at > rule.drill_max_age):
        found.append(f"no outage drill passed in {rule.drill_max_age.days} days")
    return tuple(found)


def check(rule: GoLiveRule, record: PaperRecord, who: str, now: datetime) -> CheckResult:
    """The gate as one more rail of the order."""
    lacks = missing(rule, record, now)
    if not lacks:
        return CheckResult(CODE, True, f"{who} is proven on paper", "", "")
    return CheckResult(CODE, False, f"{who} is not proven on paper yet: {'; '.join(lacks)}", "", "")
