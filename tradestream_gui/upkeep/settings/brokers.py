"""How brokers are reached, and what an account row must say for the one that it names."""

import re

from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.upkeep.settings.fields import Section, option

IBKR = "ibkr"
_IBKR_CODE = {AccountKind.BROKER_PAPER: (r"D[A-Z]?\d+", "DU1234567"), AccountKind.LIVE: (r"[UFI]\d+", "U1234567")}


class IbkrSettings(Section):
    """Interactive Brokers: TWS or IB Gateway on this or another computer."""

    host: str = option("127.0.0.1", "Where TWS or IB Gateway runs.", restart=True)
    paper_port: int = option(
        7497, "Port of its paper log-in: TWS 7497, IB Gateway 4002.", low=1, high=65_535, restart=True
    )
    client_id: int = option(
        21, "Number of this program there; no other program may use it.", low=0, high=999, restart=True
    )
    prices: bool = option(True, "Take prices from there once an account of it is set up.", restart=True)
    delayed_prices: bool = option(
        True, "On paper, take delayed prices where real-time ones are not subscribed.", restart=True
    )


def check_account(account_id: str, kind: AccountKind, broker: str) -> None:
    """Raises ValueError where an account cannot be what its row says."""
    if broker != IBKR:
        return
    if kind not in _IBKR_CODE:
        raise ValueError(f"accounts[{account_id}]: an account at {IBKR} is BROKER PAPER or LIVE, not {kind.value}")
    pattern, example = _IBKR_CODE[kind]
    if not re.fullmatch(pattern, account_id):
        raise ValueError(
            f"accounts[{account_id}]: the id of a {kind.value} account at {IBKR} is its code there, such as {example}"
        )
