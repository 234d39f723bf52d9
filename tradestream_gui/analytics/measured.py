"""What was measured of trades that are over: stored when they end, known again after a restart."""

from collections.abc import Callable, Iterable

from tradestream_gui.analytics.trades import Excursion
from tradestream_gui.domain.extremes import TradeExtremes
from tradestream_gui.domain.ids import ExecId
from tradestream_gui.domain.orders import Fill


class MeasuredTrades:
    """`keep` stores what one trade's end has settled; nobody can measure it again later."""

    def __init__(self, keep: Callable[[TradeExtremes], None]) -> None:
        self._keep = keep
        self._stored: dict[ExecId, TradeExtremes] = {}

    def restore(self, extremes: Iterable[TradeExtremes]) -> None:
        self._stored.update((one.exec_id, one) for one in extremes)

    def at_end(self, seen: Excursion | None, fill: Fill, *, watched: bool) -> Excursion | None:
        """The excursion of the trade that this fill made flat: `seen` where the market was watched, else the stored
        one; None where neither is there."""
        if not watched:
            found = self._stored.get(fill.exec_id)
            return None if found is None else Excursion(found.mae, found.mfe, found.high, found.low)
        if seen is not None:
            self._keep(
                TradeExtremes(
                    account_id=fill.account_id,
                    exec_id=fill.exec_id,
                    lot_id=fill.lot_id,
                    instrument_id=fill.instrument_id,
                    mae=seen.mae,
                    mfe=seen.mfe,
                    high=seen.high,
                    low=seen.low,
                    at=fill.at,
                )
            )
        return seen


def forget(extremes: TradeExtremes) -> None:
    """Where nothing is stored, nothing is kept."""
