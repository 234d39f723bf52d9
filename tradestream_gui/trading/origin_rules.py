"""What holds for the analyst whose alert it is, or for trades by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tradestream_gui.domain.orders import Origin, OriginKind
from tradestream_gui.domain.policies import AnalystLimits, ManualRules
from tradestream_gui.domain.risk_rails import OriginLimits


@dataclass(frozen=True, slots=True)
class OriginRules:
    """An origin without limits of its own counts as a hand's."""

    manual: ManualRules
    analyst_limits: Callable[[Origin], AnalystLimits | None]

    def limits(self, origin: Origin) -> OriginLimits:
        analyst, rules = self._analyst(origin), self.manual
        if analyst is None:
            return OriginLimits(
                "trades by hand", rules.daily_loss_limit, rules.risk_per_trade, rules.max_entries_per_day, None,
                rules.loss_streak,
            )  # fmt: skip
        return OriginLimits(
            origin.label, analyst.daily_loss_limit, analyst.risk_per_trade, analyst.max_entries_per_day,
            analyst.max_open_trades, analyst.loss_streak,
        )  # fmt: skip

    def loss_pause(self, origin: Origin) -> timedelta:
        """How long the origin rests after its losing streak."""
        analyst = self._analyst(origin)
        return analyst.loss_pause if analyst else self.manual.loss_pause

    def _analyst(self, origin: Origin) -> AnalystLimits | None:
        return self.analyst_limits(origin) if origin.kind is OriginKind.ALERT else None
