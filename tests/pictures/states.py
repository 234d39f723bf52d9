"""The states of the window that are photographed: how each is reached, and what is selected when it is."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from PyQt6.QtWidgets import QWidget

from tradestream_gui.demo.day import demo_settings
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.drills import DrillKind
from tradestream_gui.domain.ids import AccountId, InstrumentId, MessageKey
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.orders import MANUAL, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.paths import Paths
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.source import IncomingMessage
from tradestream_gui.ui.shell.window_actions import WindowActions
from tradestream_gui.ui.tabs.config import ConfigTab
from tradestream_gui.ui.tabs.config.extras import show_drill
from tradestream_gui.upkeep.settings import file
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.model import Settings

if TYPE_CHECKING:
    from tradestream_gui.app import WindowSession
    from tradestream_gui.core import Core

MIDDAY_S = 2090.0
SILENT_S = 1458.0
LONG_SILENT_S = 1494.0
LONG_NAME = "Wolfgang Amadeus Featherstonehaugh-Cholmondeley"
LONG_CHANNEL = "premium-futures-and-options-alerts-swing-desk"


class Scene:
    """What an act or an arrangement may touch: the window and the core of the session that is photographed."""

    def __init__(self, session: "WindowSession") -> None:
        self.window = session.window
        self._session = session

    @property
    def core(self) -> "Core":
        core = self._session.core
        assert core is not None, "this state has an open profile"
        return core

    @property
    def paths(self) -> Paths:
        return self._session._paths

    def part(self, key: str) -> Any:
        return self.window.part(key)

    def instrument_id(self, symbol: str) -> InstrumentId:
        found = self.core.reference.resolve(symbol, self.core.clock.now())
        assert found is not None, f"{symbol} names no instrument"
        return found.instrument_id


    @property
    def strip(self) -> QWidget:
        keeper = self._session._strip
        assert keeper is not None, "the window lives"
        assert keeper.strip is not None, "this state has the strip switched on"
        return keeper.strip


Act = Callable[[Scene], None]
View = Callable[[Scene], QWidget]


def _nothing(scene: Scene) -> None:
    pass


def _no_files(paths: Paths) -> None:
    pass


def _welcomed(paths: Paths) -> None:
    (paths.layouts_dir / "welcomed").touch()


@dataclass(frozen=True, slots=True)
class State:
    """`acts` happen at seconds of the demo day, which is held still at `until_s` (None: when the day has ended);
    `arrange` selects what is shown then, in the layout of this number; `view` is photographed instead of all tabs."""

    name: str
    arguments: tuple[str, ...] = ("--demo",)
    prepare: Callable[[Paths], None] = _welcomed
    acts: tuple[tuple[float, Act], ...] = ()
    until_s: float | None = MIDDAY_S
    arrange: Act = _nothing
    layout: int = 1
    is_first_sight: bool = False
    every_page: bool = False
    view: View | None = None
    sheets: tuple[tuple[str, Act], ...] = ()
    """Named dialogs and menus with what opens each, photographed instead of all tabs."""


# -- acts --------------------------------------------------------------------------------------------------


def _enter(symbol: str, qty: int, stop: str, scene: Scene) -> None:
    core = scene.core
    ticket = EntryTicket(
        account_id=AccountId("demo"),
        instrument_id=scene.instrument_id(symbol),
        side=Side.BUY,
        ord_type=OrdType.MARKET,
        order_qty=qty,
        time_in_force=TimeInForce.DAY,
        origin=MANUAL,
        protective_stop=Decimal(stop),
    )
    core.tasks.spawn(_entered(core, ticket), "enter by hand")


async def _entered(core: "Core", ticket: EntryTicket) -> None:
    result = await core.entries.enter(ticket)
    assert result.is_sent, result.decision.words


def _cut_the_broker(scene: Scene) -> None:
    """What the broker's adapter says when its link is gone."""
    scene.core.order_desk.on_link("paper", LinkState.DOWN, "the paper ledger cannot be written: the disk is full")


def _open_ladder(scene: Scene) -> None:
    """From then on it counts what is traded at each price."""
    scene.part("ladder")


def _kill(scene: Scene) -> None:
    scene.window.risk_bar.kill_pressed.emit()


