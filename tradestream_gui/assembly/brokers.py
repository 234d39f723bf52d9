"""Brokers beside the simulator: made when an account asks for one, joined to the core without holding up its start."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from tradestream_gui.adapters.feeds.first_up import FirstUpFeed, PriceSide
from tradestream_gui.assembly.sources import kept_secret
from tradestream_gui.core import Core
from tradestream_gui.domain.accounts import Account, AccountKind, TradingState
from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.domain.policies import AccountSetup
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.ports.broker import Broker
from tradestream_gui.ports.broker_costs import CostPreview
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.feed import LateHistory, MarketDataFeed
from tradestream_gui.ports.listings import Listings
from tradestream_gui.ports.secrets import Secrets
from tradestream_gui.trading.reconciler import Reconciler
from tradestream_gui.upkeep.settings import policies
from tradestream_gui.upkeep.settings.brokers import IBKR, PROJECTX, PROJECTX_KEY
from tradestream_gui.upkeep.settings.model import Settings

IBKR_LIVE = f"{IBKR} live"
"""The name of the live log-in of Interactive Brokers, which is another than that of its paper accounts."""
NO_LIVE_DATABASE = "its database live.db is not open"


@dataclass(frozen=True, slots=True)
class BrokerSide:
    """A broker with the prices that come over the same log-in, None where they are not wanted."""

    broker: Broker
    feed: MarketDataFeed | None
    history: LateHistory | None
    listings: Listings
    """What its venue lists."""
    costs: CostPreview | None = None
    """What its venue says that an order would cost, where it says so."""


@dataclass(frozen=True, slots=True)
class Prices:
    """The market data of all log-ins together."""

    feed: MarketDataFeed
    history: LateHistory


def prices_of(sides: Sequence[BrokerSide], clock: Clock, tasks: Tasks) -> Prices | None:
    """The first log-in with prices gives them, as long as it is up; None where nobody does."""
    found = [
        PriceSide(side.broker.name, side.feed, side.history) for side in sides if side.feed and side.history
    ]
    if len(found) > 1:
        together = FirstUpFeed(found, clock=clock, tasks=tasks)
        return Prices(together, together)
    return Prices(found[0].feed, found[0].history) if found else None


def listings_of(sides: Sequence[BrokerSide]) -> dict[str, Listings]:
    """Who says what is listed, by the name of the log-in."""
    return {side.broker.name: side.listings for side in sides}


def costs_of(sides: Sequence[BrokerSide]) -> dict[str, CostPreview]:
    """Who says what an order would cost, by the name of the log-in."""
    return {side.broker.name: side.costs for side in sides if side.costs is not None}


async def broker_sides(
    settings: Settings, secrets: Secrets, reference: ReferenceData, clock: Clock, tasks: Tasks, *, guarded: bool
) -> tuple[BrokerSide, ...]:
    """Each broker beside the simulator for which an account is set up; without `guarded` none for FUNDED and LIVE
    accounts. In the order in which their prices are preferred: those of a live log-in are never delayed."""
    made = (
        await ibkr_side(settings, reference, clock, tasks, AccountKind.LIVE) if guarded else None,
        await ibkr_side(settings, reference, clock, tasks),
        await projectx_side(settings, secrets, reference, clock, tasks, guarded=guarded),
    )
    return tuple(side for side in made if side is not None)


async def ibkr_side(
    settings: Settings,
    reference: ReferenceData,
    clock: Clock,
    tasks: Tasks,
    kind: AccountKind = AccountKind.BROKER_PAPER,
) -> BrokerSide | None:
    """One log-in of Interactive Brokers for the accounts of a kind that are set up there; None, and nothing loaded,
    without one."""
    accounts = [account_of(one) for one in _enabled(settings) if one.broker == IBKR and one.kind is kind]
    if not accounts:
        return None
    is_live = kind is AccountKind.LIVE
    await asyncio.to_thread(load_beside, "tradestream_gui.adapters.brokers.ibkr", asyncio.get_running_loop())
    from tradestream_gui.adapters.brokers.ibkr import (
        Connection,
        ContractBook,
        Endpoint,
        IbkrBroker,
        IbkrFeed,
        Preview,
        Timing,
        mode_mismatch,
    )

    wanted = settings.ibkr
    endpoint = Endpoint(wanted.host, wanted.live_port if is_live else wanted.paper_port, wanted.client_id)
    connection = Connection(
        endpoint, clock=clock, tasks=tasks, proof=_proof(accounts, endpoint.port, mode_mismatch), timing=Timing()
    )
    contracts = ContractBook(connection, reference.instrument)
    broker = IbkrBroker(
        connection=connection,
        contracts=contracts,
        accounts=accounts,
        instrument_of=reference.instrument,
        clock=clock,
        tasks=tasks,
        name=accounts[0].broker,
    )
    costs = Preview(connection, contracts, reference.instrument, [account.account_id for account in accounts])
    feed = IbkrFeed(
        connection=connection,
        contracts=contracts,
        clock=clock,
        tasks=tasks,
        allow_delayed=wanted.delayed_prices and not is_live,
    ) if wanted.prices else None  # fmt: skip
    return BrokerSide(broker, feed, feed, contracts, costs)


async def projectx_side(
    settings: Settings,
    secrets: Secrets,
    reference: ReferenceData,
    clock: Clock,
    tasks: Tasks,
    *,
    guarded: bool = False,
) -> BrokerSide | None:
    """TopstepX for the practice accounts that are set up there, with `guarded` for the others too, all over one
    log-in; None, and nothing loaded, without one."""
    setups = [one for one in _enabled(settings) if one.broker == PROJECTX]
    accounts = [account_of(one) for one in setups if guarded or not one.kind.is_guarded]
    if not accounts:
        return None
    await asyncio.to_thread(import_module, "tradestream_gui.adapters.brokers.projectx")
    from tradestream_gui.adapters.brokers.projectx import (
        ContractBook,
        Endpoints,
        Gateway,
        ProjectXBroker,
        ProjectXFeed,
        Timing,
    )

    wanted = settings.projectx
    gateway = Gateway(
        Endpoints(wanted.api_url, wanted.user_hub_url, wanted.market_hub_url), _credentials(wanted.user_name, secrets),
        clock=clock, tasks=tasks, timing=Timing(),
    )  # fmt: skip
    contracts = ContractBook(gateway, reference.instrument, reference.roots)
    broker = ProjectXBroker(
        gateway=gateway,
        contracts=contracts,
        accounts=accounts,
        instrument_of=reference.instrument,
        clock=clock,
        tasks=tasks,
    )
    if not wanted.prices:
        return BrokerSide(broker, None, None, contracts)
    feed = ProjectXFeed(gateway=gateway, contracts=contracts, clock=clock, tasks=tasks)
    return BrokerSide(broker, feed, feed, contracts)


def guarded_accounts(settings: Settings) -> tuple[Account, ...]:
    """The FUNDED and LIVE accounts that are to be connected."""
    found = (account_of(one) for one in _enabled(settings) if one.broker in (IBKR, PROJECTX))
    return tuple(account for account in found if account.kind.is_guarded)


def account_of(setup: AccountSetup) -> Account:
    """The account with the name of the log-in that reaches it."""
    is_live_log_in = setup.broker == IBKR and setup.kind is AccountKind.LIVE
    return Account(setup.account_id, setup.name, setup.kind, IBKR_LIVE if is_live_log_in else setup.broker)


def join_brokers(core: Core, reconciler: Reconciler, brokers: Sequence[Broker], live_refused: str) -> None:
    """Shows the accounts at once and connects in tasks: a broker that does not answer is tried again by the
    reconciler. `live_refused`: why FUNDED and LIVE accounts are not connected, empty when they are."""
    accounts = [account_of(setup) for setup in _enabled(core.settings.current)]
    for broker in brokers:
        for account in accounts:
            if account.broker == broker.name and not (account.kind.is_guarded and live_refused):
                core.order_desk.attach(account, broker)
                words = f"connecting to {broker_name(broker.name)}"
                core.accounts.set_state(account.account_id, TradingState.RECONCILING, words)
        core.tasks.spawn(_connect(core, reconciler, broker), f"connect {broker.name}")
    for account in guarded_accounts(core.settings.current) if live_refused else ():
        words = f"{account.account_id} is a {account.kind.value} account and is not connected: {live_refused}"
        core.accounts.bar(account, words)
        _notice(core, "Account not connected", words)


async def _connect(core: Core, reconciler: Reconciler, broker: Broker) -> None:
    try:
        await broker.connect(core.order_desk)
        for account in await broker.accounts():
            if await reconciler.start_account(account.account_id):
                _note_start_equity(core, account)
    except BrokerUnreachable as error:
        name = broker_name(broker.name)
        _notice(core, name, f"{name} does not answer, it is tried again: {error}")


def load_beside(module: str, loop: asyncio.AbstractEventLoop) -> None:
    """Imports beside the loop, which half a second of imports would hold up; the library looks for one as it loads."""
    asyncio.set_event_loop(loop)
    try:
        import_module(module)
    finally:
        asyncio.set_event_loop(None)


def _note_start_equity(core: Core, account: Account) -> None:
    """Its curve begins with what the broker says it is worth now."""
    balance = core.accounts.balance(account.account_id)
    if balance is not None:
        core.analytics.set_start_equity(account.account_id, balance.net_liquidation or balance.cash)


def _notice(core: Core, title: str, words: str) -> None:
    core.bus.publish(Notice(NoticeKind.CONNECTION, Severity.DANGER, title, words, core.clock.now()))


def _enabled(settings: Settings) -> list[AccountSetup]:
    return [setup for setup in policies.accounts(settings) if setup.enabled]


def _credentials(user_name: str, secrets: Secrets) -> Callable[[], Awaitable[tuple[str, str, str]]]:
    key = kept_secret(secrets, PROJECTX_KEY, "API key", "TopstepX")

    async def ask() -> tuple[str, str, str]:
        if not user_name.strip():
            return "", "", "no TopstepX user name is set: see Config, Accounts & brokers, TopstepX"
        value, problem = await key()
        return user_name.strip(), value, problem

    return ask


def _proof(
    accounts: Sequence[Account], port: int, mismatch: Callable[[str, int, AccountKind], str]
) -> Callable[[tuple[str, ...]], str]:
    """Why the accounts of a log-in are not those that were set up; empty when they are, each of its own kind."""

    def proof(codes: tuple[str, ...]) -> str:
        for account in accounts:
            if account.account_id not in codes:
                return f"this log-in has the accounts {', '.join(codes)}; {account.account_id} is not among them"
            problem = mismatch(account.account_id, port, account.kind)
            if problem:
                return problem
        return ""

    return proof
