"""The risk score of an account, read from the owners of its figures."""

from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.risk_score import RiskScore, risk_score
from tradestream_gui.trading.high_water import HighWater
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.risk_gate import RiskGate


def account_score(account_id: AccountId, *, gate: RiskGate, high_water: HighWater, lots: LotBook) -> RiskScore:
    """Days with fills and positions that are closed, all origins together."""
    return risk_score(
        drawdown=gate.drawdown_fraction(account_id),
        drawdown_limit=gate.limits(account_id).max_drawdown_fraction,
        equity=gate.equity(account_id),
        day_nets=tuple(high_water.net_by_day(account_id).values()),
        trade_nets=tuple(lot.net_pnl for lot in lots.lots() if lot.account_id == account_id and lot.is_flat),
    )
