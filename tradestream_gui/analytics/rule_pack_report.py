"""Would these trades have passed? Stored trades walked day by day through the rules of a funded account."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from tradestream_gui.analytics.trades import Trade
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.money import ZERO, percent_words, plain_text, to_cents
from tradestream_gui.domain.risk_day_end import DayEnd, day_end
from tradestream_gui.domain.risk_rule_pack import daily_loss_acts, loss_line, minis_allowed
from tradestream_gui.domain.rule_packs import RulePack, TrailMode


class Verdict(Enum):
    PASSED = "passed"
    FAILED = "failed"
    RUNNING = "still running"
    NOTHING = "nothing to judge"


@dataclass(frozen=True, slots=True)
class RuleDay:
    """One account day. `line` is the loss line in force, `low` the deepest profit since the start that was seen."""

    day: date
    net: Decimal
    close: Decimal
    low: Decimal
    line: Decimal
    trades: int


@dataclass(frozen=True, slots=True)
class RuleBreak:
    at: datetime
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class RulePackReport:
    """Money is US dollars since the first of the trades. `unmeasured` trades had nobody watching their open loss."""

    pack: RulePack
    verdict: Verdict
    words: str
    days: tuple[RuleDay, ...]
    breaks: tuple[RuleBreak, ...]
    profit: Decimal
    best_day_share: Decimal | None
    """The best day's part of all profit; None without a profit."""
    winning_days: int
    reached_on: date | None
    unmeasured: int


def rule_pack_report(
    pack: RulePack,
    trades: Sequence[Trade],
    *,
    instrument_of: Callable[[InstrumentId], Instrument],
    day_of: Callable[[datetime], date],
    early_close: Callable[[datetime], datetime | None],
) -> RulePackReport:
    """Trades are judged one by one in the order of their ends: each trade's deepest open loss against the line as it
    stood, what was held at once against the plan, the day's count and its end. Open losses of trades that ran at the
    same time are not added up."""
    walk = _Walk(pack, instrument_of, early_close)
    ordered = sorted(trades, key=lambda trade: (trade.closed_at, trade.opened_at))
    for trade in ordered:
        walk.take(trade, day_of(trade.closed_at), ordered)
        if walk.failed is not None:
            break
    walk.end_day()
    return _report(walk, len(ordered))


