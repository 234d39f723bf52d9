"""Whether a message may still act at all: its author, its age, how it arrived, and what was decided before."""

from dataclasses import dataclass
from datetime import timedelta

from tradestream_gui.alerts.intents import Hold
from tradestream_gui.domain.alerts import Reading
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.domain.policies import ExecutionPolicy
from tradestream_gui.domain.routing import Route

ACTED = frozenset({Outcome.TRADED, Outcome.DONE})
"""Outcomes after which another revision of the message can only be looked at."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why the message goes no further by itself."""

    outcome: Outcome
    code: str
    words: str


def opens(reading: Reading) -> bool:
    return any(action.kind.opens for action in (*reading.actions, *reading.candidate))


def timeliness(revision: MessageRevision, reading: Reading, route: Route, execution: ExecutionPolicy) -> Verdict | None:
    """Judged on arrival, by total seconds; history and late deliveries never act, an entry least of all."""
    if revision.arrival is Arrival.BACKFILL:
        words = "posted while offline; not traded"
        return Verdict(Outcome.MISSED if opens(reading) else Outcome.IGNORED, "BACKFILL", words)
    age = revision.received_at - revision.sent_at
    if age < -execution.future_tolerance:
        words = f"stamped {-age.total_seconds():.1f} s in the future; check this machine's clock"
        return Verdict(Outcome.REFUSED, "ALERT_FROM_FUTURE", words)
    if age > route.limits.alert_max_age and revision.arrival is not Arrival.EDIT:
        limit_s = route.limits.alert_max_age.total_seconds()
        words = f"arrived {age.total_seconds():.0f} s after it was posted, limit {limit_s:.0f} s"
        return Verdict(Outcome.MISSED if opens(reading) else Outcome.REFUSED, "ALERT_TOO_OLD", words)
    return None


def after_edit(
    revision: MessageRevision, reading: Reading, earlier: Decision | None, execution: ExecutionPolicy
) -> Hold | None:
    """What an edit may still do: nothing by itself once the message has acted; an entry only within its short time."""
    if revision.arrival is not Arrival.EDIT:
        return None
    if earlier is not None and earlier.outcome in ACTED:
        return Hold("AMENDED", "edited after it was acted upon; check what stands")
    age: timedelta = revision.received_at - revision.sent_at
    within = execution.edit_may_trade_within
    never_an_alert = earlier is None or earlier.outcome is Outcome.IGNORED
    if opens(reading) and never_an_alert and (within is None or age > within):
        return Hold("EDITED_IN", "became an alert by an edit; confirm it by hand")
    return None
