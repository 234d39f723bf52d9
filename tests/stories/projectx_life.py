"""One life of the program with an account at the loopback TopstepX: its settings, its vault, what stands there."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.servers.projectx import ACCOUNT_NAME, KEY, USER, ProjectXServer
from tests.servers.projectx.orders import STOP
from tests.stories.ibkr_life import FRIDAY, ROOM, FridayClock, Life
from tradestream_gui.adapters.runtime.clock import RealClock
from tradestream_gui.assembly.brokers import projectx_side
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.ports.secrets import SecretsLocked, SecretsState, SecretsStatus
from tradestream_gui.upkeep.settings.brokers import PROJECTX_KEY
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings

D = Decimal
ACCOUNT = AccountId(ACCOUNT_NAME)


class OpenVault:
    """Secrets in memory, open; `is_locked` closes them."""

    def __init__(self) -> None:
        self.kept = {PROJECTX_KEY: KEY}
        self.is_locked = False

    def status(self) -> SecretsStatus:
        return SecretsStatus(SecretsState.OPEN, "open")

    def unlock(self, passphrase: str | None) -> None:
        """It is open."""

    def get(self, name: str) -> str | None:
        if self.is_locked:
            raise SecretsLocked("its passphrase is needed")
        return self.kept.get(name)

    def put(self, name: str, value: str) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)

    def names(self) -> tuple[str, ...]:
        return tuple(self.kept)


def settings_for(
    server: ProjectXServer, *, kind: str = "BROKER PAPER", name: str = ACCOUNT_NAME, **more: Any
) -> Settings:
    """The first run's settings with a practice account at this gateway."""
    wanted = plain(first_settings())
    row = wanted["accounts"][0]
    practice = {**row, "id": name, "name": "Practice at Topstep", "kind": kind, "broker": "projectx", "limits": ROOM}
    wanted["accounts"] = [row, practice]
    wanted["projectx"] = {
        **wanted["projectx"], "user_name": USER, "api_url": server.api_url, "user_hub_url": server.user_hub_url,
        "market_hub_url": server.market_hub_url, **more,
    }  # fmt: skip
    wanted["market"]["watchlist"] = ["ES"]
    wanted["routing"]["defaults"] |= {"account": name, "use_micros": False, "micro_when_zero": False}
    wanted["routing"]["channels"] = [{"id": "futures", "name": "futures", "source": "test"}]
    wanted["routing"]["analysts"] = [{"id": "jm", "name": "JM", "authors": ["jm"], "mode": "AUTO"}]
    return Settings.model_validate(wanted)


async def serving() -> tuple[ProjectXServer, FridayClock]:
    """A gateway with a market, and the clock that both sides go by."""
    clock = FridayClock(FRIDAY - RealClock().now())
    server = ProjectXServer(today=FRIDAY.date(), balance=D(500_000))
    server.set_clock(clock.offset)
    await server.start()
    server.price("ESZ6", "6326.00", "6326.25", "6326.25")
    return server, clock


def life_at(
    folder: Path, server: ProjectXServer, clock: FridayClock, *, settings: Settings | None = None,
    vault: OpenVault | None = None,
) -> Life:  # fmt: skip
    secrets = vault or OpenVault()

    async def make(current: Settings, *rest: Any) -> Any:
        return await projectx_side(current, secrets, *rest)

    return Life(folder, server, clock, settings or settings_for(server), account=ACCOUNT, make_side=make)


async def ready(life: Life) -> None:
    await life.until(
        lambda: life.core.accounts.state(ACCOUNT).trading_state is TradingState.ACTIVE, "the account is open"
    )
    es = life.core.reference.resolve("ES", life.clock.now())
    assert es is not None
    await life.until(lambda: life.core.board.quote(es.instrument_id), "a price of ES")
    life.server.price("ESZ6", "6326.00", "6326.25", "6326.25")


def held_there(server: ProjectXServer) -> int:
    return sum(position.qty for position in server.exchange.positions())


def stops_there(server: ProjectXServer) -> int:
    return sum(order.left for order in server.exchange.working() if order.type == STOP)
