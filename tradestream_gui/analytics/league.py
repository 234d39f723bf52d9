"""The analyst league: results shrunk towards the field, so that luck over few trades does not rank first."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import NormalDist

from tradestream_gui.analytics.execution import EntryExecution
from tradestream_gui.analytics.metrics import TradeMetrics, small_sample_words, trade_metrics
from tradestream_gui.analytics.obtainable import Accuracy, AlertWorth, accuracy
from tradestream_gui.analytics.statistic import Statistic, mean_of, missing, plural
from tradestream_gui.analytics.trades import Trade
from tradestream_gui.domain.orders import OriginKind

ENOUGH_TO_RANK = 20
ENOUGH_TRACKED = Decimal("0.9")
"""An analyst is judged fairly only when quotes of at least this share of the alerts were recorded."""
ENOUGH_TO_VARY = 10
"""Degrees of freedom below which two alike results would pass for certainty."""
ENOUGH_ANALYSTS = 3
"""Fewer analysts do not show how much analysts differ."""
SCEPTIC_SD_R = 0.25
"""Prior spread of analysts' true mean R around zero while the field is too small to show its own."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of any analyst's mean R before looking: mean, variance between analysts, and from where."""

    mean: float
    variance: float
    words: str


@dataclass(frozen=True, slots=True)
class Posterior:
    """An analyst's mean R after shrinkage. `probability` is that of a true mean above zero."""

    mean: Statistic
    sd: Statistic
    probability: Statistic


@dataclass(frozen=True, slots=True)
class LeagueRow:
    """One analyst. `rank` is None below 20 trades, and `words` say so.

    `claimed_r`, `obtainable_r` and `metrics.mean_r` are the same alerts three ways: at the alert's price, as a
    follower could have had them, and as we did.
    """

    analyst: str
    rank: int | None
    words: str
    metrics: TradeMetrics
    posterior: Posterior
    slippage_ticks: Statistic
    claimed_r: Statistic
    obtainable_r: Statistic
    tracked: Statistic
    """Share of opening alerts whose quotes were recorded."""
    accuracy: Accuracy

    @property
    def is_greyed(self) -> bool:
        return self.rank is None

    @property
    def is_fairly_tracked(self) -> bool:
        return isinstance(self.tracked.value, Decimal) and self.tracked.value >= ENOUGH_TRACKED


def league(
    trades: Sequence[Trade],
    entries: Sequence[EntryExecution] = (),
    worth_by_analyst: Mapping[str, Sequence[AlertWorth]] | None = None,
) -> tuple[LeagueRow, ...]:
    """All analysts, not the hand: ranked ones by their probability of an edge, then greyed ones by their trades."""
    worths = worth_by_analyst or {}
    by_analyst: dict[str, list[Trade]] = {name: [] for name in worths}
    for trade in trades:
        if trade.origin.kind is not OriginKind.ALERT:
            continue
        by_analyst.setdefault(trade.analyst, []).append(trade)
    multiples = {name: [float(r) for trade in own if (r := trade.r) is not None] for name, own in by_analyst.items()}
    prior = prior_of(list(multiples.values()))
    pooled = pooled_variance(list(multiples.values()))
    rows = [
        _row(name, own, posterior(multiples[name], prior, pooled), entries, worths.get(name, ()))
        for name, own in by_analyst.items()
    ]
    ranked = sorted((row for row in rows if row.metrics.trades >= ENOUGH_TO_RANK), key=_merit, reverse=True)
    greyed = sorted(
        (row for row in rows if row.metrics.trades < ENOUGH_TO_RANK), key=lambda row: (-row.metrics.trades, row.analyst)
    )
    return tuple([_ranked(row, number) for number, row in enumerate(ranked, 1)] + greyed)


