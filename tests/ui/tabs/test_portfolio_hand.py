"""What a hand does to positions in the Portfolio tab: net closes with the lots that pay, reverse, adopt, trail."""

from decimal import Decimal
from pathlib import Path

from PyQt6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from tests.support import eventually
from tests.ui.tabs.rig import DEMO_ACCOUNT, Rig, demo_rig
from tests.ui.tabs.test_portfolio_tab import bought, shown
from tests.ui.tabs.tickets import long_by_hand
from tradestream_gui.adapters.brokers.paper import CuttableBroker
from tradestream_gui.domain.ids import AnalystId, InstrumentId, LotId, MessageKey
from tradestream_gui.domain.orders import MANUAL, OrderRole, Origin, OriginKind, Side
from tradestream_gui.domain.positions import Lot, OpenPart
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.dialogs import QuestionDialog
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.portfolio.hand import break_even_with_fees, payers
from tradestream_gui.ui.tabs.portfolio.tab import PortfolioTab
from tradestream_gui.ui.widgets.price_dialog import PriceDialog
from tradestream_gui.ui.widgets.trail_dialog import TrailDialog


def armed(look: Look, rig: Rig, qtbot: QtBot) -> PortfolioTab:
    """The tab with an arming that is on."""
    tab, arming = PortfolioTab(look), Arming()
    qtbot.addWidget(tab)
    arming.arm()
    arming.setParent(tab)
    tab.use_arming(arming)
    tab.resize(900, 620)
    tab.show()
    tab.attach(rig.core, rig.hub)
    return tab


async def bought_more(rig: Rig, qty: int) -> None:
    """A second lot by hand of the same contract."""
    assert (await rig.core.entries.enter(long_by_hand(rig, "MES", qty, stop_below=8))).is_sent
    await rig.advance(4)


async def dialog_of(kind: type[QDialog]) -> QDialog:
    def find() -> QDialog | None:
        found = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]
        return found[0] if found else None

    found = await eventually(find)
    assert found is not None
    return found


