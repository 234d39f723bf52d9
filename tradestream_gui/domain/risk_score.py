"""How dangerous an account's course has been, 0 to 100, as four parts of which each says what it measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from statistics import mean, stdev

from tradestream_gui.domain.money import ZERO, percent_words

DRAWDOWN_POINTS, VOLATILITY_POINTS, WIN_RATE_POINTS, SHARPE_POINTS = 30, 25, 20, 25
DAYS_FOR_VOLATILITY, DAYS_FOR_SHARPE, TRADES_FOR_WIN_RATE = 5, 20, 20
DAILY_VOLATILITY_LIMIT = Decimal("0.02")
"""A day's usual swing of this part of the account takes all points of volatility."""
GOOD_SHARPE = Decimal(2)
"""From here on a course is smooth enough to take no points."""
TRADING_DAYS = Decimal(252)


class RiskLevel(Enum):
    UNKNOWN = "unknown"
    NORMAL = "normal"
    WARNING = "warning"
    CRITICAL = "critical"
    EMERGENCY = "emergency"


LEVELS = (
    (Decimal("0.8"), RiskLevel.EMERGENCY),
    (Decimal("0.6"), RiskLevel.CRITICAL),
    (Decimal("0.4"), RiskLevel.WARNING),
)


@dataclass(frozen=True, slots=True)
class ScorePart:
    """`points` of `most`; None with the reason in `words` when there is too little to measure."""

    name: str
    points: Decimal | None
    most: int
    words: str


@dataclass(frozen=True, slots=True)
class RiskScore:
    """The parts that could be measured, added up; `of` is what they could have reached together."""

    parts: tuple[ScorePart, ...]

    @property
    def total(self) -> Decimal | None:
        known = [part.points for part in self.parts if part.points is not None]
        return sum(known, ZERO) if known else None

    @property
    def of(self) -> int:
        return sum(part.most for part in self.parts if part.points is not None)

    @property
    def level(self) -> RiskLevel:
        """By the share of the points that could be measured."""
        total = self.total
        if total is None:
            return RiskLevel.UNKNOWN
        share = total / self.of
        return next((level for least, level in LEVELS if share >= least), RiskLevel.NORMAL)


def risk_score(
    *,
    drawdown: Decimal | None,
    drawdown_limit: Decimal,
    equity: Decimal | None,
    day_nets: Sequence[Decimal],
    trade_nets: Sequence[Decimal],
) -> RiskScore:
    """`drawdown` and its limit are fractions of the highest close; the nets are US dollars of the account's days with
    fills and of its closed positions, oldest first."""
    return RiskScore(
        (
            _drawdown(drawdown, drawdown_limit),
            _volatility(day_nets, equity),
            _win_rate(trade_nets),
            _sharpe(day_nets),
        )
    )


def _drawdown(drawdown: Decimal | None, limit: Decimal) -> ScorePart:
    if drawdown is None or not drawdown.is_finite() or limit <= 0:
        return ScorePart("Drawdown", None, DRAWDOWN_POINTS, "the fall from the highest close is not known")
    words = f"{percent_words(drawdown, 1)} below the highest close, limit {percent_words(limit)}"
    return _part("Drawdown", drawdown / limit, DRAWDOWN_POINTS, words)


def _volatility(nets: Sequence[Decimal], equity: Decimal | None) -> ScorePart:
    if equity is None or not equity.is_finite() or equity <= 0:
        return ScorePart("Volatility", None, VOLATILITY_POINTS, "the account's value is not known")
    if len(nets) < DAYS_FOR_VOLATILITY:
        return ScorePart("Volatility", None, VOLATILITY_POINTS, _too_few(len(nets), DAYS_FOR_VOLATILITY, "days"))
    swing = stdev(nets) / equity
    words = f"a day usually moves {percent_words(swing, 2)} of the account, n = {len(nets)} days"
    return _part("Volatility", swing / DAILY_VOLATILITY_LIMIT, VOLATILITY_POINTS, words)


def _win_rate(nets: Sequence[Decimal]) -> ScorePart:
    if len(nets) < TRADES_FOR_WIN_RATE:
        return ScorePart("Win rate", None, WIN_RATE_POINTS, _too_few(len(nets), TRADES_FOR_WIN_RATE, "trades"))
    wins = Decimal(sum(1 for net in nets if net > 0)) / len(nets)
    return _part("Win rate", 1 - wins, WIN_RATE_POINTS, f"{percent_words(wins)} of trades won, n = {len(nets)}")


def _sharpe(nets: Sequence[Decimal]) -> ScorePart:
    if len(nets) < DAYS_FOR_SHARPE:
        return ScorePart("Sharpe", None, SHARPE_POINTS, _too_few(len(nets), DAYS_FOR_SHARPE, "days"))
    swing = stdev(nets)
    if swing == 0:
        return ScorePart("Sharpe", None, SHARPE_POINTS, "every day was the same")
    ratio = mean(nets) / swing * TRADING_DAYS.sqrt()
    words = f"{ratio:.2f} over a year, n = {len(nets)} days"
    return _part("Sharpe", 1 - ratio / GOOD_SHARPE, SHARPE_POINTS, words)


def _part(name: str, share: Decimal, most: int, words: str) -> ScorePart:
    """All points at a share of 1 and beyond, none at 0 and below."""
    return ScorePart(name, min(max(share, ZERO), Decimal(1)) * most, most, words)


def _too_few(found: int, needed: int, what: str) -> str:
    return f"{found} of {needed} {what} that it takes"