def _halt(scene: Scene) -> None:
    core = scene.core
    from tradestream_gui.domain.accounts import TradingState

    for account in core.accounts.accounts():
        words = "the paper broker's positions differ from ours: ES Dec26 ours 2, the broker's 3"
        core.accounts.set_state(account.account_id, TradingState.HALTED, words)


def _post_long(scene: Scene) -> None:
    now = scene.core.clock.now()
    text = "ES long 6335 stop 6329\n" + "The level that I have named all week is holding again and again. " * 62
    scene.core.alerts.on_message(
        IncomingMessage(
            source="demo",
            channel_id="futures",
            channel_name=LONG_CHANNEL,
            message_id="long",
            author_id="jmoney",
            author_name=LONG_NAME,
            text=text[:4000],
            sent_at=now,
            order_no=900,
            arrival=Arrival.LIVE,
        )
    )


def _post_entry(scene: Scene) -> None:
    core = scene.core
    quote = core.board.quote(scene.instrument_id("ES"))
    assert quote is not None, "the demo quotes it"
    assert quote.last is not None, "the demo trades it"
    level = int(quote.last)
    core.alerts.on_message(
        IncomingMessage(
            source="demo",
            channel_id="futures",
            channel_name="futures-alerts",
            message_id="asked",
            author_id="jmoney",
            author_name="JMoney",
            text=f"ES long {level}: A\nStop: {level - 10}",
            sent_at=core.clock.now(),
            order_no=901,
            arrival=Arrival.LIVE,
        )
    )


def _practise(scene: Scene) -> None:
    """Breaks the link to the simulator for twenty seconds."""
    scene.core.tasks.spawn(_practised(scene.core), "practise an outage")


async def _practised(core: "Core") -> None:
    assert core.drill is not None, "the demo trades on the simulator"
    report = await core.drill.practise(DrillKind.LINK, AccountId("demo"), 20)
    assert not isinstance(report, str), report


# -- arrangements ------------------------------------------------------------------------------------------


def select_all(scene: Scene) -> None:
    _select_message(scene, Outcome.TRADED)
    _select_lot(scene)
    _fill_ticket(scene, "ES", "6322")


def _show_off(scene: Scene) -> None:
    """For the README: the ladder of the contract in the chart, which has a tape, and nothing over the log."""
    select_all(scene)
    scene.part("ladder").open_instrument(scene.instrument_id("ES"))
    scene.window.toasts.clear()


def _select_refused(scene: Scene) -> None:
    _select_message(scene, Outcome.REFUSED)
    _select_lot(scene)
    _fill_ticket(scene, "ES", "6290", qty=3)


def _select_long(scene: Scene) -> None:
    scene.part("messages").select_message(MessageKey("demo:futures:long"))
    _select_lot(scene)
    _fill_ticket(scene, "ES", "6322", qty=50)


def _select_message(scene: Scene, outcome: Outcome) -> None:
    core = scene.core
    for revision in reversed(core.alerts.messages()):
        decision = core.alerts.decision(revision.message_key)
        if decision is not None and decision.outcome is outcome:
            scene.part("messages").select_message(revision.message_key)
            return


def _select_lot(scene: Scene) -> None:
    lots = scene.core.lots.open_lots()
    if lots:
        scene.part("portfolio").reveal_lot(lots[0].lot_id)


def _fill_ticket(scene: Scene, symbol: str, stop: str, qty: int = 1) -> None:
    core = scene.core
    tab = scene.part("order_entry")
    tab.open_instrument(core.market.instrument(scene.instrument_id(symbol)), Side.BUY)
    tab.form.qty.setValue(qty)
    tab.form.set_ord_type(OrdType.MARKET)
    tab.form.stop.setText(stop)


def _open_palette(text: str, scene: Scene) -> None:
    select_all(scene)
    door = scene.window.findChild(WindowActions)
    assert door is not None, "the window acts"
    door._palette._made().open(text)


def _arm(scene: Scene) -> None:
    select_all(scene)
    scene.window.arming.arm()


def _drill_page(scene: Scene) -> QWidget:
    tab: QWidget = scene.window.show_tab("config")
    assert isinstance(tab, ConfigTab), "the plans make it"
    show_drill(tab)
    return tab


