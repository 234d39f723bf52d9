"""When an account's own day ends, as three moments, and when a contract is left that would be settled in shares."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.policies import ExecutionPolicy, SessionEndRule

EXPIRY_ZONE = ZoneInfo("America/New_York")
EARLY_CLOSE_MARGIN = timedelta(minutes=15)
"""On a half-day everything is closed this long before the early close."""


@dataclass(frozen=True, slots=True)
class DayEnd:
    """Aware moments of one account day, in this order."""

    entries_off: datetime
    flatten_at: datetime
    verified_by: datetime

    def entries_are_off(self, at: datetime) -> bool:
        """`at` belongs to the same account day, so whatever comes after the first moment is too late."""
        return at >= self.entries_off


def day_end(rule: SessionEndRule, day: date, early_close: datetime | None) -> DayEnd:
    """The moments of an account day; on a half-day the same spans lie round the margin before the early close."""
    zone = ZoneInfo(rule.zone)

    def at(wall: time) -> datetime:
        return datetime.combine(day, wall, tzinfo=zone)

    usual = DayEnd(at(rule.entries_off), at(rule.flatten_at), at(rule.verified_by))
    if early_close is None or early_close - EARLY_CLOSE_MARGIN >= usual.flatten_at:
        return usual
    earlier = usual.flatten_at - (early_close - EARLY_CLOSE_MARGIN)
    return DayEnd(usual.entries_off - earlier, usual.flatten_at - earlier, usual.verified_by - earlier)


def leaves_at(instrument: Instrument, policy: ExecutionPolicy) -> datetime | None:
    """When a position must be gone lest it be settled in shares, on a day of usual length; None where it never is."""
    is_option = instrument.asset_class is AssetClass.OPTION
    if not is_option or instrument.cash_settled or instrument.expiry is None or policy.hold_physical:
        return None
    return datetime.combine(instrument.expiry, policy.physical_close_at, tzinfo=EXPIRY_ZONE)