async def test_half_of_a_net_position_says_which_lots_pay_and_sends_exactly_that(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await bought(rig, qty=1)
        await bought_more(rig, qty=2)
        tab.positions.net_button.click()
        tab.flush()
        tab.positions.table.selectRow(0)
        said: list[str] = []
        tab.said.connect(said.append)
        button = tab.positions.lot_bar.closes[50]
        assert button.text() == "50 %: sell 2, keep 1"
        assert "paid by Manual 1, Manual 1" in button.toolTip().replace("\n", " ")
        button.click()
        button.click()
        await rig.advance(4)
        assert rig.core.lots.net_qty(DEMO_ACCOUNT, rig.instrument("MES").instrument_id) == 1
        assert said[0] == "MES Dec26, 50 % of 3: sell 2, keep 1; paid by Manual 1, Manual 1"


def test_lots_by_hand_pay_first_then_the_oldest() -> None:
    def lot(name: str, origin: Origin) -> Lot:
        parts = (OpenPart(2, Decimal(100)),)
        return Lot(LotId(name), DEMO_ACCOUNT, InstrumentId("MESZ6"), origin, Side.BUY, parts)

    jm = Origin(OriginKind.ALERT, MessageKey("x:y:1"), AnalystId("jm"), analyst_name="JM")
    lots = [lot("old", jm), lot("new", jm), lot("hand", MANUAL)]
    assert [payer.words for payer in payers(lots, 5)] == ["Manual 2", "JM 2", "JM 1"]
    assert [payer.lot.lot_id for payer in payers(lots, 5)] == ["hand", "old", "new"]


async def test_armed_reverse_closes_and_opens_the_other_side_with_the_same_distance(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = armed(look, rig, qtbot)
        lot = await bought(rig, qty=2)
        tab.flush()
        tab.positions.select_lot(lot.lot_id)
        tab.positions.lot_bar.reverse.click()
        tab.positions.lot_bar.reverse.click()
        await rig.advance(6)
        (turned,) = rig.core.lots.open_lots(DEMO_ACCOUNT)
        assert (turned.side, turned.open_qty) == (Side.SELL, 2)
        plan = rig.core.exits.plan(turned.lot_id)
        assert plan is not None
        assert plan.stop_price is not None
        assert turned.avg_entry is not None
        assert plan.stop_price > turned.avg_entry


async def test_disarmed_reverse_asks_with_every_number_and_no_changes_nothing(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        lot = await bought(rig, qty=2)
        tab.flush()
        tab.positions.select_lot(lot.lot_id)
        tab.positions.lot_bar.reverse.click()
        dialog = await dialog_of(QuestionDialog)
        assert isinstance(dialog, QuestionDialog)
        assert dialog.confirm.text() == "Sell 2, then sell 2 more"
        dialog.cancel.click()
        await rig.advance(4)
        assert [(one.side, one.open_qty) for one in rig.core.lots.open_lots(DEMO_ACCOUNT)] == [(Side.BUY, 2)]
        tab.positions.lot_bar.reverse.click()
        dialog = await dialog_of(QuestionDialog)
        assert isinstance(dialog, QuestionDialog)
        dialog.confirm.click()
        await eventually(lambda: _is_leaving(rig, lot))
        await rig.advance(6)
        assert [(one.side, one.open_qty) for one in rig.core.lots.open_lots(DEMO_ACCOUNT)] == [(Side.SELL, 2)]


async def test_an_external_position_is_adopted_by_the_stop_that_is_typed(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await rig.advance(3)
        gold = rig.instrument("MES")
        line = rig.opened.running.outside.broker
        assert isinstance(line, CuttableBroker)
        broker = line.beyond
        exchange = broker._exchange
        exchange._enter(exchange._own_order(DEMO_ACCOUNT, gold.instrument_id, 2, rig.core.clock.now()))
        broker._keep_changes()
        await rig.advance(3)
        tab.flush()
        tab.positions.table.selectRow(0)
        bar = tab.positions.lot_bar
        assert bar.adopt.isVisible()
        assert all(button.isHidden() for button in (*bar.closes.values(), bar.reverse, bar.break_even))
        bar.adopt.click()
        dialog = await dialog_of(PriceDialog)
        assert isinstance(dialog, PriceDialog)
        quote = rig.core.board.quote(gold.instrument_id)
        assert quote is not None
        assert quote.bid is not None
        dialog.field.setText(f"{quote.bid + 20}")
        assert not dialog.confirm.isEnabled()
        dialog.field.setText(f"{quote.bid - 9}")
        dialog.confirm.click()
        await eventually(lambda: rig.core.lots.open_lots(DEMO_ACCOUNT, gold.instrument_id))
        await rig.advance(3)
        (lot,) = rig.core.lots.open_lots(DEMO_ACCOUNT, gold.instrument_id)
        assert (lot.origin.kind, lot.open_qty) == (OriginKind.ADOPTED, 2)
        (stop,) = rig.core.blotter.exits_of_lot(lot.lot_id, OrderRole.STOP)
        assert (stop.leaves_qty, stop.stop_price) == (2, quote.bid - 9)
        assert rig.core.lots.external() == {}


async def test_the_stop_trails_from_the_row_and_ends_there(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        lot = await bought(rig)
        tab.flush()
        tab.positions.select_lot(lot.lot_id)
        tab.positions.lot_bar.trail.click()
        dialog = await dialog_of(TrailDialog)
        assert isinstance(dialog, TrailDialog)
        assert not dialog.confirm.isEnabled()
        dialog.distance_field.setText("3")
        dialog.confirm.click()
        await eventually(lambda: _trails(rig, lot))
        plan = rig.core.exits.plan(lot.lot_id)
        assert plan is not None
        assert plan.stop_price is not None
        assert plan.best_price is not None
        assert plan.best_price - plan.stop_price <= Decimal("3.25")
        tab.positions.lot_bar.trail.click()
        dialog = await dialog_of(TrailDialog)
        assert isinstance(dialog, TrailDialog)
        dialog.end.click()
        await eventually(lambda: not _trails(rig, lot))
        await rig.advance(2)


async def test_break_even_with_fees_lies_where_both_ways_are_earned(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        lot = await bought(rig)
        price = break_even_with_fees(rig.core, lot)
        instrument = rig.core.market.instrument(lot.instrument_id)
        per_side = rig.core.market.fee_per_side(DEMO_ACCOUNT, instrument, rig.core.clock.now())
        assert price is not None
        assert lot.avg_entry is not None
        assert per_side is not None
        gained = instrument.money(price - lot.avg_entry, lot.open_qty)
        fees = 2 * per_side * lot.open_qty
        assert fees <= gained < fees + instrument.money(instrument.tick_size, lot.open_qty)


async def test_every_entry_is_cancelled_by_one_button_and_stops_stay(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        lot = await bought(rig)
        await rig.core.entries.enter(long_by_hand(rig, "MES", limit_below=20, stop_below=26))
        await rig.advance(2)
        tab.pull.click()
        await rig.advance(2)
        assert not rig.core.blotter.open_orders(DEMO_ACCOUNT, role=OrderRole.ENTRY)
        assert len(rig.core.blotter.exits_of_lot(lot.lot_id, OrderRole.STOP)) == 1


def _is_leaving(rig: Rig, lot: Lot) -> bool:
    plan = rig.core.exits.plan(lot.lot_id)
    return plan is not None and plan.close_qty == lot.open_qty


def _trails(rig: Rig, lot: Lot) -> bool:
    plan = rig.core.exits.plan(lot.lot_id)
    return plan is not None and plan.trail is not None