def _strip(scene: Scene) -> QWidget:
    return scene.strip


# -- files beforehand --------------------------------------------------------------------------------------


def _broken_config(paths: Paths) -> None:
    paths.config_file.write_text("version: 1\nmarket:\n  watchlist: 7\n", encoding="utf-8")


def _asking_config(paths: Paths) -> None:
    """Every alert is asked about, in the strip too."""
    _welcomed(paths)
    wanted = plain(demo_settings())
    wanted["appearance"]["alert_strip"] = True
    for row in wanted["routing"]["analysts"]:
        row["mode"] = "ASK"
    paths.config_file.write_text(file.render(Settings.model_validate(wanted)), encoding="utf-8")


def _long_config(paths: Paths) -> None:
    """Long names everywhere, and limits so wide that positions of millions pass."""
    _welcomed(paths)
    wanted = plain(demo_settings())
    wanted["accounts"][0] |= {"name": f"Evaluation account of {LONG_NAME}", "starting_cash": "98765432.10"}
    for row in wanted["routing"]["analysts"]:
        if row["id"] in ("jmoney", "rita"):
            row["name"] = f"{LONG_NAME} {row['id'][0].upper()}"
    for row in wanted["routing"]["channels"]:
        if row["id"] == "futures":
            row["name"] = LONG_CHANNEL
    risk = wanted["risk"]
    for limits in (risk, *(value for value in risk.values() if isinstance(value, dict))):
        limits.update({key: value for key, value in _WIDE.items() if key in limits})
    risk["daily_loss_limit"] = "1000000"
    text = file.render(Settings.model_validate(wanted))
    paths.config_file.write_text(text, encoding="utf-8")


_WIDE: dict[str, Any] = {
    "daily_loss_limit": "100000",
    "risk_per_trade": "100000",
    "max_order_qty_future": 50,
    "max_position_qty_future": 500,
    "max_minis": "500",
    "max_open_risk": "1000000",
    "same_side_entries": 50,
    "max_exposure_gross": "1000000000",
    "max_exposure_net": "1000000000",
    "duplicate_window_s": 0,
}

LONG_ENTRIES = tuple((5.0 + number, lambda scene: _enter("ES", 50, "6310", scene)) for number in range(3))

STATES = (
    State("first-start", arguments=(), prepare=_no_files, is_first_sight=True),
    State("empty", arguments=(), every_page=True),
    State("midday", arrange=select_all, every_page=True),
    State("end", until_s=None, arrange=select_all, every_page=True),
    State("long", ("--demo", "--resume"), _long_config, ((3.0, _post_long), *LONG_ENTRIES), 1300.0, _select_long),
    State("stale", until_s=SILENT_S, arrange=select_all),
    State("disconnected", acts=((1441.0, _cut_the_broker),), until_s=LONG_SILENT_S, arrange=select_all),
    State("refused", until_s=1200.0, arrange=_select_refused),
    State("locked", acts=((MIDDAY_S - 20, _kill),), arrange=select_all),
    State("halted", acts=((MIDDAY_S - 20, _halt),), arrange=select_all),
    State("readme", acts=((60.0, _open_ladder),), arrange=_show_off, is_first_sight=True),  # in dark and light
    State("palette", arrange=partial(_open_palette, "mes b 2 6326 s6316 t7/12"), is_first_sight=True),
    State("palette-find", arrange=partial(_open_palette, "stop"), is_first_sight=True),
    State("armed", arrange=_arm, is_first_sight=True),
    State("scalp", arrange=select_all, layout=2, is_first_sight=True),
    State("options", arrange=select_all, layout=3, is_first_sight=True),
    State("monitor", arrange=select_all, layout=4, is_first_sight=True),
    State("drill", acts=((MIDDAY_S - 60, _practise),), view=_drill_page),
    State("drill-running", acts=((MIDDAY_S - 8, _practise),), view=_drill_page),
    State("strip", ("--demo", "--resume"), _asking_config, ((60.0, _post_entry),), 62.0, view=_strip),
    State("broken-config", arguments=(), prepare=_broken_config, is_first_sight=True),
)
