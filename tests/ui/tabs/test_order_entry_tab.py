"""The ticket on a real demo core: what its button says is what the broker gets, once, and refusals stand beside it."""

from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from tests.support import eventually
from tests.ui.tabs.rig import DEMO_ACCOUNT, Rig, demo_rig
from tradestream_gui.domain.instruments import AssetClass, Right
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus, OrdType, Side
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ui.shell.dialogs import QuestionDialog
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.order_entry.tab import OrderEntryTab
from tradestream_gui.ui.widgets.ticket.draft import entry_ticket


def shown(look: Look, rig: Rig, qtbot: QtBot) -> OrderEntryTab:
    tab = OrderEntryTab(look)
    qtbot.addWidget(tab)
    tab.resize(700, 520)
    tab.show()
    tab.attach(rig.core, rig.hub)
    tab.arming.arm()
    return tab


async def market_of(rig: Rig, tab: OrderEntryTab, symbol: str) -> Quote:
    assert tab.form.symbol.choose(symbol)
    await rig.advance(3)
    instrument = tab.form.symbol.instrument
    assert instrument is not None
    quote = rig.core.board.quote(instrument.instrument_id)
    assert quote is not None
    return quote


async def written(rig: Rig, tab: OrderEntryTab, side: Side = Side.BUY, qty: int = 2) -> Quote:
    """A limit away from the market in MES, complete."""
    quote = await market_of(rig, tab, "MES")
    assert quote.bid is not None
    tab.form.set_side(side)
    tab.form.qty.setValue(qty)
    tab.form.set_limit(quote.bid - 4 * side.sign)
    tab.form.stop.set_price(quote.bid - 9 * side.sign)
    tab.flush()
    return quote


def entries(rig: Rig) -> list[Order]:
    return [order for order in rig.core.blotter.orders() if order.origin.kind.value == "manual"]


