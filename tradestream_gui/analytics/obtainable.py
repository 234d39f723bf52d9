"""What an alert was worth by the quotes recorded after it: as claimed, and as a follower could have had it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from tradestream_gui.analytics.alert_call import AlertCall
from tradestream_gui.analytics.statistic import Statistic, missing
from tradestream_gui.domain.decisions import AlertQuote
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Side


class PathEnd(Enum):
    TARGET = "first target"
    STOP = "stop"
    LAST_QUOTE = "last quote"
    """Neither was touched while quotes were recorded."""


@dataclass(frozen=True, slots=True)
class AlertWorth:
    """One alert followed with one contract, all out at its first target or its stop, else at the last quote.

    `claimed` enters at the alert's price and leaves exactly at the level; `obtainable` buys at the ask that stood
    on receipt and sells at the bid that was seen (mirrored for shorts). Gross US dollars; None with its `reason`.
    """

    end: PathEnd | None
    claimed: Decimal | None
    obtainable: Decimal | None
    claimed_r: Decimal | None
    obtainable_r: Decimal | None
    baseline: Decimal | None
    """Chance that a driftless walk touches the target before the stop: a/(a+b)."""
    reason: str = ""

    @property
    def is_measured(self) -> bool:
        return self.obtainable is not None


@dataclass(frozen=True, slots=True)
class AlertPath:
    """A call followed quote by quote; keeps only what its worth needs, however long the day."""

    call: AlertCall
    entry: Decimal | None = None
    leave: Decimal | None = None
    end: PathEnd = PathEnd.LAST_QUOTE

    def with_quote(self, quote: AlertQuote) -> "AlertPath":
        """After one more recorded quote; once a level was touched nothing changes any more."""
        if self.end is not PathEnd.LAST_QUOTE:
            return self
        side = self.call.side
        entry = self.entry
        if entry is None:
            entry = quote.ask if side is Side.BUY else quote.bid
        price = quote.bid if side is Side.BUY else quote.ask
        if entry is None or price is None:
            return replace(self, entry=entry)
        if entry == self.entry and price == self.leave:
            return self  # it would end where it ended before
        return AlertPath(self.call, entry, price, self._end_at(price))

    def worth(self, instrument: Instrument | None) -> AlertWorth:
        call, sign = self.call, self.call.side.sign
        if instrument is None:
            return unmeasured("the contract is not known")
        if self.entry is None:
            return unmeasured("no quote was recorded on the side to enter")
        if self.leave is None:
            return unmeasured("no quote was recorded on the side to leave")
        obtainable = instrument.money(self.leave - self.entry, sign)
        level = {PathEnd.TARGET: call.first_target, PathEnd.STOP: call.stop}.get(self.end) or self.leave
        claimed = None if call.price is None else instrument.money(level - call.price, sign)
        risk = _risk(call, instrument)
        return AlertWorth(
            end=self.end,
            claimed=claimed,
            obtainable=obtainable,
            claimed_r=None if claimed is None or not risk else claimed / risk,
            obtainable_r=obtainable / risk if risk else None,
            baseline=_baseline(call),
        )

    def _end_at(self, price: Decimal) -> PathEnd:
        sign, target, stop = self.call.side.sign, self.call.first_target, self.call.stop
        if stop is not None and (price - stop) * sign <= 0:
            return PathEnd.STOP
        if target is not None and (price - target) * sign >= 0:
            return PathEnd.TARGET
        return PathEnd.LAST_QUOTE


def unmeasured(reason: str) -> AlertWorth:
    return AlertWorth(None, None, None, None, None, None, reason)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Share of measured alerts that touched their first target before the stop, beside chance."""

    share: Statistic
    baseline: Statistic


def accuracy(worths: Sequence[AlertWorth]) -> Accuracy:
    """Over alerts that named target and stop and touched one of them; the others decide nothing."""
    decided = [worth for worth in worths if worth.baseline is not None and worth.end in (PathEnd.TARGET, PathEnd.STOP)]
    if not decided:
        none = missing(0, "no alert with target and stop was followed to either")
        return Accuracy(none, none)
    n = len(decided)
    hits = sum(1 for worth in decided if worth.end is PathEnd.TARGET)
    chance = sum((worth.baseline for worth in decided if worth.baseline is not None), Decimal(0)) / n
    return Accuracy(Statistic(Decimal(hits) / n, n), Statistic(chance, n))


def _risk(call: AlertCall, instrument: Instrument) -> Decimal | None:
    if call.price is None or call.stop is None:
        return None
    return abs(instrument.money(call.price - call.stop, 1)) or None


def _baseline(call: AlertCall) -> Decimal | None:
    if call.price is None or call.stop is None or call.first_target is None:
        return None
    to_stop, to_target = abs(call.price - call.stop), abs(call.first_target - call.price)
    return to_stop / (to_stop + to_target) if to_stop + to_target else None
