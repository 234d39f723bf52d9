"""What the health page looks at in the running core: links, prices, accounts, protection, alerts."""

from collections.abc import Iterator

from tradestream_gui.assembly.brokers import guarded_accounts
from tradestream_gui.assembly.parts import Outside
from tradestream_gui.core import Core
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.domain.orders import OrdStatus
from tradestream_gui.market.watchdog import FlowWatchdog
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.source import AlertSource
from tradestream_gui.upkeep.health import HealthMonitor, Level, Probe, Reading
from tradestream_gui.upkeep.health_probes import STORAGE, BackupProbe, machine_probe, storage_probe

TRADING, PRICES, ALERTS = "Trading", "Prices", "Alerts"
LEVEL_OF_LINK = {
    LinkState.UP: Level.OK,
    LinkState.CONNECTING: Level.WARN,
    LinkState.OFF: Level.WARN,
    LinkState.DOWN: Level.DANGER,
    LinkState.AUTH_FAILED: Level.DANGER,
}
LEVEL_OF_STATE = {
    TradingState.ACTIVE: Level.OK,
    TradingState.STARTING: Level.WARN,
    TradingState.RECONCILING: Level.WARN,
    TradingState.REDUCING: Level.WARN,
    TradingState.HALTED: Level.DANGER,
    TradingState.LOCKED: Level.WARN,
}


def health_monitor(outside: Outside) -> HealthMonitor:
    """Looks at what the core stands on; `watch_core` adds the core itself."""
    probes: list[Probe] = [storage_probe(lambda: outside.journal.use), live_database_probe(outside)]
    if outside.machine is not None:
        probes.insert(0, machine_probe(outside.machine))
    if outside.backups is not None:
        probes.append(BackupProbe(outside.bus, outside.clock, outside.backups))
    return HealthMonitor(outside.bus, outside.clock, probes)


def live_database_probe(outside: Outside) -> Probe:
    """Whether live.db is kept, where an account wants it."""

    def probe() -> Iterator[Reading]:
        if not guarded_accounts(outside.settings.current):
            return
        why = outside.live_refused
        yield Reading(STORAGE, "live.db", "refused" if why else "open", Level.DANGER if why else Level.OK, why)

    return probe


def watch_core(core: Core, watchdog: FlowWatchdog, sources: tuple[AlertSource, ...]) -> None:
    for probe in (trading_probe(core), prices_probe(core, watchdog), alerts_probe(core, sources)):
        core.health.add(probe)


def trading_probe(core: Core) -> Probe:
    """Broker links, account states, protection, and orders whose fate nobody knows."""

    def probe() -> Iterator[Reading]:
        for name, link in sorted(core.order_desk.links().items()):
            advice = "" if link is LinkState.UP else "What rests at the broker stays there; entries wait for the link."
            yield Reading(TRADING, f"Link to {broker_name(name)}", link.value, LEVEL_OF_LINK[link], advice, told=None)
        for account in core.accounts.accounts():
            state = core.accounts.state(account.account_id)
            level = LEVEL_OF_STATE[state.trading_state]
            reason = state.reason if level > Level.OK else ""
            yield Reading(TRADING, f"Account {account.name}", state.trading_state.value, level, reason, told=None)
        naked = core.sentinel.unprotected_lots()
        words = "The sentinel is placing stops; look at Portfolio." if naked else ""
        yield Reading(TRADING, "Positions without their stop", str(len(naked)), _bad(len(naked)), words, told=None)
        doubtful = sum(order.ord_status is OrdStatus.UNCERTAIN for order in core.blotter.open_orders())
        words = "The broker is being asked; nothing is sent again." if doubtful else ""
        yield Reading(TRADING, "Orders without an answer", str(doubtful), _bad(doubtful), words, told=None)
        offset = "Nobody outside tells the time, so there is nothing to compare with."
        yield Reading(TRADING, "Clock offset", "–", Level.UNKNOWN, offset)

    return probe


def prices_probe(core: Core, watchdog: FlowWatchdog) -> Probe:
    """How many instruments are watched, how fresh they are, and which streams broke."""

    def probe() -> Iterator[Reading]:
        watched = core.subscriptions.instruments()
        now = core.clock.now()
        trading = [one for one in watched if core.market.is_open(one, now)]
        broken = [one for one in watched if watchdog.is_stale(one.instrument_id)]
        ages = [age for one in trading if (age := core.board.stream_age_s(one.instrument_id)) is not None]
        yield Reading(PRICES, "Instruments watched", f"{len(watched)}, {len(trading)} in session", Level.OK)
        names = ", ".join(named(one.instrument_id) for one in broken[:6])
        advice = f"Entries are blocked on {names} until prices flow again." if broken else ""
        yield Reading(PRICES, "Broken streams", str(len(broken)), _bad(len(broken)), advice, told=None)
        if ages:
            yield Reading(PRICES, "Oldest stream in session", f"{max(ages):.1f} s", Level.OK)
        else:
            yield Reading(PRICES, "Oldest stream in session", "–", Level.UNKNOWN, "No price has come yet.")
        silent = sum(one.asset_class is not AssetClass.OPTION for one in trading) - len(ages)
        if silent > 0 and not ages:
            yield Reading(PRICES, "Feed", core.subscriptions.feed.name, Level.WARN, "It gives no prices.", told=None)

    return probe


def alerts_probe(core: Core, sources: tuple[AlertSource, ...]) -> Probe:
    """Which sources are open and how many decisions wait for a person."""

    def probe() -> Iterator[Reading]:
        names = ", ".join(sorted(source.name for source in sources))
        if names:
            yield Reading(ALERTS, "Sources", names, Level.OK)
        else:
            yield Reading(ALERTS, "Sources", "none", Level.UNKNOWN, "Only alerts that you type in are read.")
        for name, (link, words) in sorted(core.alerts.links().items()):
            yield Reading(ALERTS, f"Link to {name}", link.value, LEVEL_OF_LINK[link], words, told=None)
        yield Reading(ALERTS, "Cards waiting for you", str(len(core.alerts.cards())), Level.OK)

    return probe


def _bad(count: int) -> Level:
    return Level.DANGER if count else Level.OK
