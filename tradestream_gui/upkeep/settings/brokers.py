"""How brokers are reached, and what an account row must say for the one that it names."""

import re
from urllib.parse import urlsplit

from pydantic import field_validator

from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.upkeep.settings.fields import Section, option

IBKR, PROJECTX = "ibkr", "projectx"
PROJECTX_KEY = f"{PROJECTX}/main/api_key"
"""Under which name the secrets keep the API key."""
_IBKR_CODE = {AccountKind.BROKER_PAPER: (r"D[A-Z]?\d+", "DU1234567"), AccountKind.LIVE: (r"[UFI]\d+", "U1234567")}
_PRACTICE = "PRAC"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class IbkrSettings(Section):
    """Interactive Brokers: TWS or IB Gateway on this or another computer."""

    host: str = option("127.0.0.1", "Where TWS or IB Gateway runs.", restart=True)
    paper_port: int = option(
        7497, "Port of its paper log-in: TWS 7497, IB Gateway 4002.", low=1, high=65_535, restart=True
    )
    live_port: int = option(
        7496, "Port of its live log-in: TWS 7496, IB Gateway 4001.", low=1, high=65_535, restart=True
    )
    client_id: int = option(
        21, "Number of this program there; no other program may use it.", low=0, high=999, restart=True
    )
    prices: bool = option(True, "Take prices from there once an account of it is set up.", restart=True)
    delayed_prices: bool = option(
        True, "On paper, take delayed prices where real-time ones are not subscribed.", restart=True
    )


class ProjectXSettings(Section):
    """TopstepX over the ProjectX gateway; the API key is a secret and never stands here."""

    user_name: str = option("", "Your TopstepX user name; its API key is kept below, in the vault.", restart=True)
    api_url: str = option("https://api.topstepx.com", "Address of the gateway.", restart=True)
    user_hub_url: str = option(
        "https://rtc.topstepx.com/hubs/user", "Where it tells of orders and fills.", restart=True
    )
    market_hub_url: str = option("https://rtc.topstepx.com/hubs/market", "Where it tells of prices.", restart=True)
    prices: bool = option(
        True, "Take futures prices from there once an account of it is set up, unless another broker's are taken.",
        restart=True,
    )  # fmt: skip

    @field_validator("api_url", "user_hub_url", "market_hub_url")
    @classmethod
    def _is_safe(cls, url: str) -> str:
        """Keys and tokens travel there: without encryption only inside this computer."""
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.hostname:
            return url.rstrip("/")
        if parts.scheme == "http" and parts.hostname in _LOOPBACK:
            return url.rstrip("/")
        raise ValueError(f"{url!r} must begin with https://; plain http is for practice servers on this computer only")


def check_account(account_id: str, kind: AccountKind, broker: str) -> None:
    """Raises ValueError where an account cannot be what its row says."""
    if broker == IBKR:
        _check_ibkr(account_id, kind)
    elif broker == PROJECTX:
        _check_projectx(account_id, kind)


def _check_ibkr(account_id: str, kind: AccountKind) -> None:
    if kind not in _IBKR_CODE:
        raise ValueError(f"accounts[{account_id}]: an account at {IBKR} is BROKER PAPER or LIVE, not {kind.value}")
    pattern, example = _IBKR_CODE[kind]
    if not re.fullmatch(pattern, account_id):
        raise ValueError(
            f"accounts[{account_id}]: the id of a {kind.value} account at {IBKR} is its code there, such as {example}"
        )


def _check_projectx(account_id: str, kind: AccountKind) -> None:
    """Only the name tells a practice account: the gateway calls evaluation and funded accounts simulated as well."""
    if kind is AccountKind.SIMULATOR:
        raise ValueError(
            f"accounts[{account_id}]: an account at {PROJECTX} is BROKER PAPER (practice), FUNDED or LIVE, "
            f"not {kind.value}"
        )
    if (kind is AccountKind.BROKER_PAPER) != account_id.upper().startswith(_PRACTICE):
        raise ValueError(
            f"accounts[{account_id}]: the id is the account's name at TopstepX; practice accounts begin with "
            f"{_PRACTICE}, such as PRAC-V2-12345-67890, and are BROKER PAPER, all others FUNDED or LIVE"
        )