class _Walk:
    """The account while its trades go by; the only writer of its figures."""

    def __init__(
        self,
        pack: RulePack,
        instrument_of: Callable[[InstrumentId], Instrument],
        early_close: Callable[[datetime], datetime | None],
    ) -> None:
        self.pack = pack
        self.days: list[RuleDay] = []
        self.breaks: list[RuleBreak] = []
        self.failed: RuleBreak | None = None
        self.reached_on: date | None = None
        self.profit = self.high = self.close = self.low = self.net = ZERO
        self.day: date | None = None
        self.count = self.unmeasured = 0
        self._instrument_of = instrument_of
        self._early_close = early_close

    def take(self, trade: Trade, day: date, others: Sequence[Trade]) -> None:
        if day != self.day:
            self.end_day()
            self.day, self.net, self.count, self.low = day, ZERO, 0, self.profit
        self.count += 1
        self._judge_opening(trade, others)
        self._judge_course(trade)
        self.profit += trade.net
        self.net += trade.net
        if self.pack.daily_loss is not None and daily_loss_acts(self.pack) and self.net <= -self.pack.daily_loss:
            self._note(trade.closed_at, "PACK_DAILY_LOSS", f"{_money(self.net)} that day")

    def end_day(self) -> None:
        if self.day is None:
            return
        line = loss_line(self.pack, self.high, paid_out=False)
        self.days.append(RuleDay(self.day, self.net, self.profit, self.low, line, self.count))
        self.close = self.profit
        self.high = max(self.high, self.profit)
        if self.reached_on is None and self._has_reached_target():
            self.reached_on = self.day
        self.day = None

    def best_day_share(self) -> Decimal | None:
        best = max((day.net for day in self.days), default=ZERO)
        return best / self.profit if self.profit > 0 else None

    def _judge_opening(self, trade: Trade, others: Sequence[Trade]) -> None:
        pack, at = self.pack, trade.opened_at
        if pack.futures_only and trade.asset_class is not AssetClass.FUTURE:
            self._note(at, "PACK_INSTRUMENT", f"{trade.root} is no future")
        held = sum((self._minis(one) for one in others if one.opened_at <= at < one.closed_at), ZERO)
        allowed = minis_allowed(pack, self.close)
        if allowed is not None and held > allowed:
            self._note(at, "PACK_CONTRACTS", f"{plain_text(held)} minis held, {plain_text(allowed)} allowed")
        if pack.max_trades_per_day is not None and self.count > pack.max_trades_per_day:
            self._note(at, "PACK_TRADES", f"trade {self.count} of the day, {pack.max_trades_per_day} allowed")
        end = self._day_end(at)
        if at >= end.entries_off or trade.closed_at > end.flatten_at:
            self._note(trade.closed_at, "PACK_FLAT_BY", f"held past {end.flatten_at:%H:%M %Z}")

    def _judge_course(self, trade: Trade) -> None:
        if trade.excursion is None:
            self.unmeasured += 1
        worst = min(trade.mae if trade.mae is not None else ZERO, trade.gross)
        best = max(trade.mfe if trade.mfe is not None else ZERO, trade.gross)
        if self.pack.trail is TrailMode.INTRADAY:
            self.high = max(self.high, self.profit + best)
        deepest = self.profit + worst - trade.commission
        self.low = min(self.low, deepest)
        line = loss_line(self.pack, self.high, paid_out=False)
        if deepest <= line:
            at = trade.closed_at if self.profit + trade.net <= line else trade.opened_at
            words = f"{_money(deepest)} against a line at {_money(line)}, in the trade of {at:%d %B %H:%M} UTC"
            self.failed = self._note(at, "PACK_MAX_LOSS", words)

    def _has_reached_target(self) -> bool:
        target, limit = self.pack.profit_target, self.pack.consistency
        if target is None or self.profit < target:
            return False
        share = self.best_day_share()
        return limit is None or (share is not None and share <= limit)

    def _minis(self, trade: Trade) -> Decimal:
        return self._instrument_of(trade.instrument_id).mini_equivalents * trade.qty

    def _day_end(self, at: datetime) -> DayEnd:
        assert self.day is not None
        return day_end(self.pack.flat_by, self.day, self._early_close(at))

    def _note(self, at: datetime, code: str, words: str) -> RuleBreak:
        broken = RuleBreak(at, code, words)
        self.breaks.append(broken)
        return broken


def _report(walk: _Walk, count: int) -> RulePackReport:
    verdict, words = _verdict(walk, count)
    winning = walk.pack.winning_day
    return RulePackReport(
        pack=walk.pack,
        verdict=verdict,
        words=words,
        days=tuple(walk.days),
        breaks=tuple(walk.breaks),
        profit=walk.profit,
        best_day_share=walk.best_day_share(),
        winning_days=sum(1 for day in walk.days if winning is not None and day.net >= winning),
        reached_on=walk.reached_on,
        unmeasured=walk.unmeasured,
    )


def _verdict(walk: _Walk, count: int) -> tuple[Verdict, str]:
    pack = walk.pack
    if not count:
        return Verdict.NOTHING, "No closed trades in this period."
    if walk.reached_on is not None:
        return Verdict.PASSED, f"Passed on {walk.reached_on:%d %B %Y}: the target of {_money_of(pack.profit_target)}."
    if walk.failed is not None:
        return Verdict.FAILED, f"Failed: {walk.failed.words}."
    if pack.profit_target is None:
        return Verdict.RUNNING, f"Kept: {_money(walk.profit)}, the loss line was never reached."
    share = walk.best_day_share()
    if walk.profit >= pack.profit_target and share is not None:
        return Verdict.RUNNING, f"The target is reached, but the best day made {percent_words(share)} of it."
    return Verdict.RUNNING, f"Still running: {_money(walk.profit)} of {_money(pack.profit_target)}."


def _money_of(amount: Decimal | None) -> str:
    return "–" if amount is None else _money(amount)


def _money(amount: Decimal) -> str:
    sign = "-" if amount < 0 else ""
    return f"{sign}${to_cents(abs(amount)):,}"
