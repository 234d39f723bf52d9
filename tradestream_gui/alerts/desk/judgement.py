"""Whether a message may still act at all: its author, its age, how it arrived, and what was decided before."""

from dataclasses import dataclass
from datetime import timedelta

from tradestream_gui.alerts.binding.intents import Hold
from tradestream_gui.domain.alerts import Reading
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.domain.policies import ExecutionPolicy
from tradestream_gui.domain.routing import Route

ACTED = frozenset({Outcome.TRADED, Outcome.DONE})
"""Outcomes after which another revision of the message can only be looked at."""
UNDECIDED = frozenset({Outcome.IGNORED, Outcome.AWAITING, Outcome.HELD})
"""Outcomes that an edit in time supersedes."""
REPEATS = frozenset({"DUPLICATE_SIGNAL", "POSSIBLE_REPOST", "ECHO"})
"""Codes of decisions about a repeat: only the first message is the signal."""
SUPERSEDED = "SUPERSEDED"
"""Code of a version that was replaced by its edit before it was decided: the edit takes its place."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why the message goes no further by itself."""

    outcome: Outcome
    code: str
    words: str


def opens(reading: Reading) -> bool:
    return any(action.kind.opens for action in (*reading.actions, *reading.candidate))


def timeliness(revision: MessageRevision, reading: Reading, route: Route, execution: ExecutionPolicy) -> Verdict | None:
    """Judged on arrival, by total seconds: history never acts, and a late delivery never opens. What only reduces is
    carried out however late it comes."""
    if revision.arrival is Arrival.BACKFILL:
        words = "posted while offline; not traded"
        return Verdict(Outcome.MISSED if opens(reading) else Outcome.IGNORED, "BACKFILL", words)
    if not opens(reading):
        return None
    age = revision.received_at - revision.sent_at
    if age < -execution.future_tolerance:
        words = f"stamped {-age.total_seconds():.1f} s in the future; check this machine's clock"
        return Verdict(Outcome.REFUSED, "ALERT_FROM_FUTURE", words)
    if age > route.limits.alert_max_age and revision.arrival is not Arrival.EDIT:
        limit_s = route.limits.alert_max_age.total_seconds()
        words = f"arrived {age.total_seconds():.0f} s after it was posted, limit {limit_s:.0f} s"
        return Verdict(Outcome.MISSED, "ALERT_TOO_OLD", words)
    return None


def after_edit(
    revision: MessageRevision, reading: Reading, route: Route, earlier: Decision | None, execution: ExecutionPolicy
) -> Hold | None:
    """What an edit of a message that was not acted upon may still do: nothing by itself once it was decided for good;
    as an alert that was none before, only within its own short time; in place of one that still waits, while it is not
    too old. New words do not make a first signal of a repeat: the call that it repeats may have been traded since."""
    if revision.arrival is not Arrival.EDIT:
        return None
    if earlier is not None and earlier.code == SUPERSEDED:
        return None
    age: timedelta = revision.received_at - revision.sent_at
    within = execution.edit_may_trade_within
    if (earlier is None or earlier.outcome is Outcome.IGNORED) and (within is None or age > within):
        return Hold("EDITED_IN", "became an alert by an edit; confirm it by hand")
    if earlier is not None and earlier.outcome not in UNDECIDED:
        return Hold("EDITED_LATE", f"edited after it was {earlier.outcome.value}; confirm it by hand")
    if opens(reading) and earlier is not None and earlier.code in REPEATS:
        return Hold(earlier.code, "edited while it was held as a repeat; approve it if it is a second one")
    if opens(reading) and age > route.limits.alert_max_age:
        return Hold("EDITED_LATE", f"edited {age.total_seconds():.0f} s after it was posted; confirm it by hand")
    return None
