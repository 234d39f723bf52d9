"""Turns every route of one account to another one, as one change of the settings."""

from typing import Any

from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.model import Settings


def paper_account(settings: Settings) -> str:
    """The first account without real money; empty where there is none."""
    paper = (AccountKind.SIMULATOR, AccountKind.BROKER_PAPER)
    return next((row.id for row in settings.accounts if row.enabled and row.kind in paper), "")


def rerouted(settings: Settings, account: str, to: str) -> dict[str, Any]:
    """The values to set so that what went to `account` goes to `to`; empty when nothing went there."""
    routing = plain(settings.routing)
    values: dict[str, Any] = {}
    if routing["defaults"]["account"] == account:
        values["routing.defaults.account"] = to
    for name in ("channels", "analysts"):
        if any(row["account"] == account for row in routing[name]):
            values[f"routing.{name}"] = [
                {**row, "account": to} if row["account"] == account else row for row in routing[name]
            ]
    return values
