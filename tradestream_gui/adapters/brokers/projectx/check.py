"""The read-only calls that show what a log-in at TopstepX can do."""

import json
from functools import partial
from typing import Any

import httpx

from tradestream_gui.adapters.brokers.projectx.gateway import Gateway, Refused
from tradestream_gui.adapters.brokers.projectx.signalr import Hub
from tradestream_gui.adapters.runtime.check_steps import HIDDEN, CheckSteps
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.connection_check import Tell

PRACTICE = "PRAC"
PROBED = "MES"
FAILS = (Refused, httpx.HTTPError, OSError, ValueError)


class _Silent:
    """Hears nothing: the check looks only whether a hub lets us in."""

    def event(self, target: str, arguments: list[Any]) -> None:
        """Nothing is subscribed."""

    def alive(self) -> None:
        """The check ends by itself."""

    def gap(self) -> None:
        """Nothing is kept."""

    def lost(self, words: str) -> None:
        """It is hung up by ourselves."""


async def check(gateway: Gateway, tell: Tell, *, clock: Clock, tasks: Tasks, key: str) -> bool:
    """The gateway is this check's own and is closed at the end."""
    steps = CheckSteps(tell, secrets=(key,), fails=FAILS)
    try:
        if await steps.step("Log-in by user name and key", partial(_log_in, gateway), _let_in) is None:
            return False
        rows = await steps.step(
            "Accounts", lambda: _read(gateway, "Account/search", {"onlyActiveAccounts": True}), _accounts
        )
        await steps.step(
            f"Contract of {PROBED}", lambda: _read(gateway, "Contract/search", {"live": False, "searchText": PROBED}),
            _contracts,
        )  # fmt: skip
        for account in (json.loads(rows).get("accounts") or [])[:1] if rows else ():
            ask = partial(_read, gateway, "Order/searchOpen", {"accountId": account.get("id")})
            await steps.step(f"Working orders of {account.get('name')}", ask, _working)
        for words, url in (("orders", gateway.endpoints.user_hub), ("prices", gateway.endpoints.market_hub)):
            hub = Hub(url, _Silent(), clock=clock, tasks=tasks, timing=gateway.timing)
            await steps.step(f"Stream of {words}", partial(_enter, hub, gateway), lambda raw: (True, "it lets us in"))
            hub.close()
        return steps.is_good
    finally:
        await gateway.close()


async def _read(gateway: Gateway, call: str, form: dict[str, Any]) -> str:
    return json.dumps(await gateway.read(call, form), indent=2, default=str)


async def _log_in(gateway: Gateway) -> str:
    """Without the token: it opens everything, and nobody needs to read it."""
    await gateway.log_in()
    return json.dumps({"success": True, "token": HIDDEN}, indent=2)


async def _enter(hub: Hub, gateway: Gateway) -> str:
    await hub.open(await gateway.log_in())
    return "{}"


def _let_in(raw: str) -> tuple[bool, str]:
    return True, "TopstepX let us in; the token that it gave is kept in memory only"


def _accounts(raw: str) -> tuple[bool, str]:
    told = []
    for account in json.loads(raw).get("accounts") or []:
        kind = "practice" if str(account.get("name", "")).startswith(PRACTICE) else "evaluation or funded"
        right = "may trade" if account.get("canTrade") else "may NOT trade: its firm has barred it"
        told.append(f"{account.get('name')} ({kind}, {right})")
    if not told:
        return False, "this user has no active account: open or reset one in TopstepX"
    return True, "; ".join(told)


def _working(raw: str) -> tuple[bool, str]:
    return True, f"{len(json.loads(raw).get('orders') or [])} working"


def _contracts(raw: str) -> tuple[bool, str]:
    found = json.loads(raw).get("contracts") or []
    active = [str(one.get("name")) for one in found if one.get("activeContract")]
    return bool(active), f"traded now: {', '.join(active)}" if active else f"no month of {PROBED} is traded there"