def prior_of(groups: Sequence[Sequence[float]]) -> Prior:
    """Mean and variance between analysts by the method of moments (DerSimonian and Laird 1986)."""
    pooled = pooled_variance(groups)
    known = [group for group in groups if group]
    if pooled is None or not pooled or len(known) < ENOUGH_ANALYSTS:
        have = f"{plural(len(known), 'analyst')} of {ENOUGH_ANALYSTS} needed have results"
        return Prior(0.0, SCEPTIC_SD_R**2, f"no edge, give or take {SCEPTIC_SD_R} R: {have}")
    weights = [len(group) / pooled for group in known]
    means = [math.fsum(group) / len(group) for group in known]
    total = math.fsum(weights)
    centre = math.fsum(w * m for w, m in zip(weights, means, strict=True)) / total
    spread = math.fsum(w * (m - centre) ** 2 for w, m in zip(weights, means, strict=True))
    scale = total - math.fsum(w * w for w in weights) / total
    between = max(0.0, (spread - (len(known) - 1)) / scale)
    return Prior(centre, between, f"the field's own, from {len(known)} analysts")


def pooled_variance(groups: Sequence[Sequence[float]]) -> float | None:
    """Variance of single results within analysts; None below `ENOUGH_TO_VARY` results beyond one of each."""
    freedom, squares = 0, 0.0
    for group in groups:
        if len(group) >= 2:
            mean = math.fsum(group) / len(group)
            squares += math.fsum((value - mean) ** 2 for value in group)
            freedom += len(group) - 1
    return squares / freedom if freedom >= ENOUGH_TO_VARY else None


def posterior(multiples: Sequence[float], prior: Prior, variance: float | None) -> Posterior:
    """Normal-normal shrinkage of a mean: B = (s2/n) / (s2/n + t2), mean = prior B + own (1 - B)."""
    n = len(multiples)
    if not n or variance is None:
        none = missing(n, "no trades with an initial risk" if not n else "too few results to know how they vary")
        return Posterior(none, none, none)
    if not variance and not prior.variance:
        none = missing(n, "all results are equal")
        return Posterior(none, none, none)
    own = math.fsum(multiples) / n
    noise = variance / n
    share = noise / (noise + prior.variance)
    mean = prior.mean * share + own * (1 - share)
    sd = math.sqrt(prior.variance * noise / (prior.variance + noise))
    if not sd:
        return Posterior(Statistic(mean, n), Statistic(sd, n), missing(n, "the analysts do not differ measurably"))
    return Posterior(Statistic(mean, n), Statistic(sd, n), Statistic(NormalDist().cdf(mean / sd), n))


def james_stein(values: Sequence[float], variance: float) -> tuple[float, float, list[float]]:
    """Grand mean, shrinkage factor and shrunk values for equal variances (Efron and Morris 1975), factor >= 0."""
    mean = math.fsum(values) / len(values)
    spread = math.fsum((value - mean) ** 2 for value in values)
    factor = max(0.0, 1 - (len(values) - 3) * variance / spread)
    return mean, factor, [mean + factor * (value - mean) for value in values]


def _row(
    name: str,
    trades: Sequence[Trade],
    shrunk: Posterior,
    entries: Sequence[EntryExecution],
    worths: Sequence[AlertWorth],
) -> LeagueRow:
    slips = [entry.alert_slippage for entry in entries if entry.origin.label == name]
    tracked = sum(1 for worth in worths if worth.is_measured)
    return LeagueRow(
        analyst=name,
        rank=None,
        words=small_sample_words(len(trades), ENOUGH_TO_RANK),
        metrics=trade_metrics(trades),
        posterior=shrunk,
        slippage_ticks=mean_of((slip.ticks if slip else None for slip in slips), "alert price", "entry"),
        claimed_r=mean_of((worth.claimed_r for worth in worths), "price, stop and quotes", "alert"),
        obtainable_r=mean_of((worth.obtainable_r for worth in worths), "stop and quotes", "alert"),
        tracked=Statistic(Decimal(tracked) / len(worths), len(worths)) if worths else missing(0, "0 alerts"),
        accuracy=accuracy(worths),
    )


def _merit(row: LeagueRow) -> tuple[float, float, float]:
    """Probability of an edge, then shrunk mean R, then the lower end of the win rate."""
    probability, mean = row.posterior.probability.value, row.posterior.mean.value
    low = row.metrics.win_rate_interval.low
    return (
        float(probability) if probability is not None else -1.0,
        float(mean) if mean is not None else -math.inf,
        low if low is not None else -1.0,
    )


def _ranked(row: LeagueRow, number: int) -> LeagueRow:
    return replace(row, rank=number)