async def test_the_button_carries_the_whole_order(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        quote = await written(rig, tab)
        assert quote.bid is not None
        words = f"Buy 2 MES Dec26 limit {quote.bid - 4:,.2f}, stop {quote.bid - 9:,.2f} (risk $50.00), Demo 50K"
        assert tab.bar.sentence == words
        assert tab.bar.submit.accessibleName() == words
        assert tab.bar.submit.isEnabled()


async def test_one_press_sends_one_order_that_is_what_the_button_said(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        quote = await written(rig, tab)
        assert quote.bid is not None
        tab.bar.submit.click()
        tab.bar.submit.click()
        tab.submit()
        await rig.advance(2)
        (order,) = entries(rig)
        assert (order.side, order.order_qty, order.ord_type) == (Side.BUY, 2, OrdType.LIMIT)
        assert order.limit_price == quote.bid - 4
        plan = rig.core.exits.plan(order.lot_id)
        assert plan is not None
        assert plan.stop_price == quote.bid - 9
        assert "BUY 2 MES Dec26 sent" in tab.bar.words


async def test_control_enter_sends_and_escape_only_empties(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        tab.activateWindow()
        await written(rig, tab)
        tab.form.stop.setFocus()
        QTest.keyClick(tab.form.stop, Qt.Key.Key_Escape)  # type: ignore[call-overload]  # the stub forgot "static"
        await rig.advance(2)
        assert not entries(rig)
        assert tab.form.side is None
        assert tab.form.stop.text() == ""
        await written(rig, tab)
        QTest.keyClick(tab.form.stop, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)  # type: ignore[call-overload]  # as above
        await rig.advance(2)
        assert len(entries(rig)) == 1


async def test_the_same_order_within_ten_seconds_asks_with_its_numbers(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await written(rig, tab)
        tab.submit()
        await rig.advance(2)
        tab.flush()
        tab.submit()
        dialog = await question()
        assert "The very same order was sent 2 s ago." in _texts(dialog)
        assert len(entries(rig)) == 1
        dialog.confirm.click()
        await eventually(lambda: len(entries(rig)) == 2)
        await rig.advance(2)


async def test_a_price_far_from_the_market_asks_and_no_sends_nothing(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        quote = await written(rig, tab)
        assert quote.bid is not None
        tab.form.set_limit(quote.bid - 100)
        tab.form.stop.set_price(quote.bid - 105)
        tab.flush()
        tab.submit()
        dialog = await question()
        assert "from the market at" in _texts(dialog)
        dialog.cancel.click()
        await eventually(lambda: tab.bar.words == "Not sent.")
        assert not entries(rig)


async def test_what_is_missing_stands_beside_its_field_and_the_button_waits(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        quote = await written(rig, tab)
        assert quote.bid is not None
        tab.form.stop.setText("6,300.13")
        tab.flush()
        assert tab.form.stop.property("invalid") == "true"
        assert "Not on the tick of 0.25" in tab.form.stop.accessibleDescription()
        assert not tab.bar.submit.isEnabled()
        tab.form.stop.set_price(quote.bid + 20)
        tab.flush()
        assert "The stop must be below the entry" in tab.form.stop.accessibleDescription()
        tab.form.stop.setText("abc")
        tab.flush()
        assert tab.form.stop.accessibleDescription() == "“abc” is no price."
        tab.form.stop.setText("6300,25")
        tab.flush()
        words = "“6300,25” is no price: a comma marks thousands, write 6300.25."
        assert tab.form.stop.accessibleDescription() == words
        assert not tab.bar.submit.isEnabled()


async def test_no_stop_must_be_ticked_and_warns_as_long_as_it_is(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await written(rig, tab)
        tab.form.stop.clear()
        tab.flush()
        assert not tab.bar.submit.isEnabled()
        tab.form.no_stop.setChecked(True)
        tab.flush()
        assert tab.form.warning.isVisible()
        assert ", NO STOP, " in tab.bar.sentence
        assert tab.bar.submit.isEnabled()


async def test_a_rail_that_refuses_is_told_with_numbers_before_the_click(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await written(rig, tab)
        rig.core.kill.kill("tested")
        tab.flush()
        assert not tab.bar.submit.isEnabled()
        assert "LOCKED" in tab.bar.words
        first = tab.rails.model.row(tab.rails.model.keys[0])
        assert first is not None
        assert not first.passed
        await rig.advance(1)


async def test_the_card_tells_cost_loss_and_room_before_the_click(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await written(rig, tab)
        decision = rig.core.entries.judge(_ticket(tab))
        texts = tab.costs.texts()
        assert texts["Loss at stop"] == "$50.00"
        assert decision.fees is not None
        assert texts["All fees"] == f"${decision.fees:.2f}"
        assert texts["Room now"] == "$500.00"
        assert texts["Room after"] == f"${500 - 50 - decision.fees:.2f}"


async def test_a_ticket_against_the_hands_own_lot_reduces_it(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await written(rig, tab)
        tab.form.set_ord_type(OrdType.MARKET)
        tab.flush()
        tab.submit()
        await rig.advance(4)
        (lot,) = rig.core.lots.open_lots(DEMO_ACCOUNT)
        assert lot.open_qty == 2
        tab.form.set_side(Side.SELL)
        tab.form.qty.setValue(1)
        tab.flush()
        assert tab.bar.sentence == "Sell 1 MES Dec26 at market: leaves 1 of your 2 long, Demo 50K"
        tab.submit()
        await rig.advance(4)
        (left,) = rig.core.lots.open_lots(DEMO_ACCOUNT)
        assert (left.lot_id, left.open_qty) == (lot.lot_id, 1)


async def test_flatten_and_cancel_all_work_for_the_symbol_in_the_ticket(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await written(rig, tab)
        tab.submit()
        await rig.advance(2)
        tab.bar.cancel_all.click()
        await rig.advance(2)
        assert [order.ord_status for order in entries(rig)] == [OrdStatus.CANCELED]
        tab.form.set_ord_type(OrdType.MARKET)
        tab.flush()
        tab.submit()
        await rig.advance(4)
        assert rig.core.lots.open_lots(DEMO_ACCOUNT)
        rig.core.kill.kill("even when locked")
        tab.flush()
        assert tab.bar.flatten.isEnabled()
        tab.bar.flatten.click()
        await rig.advance(4)
        assert not rig.core.lots.open_lots(DEMO_ACCOUNT)
        assert not rig.core.blotter.open_orders(DEMO_ACCOUNT, role=OrderRole.STOP)


async def test_an_option_is_picked_by_expiry_strike_and_right(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await market_of(rig, tab, "AAPL")
        tab.form.symbol.as_option.click()
        picker = tab.form.symbol.option
        picker.strike.setEditText("275")
        picker.put.click()
        found = tab.form.symbol.instrument
        assert found is not None
        assert (found.asset_class, found.root, found.right) == (AssetClass.OPTION, "AAPL", Right.PUT)
        assert str(found.strike) == "275"


async def test_the_quote_strip_says_demo_and_how_old_the_price_is(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await market_of(rig, tab, "ES")
        tab.flush()
        bid, ask, _last, age, kind = tab.quote.texts()
        assert bid != ask
        assert kind == "DEMO"
        assert age.endswith("s old")
        await rig.opened.running.outside.feed.close()
        await rig.advance(60)
        tab.flush()
        assert "too old to trade on" in tab.quote.texts()[3]


async def test_an_unknown_symbol_is_told_beside_the_field(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        assert not tab.form.symbol.choose("XYZZY9")
        assert "names nothing that is known here" in tab.form.symbol.field.accessibleDescription()
        assert tab.form.symbol.choose("ES")
        assert tab.form.symbol.line() == "E-mini S&P 500, tick 0.25 = $12.50, last day 18 Dec 26"


async def test_every_control_of_the_ticket_has_a_name(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await written(rig, tab)
        kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox)
        inner = ("qt_spinbox_lineedit",)
        unnamed = [
            control
            for kind in kinds
            for control in tab.findChildren(kind)
            if control.isVisible() and control.objectName() not in inner and not control.accessibleName()
            and not (isinstance(control, QAbstractButton) and control.text())
        ]  # fmt: skip
        assert not unnamed


async def test_the_ticket_fits_between_the_docks_of_the_smallest_window(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await written(rig, tab)
        least = tab.minimumSizeHint()
        assert (least.width() <= 690, least.height() <= 350) == (True, True), (least.width(), least.height())


def _ticket(tab: OrderEntryTab) -> EntryTicket:
    ticket = entry_ticket(tab.form.draft())
    assert ticket is not None
    return ticket


async def question() -> QuestionDialog:
    found = await eventually(_question)
    assert found is not None
    return found


def _question() -> QuestionDialog | None:
    found = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QuestionDialog)]
    return next((dialog for dialog in found if dialog.isVisible()), None)


def _texts(dialog: QuestionDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))
