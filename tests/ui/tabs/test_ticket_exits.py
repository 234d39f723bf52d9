"""The ticket's exits: named plans with their preview, size from risk, the dragged stop, and who is asked before."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.support import eventually
from tests.ui.tabs.rig import DEMO_ACCOUNT, Rig, demo_rig
from tests.ui.tabs.test_order_entry_tab import _texts, entries, market_of, question, shown, written
from tradestream_gui.domain.accounts import Account, AccountKind
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.orders import OrderRole, OrdType, Side
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.order_entry.submit import formal_doubts
from tradestream_gui.ui.tabs.order_entry.tab import OrderEntryTab
from tradestream_gui.ui.widgets.armed_frame import FRAME_PX, ArmedFrame
from tradestream_gui.ui.widgets.ticket.exits import BY_HAND


async def in_mes(rig: Rig, tab: OrderEntryTab, *, below: int = 4, stop: int = 9) -> Decimal:
    """A buy limit some points below the bid; answers its price."""
    quote = await written(rig, tab)
    assert quote.bid is not None
    tab.form.set_limit(quote.bid - below)
    tab.form.stop.set_price(quote.bid - stop)
    tab.flush()
    return quote.bid - below


def choose_plan(tab: OrderEntryTab, name: str) -> None:
    plan = tab.form.exits.plan
    plan.setCurrentText(name)
    plan.activated.emit(plan.currentIndex())
    tab.flush()


async def test_a_named_plan_lays_its_targets_says_what_they_bring_and_is_sent_whole(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        limit = await in_mes(rig, tab)
        choose_plan(tab, "futures")
        assert [field.typed().price for field in tab.form.targets] == [limit + 7, limit + 12]
        fee = rig.core.market.fee_per_side(DEMO_ACCOUNT, rig.instrument("MES"), rig.core.clock.now())
        assert fee is not None
        near, far = 35 - 2 * fee, 60 - 2 * fee
        assert tab.form.exits.preview.text() == (
            f"After fees: 1 at {limit + 7:,.2f} +${near:.2f}, stop to break-even\n1 at {limit + 12:,.2f} +${far:.2f}"
        )
        assert tab.bar.sentence.endswith(" by futures, Demo 50K")
        tab.submit()
        await rig.advance(2)
        (order,) = entries(rig)
        plan = rig.core.exits.plan(order.lot_id)
        assert plan is not None
        assert plan.allocations == ((limit + 7, Decimal("0.5")), (limit + 12, Decimal("0.5")))
        assert plan.break_even_after == 1


async def test_a_target_by_hand_makes_the_plan_one_by_hand(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        limit = await in_mes(rig, tab)
        choose_plan(tab, "futures in R")
        assert [field.typed().price for field in tab.form.targets] == [limit + 5, limit + 10]
        tab.form.stop.set_price(limit - 6)
        tab.flush()
        assert [field.typed().price for field in tab.form.targets] == [limit + 6, limit + 12]
        tab.form.targets[1].set_price(limit + 20)
        tab.flush()
        assert tab.form.exits.plan.currentText() == BY_HAND
        assert [field.typed().price for field in tab.form.targets] == [limit + 6, limit + 20]


async def test_the_quantity_follows_the_risk_and_the_stop(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        limit = await in_mes(rig, tab)
        fee = rig.core.market.fee_per_side(DEMO_ACCOUNT, rig.instrument("MES"), rig.core.clock.now())
        assert fee is not None
        tab.form.exits.risk.setText("$120")
        tab.flush()
        of_one = 25 + 2 * fee
        assert tab.form.qty.value() == int(120 / of_one) == 4
        assert tab.form.exits.risk_words.text() == f"4 × ${of_one:.2f} = ${of_one * 4:.2f}"
        tab.form.stop.set_price(limit - 10)
        tab.flush()
        assert tab.form.qty.value() == 2
        assert tab.bar.sentence.startswith("Buy 2 MES Dec26")
        tab.form.exits.risk.setText("20")
        tab.flush()
        assert not tab.bar.submit.isEnabled()
        assert "One contract risks" in tab.bar.words
        tab.form.exits.risk.setText("99,5")
        tab.flush()
        assert not tab.bar.submit.isEnabled()
        assert tab.form.exits.risk.accessibleDescription().startswith("“99,5” is no sum")
        tab.form.qty.setValue(3)
        tab.flush()
        assert tab.form.exits.risk.text() == ""
        assert tab.form.qty.value() == 3


async def test_dragging_the_stop_on_the_ruler_moves_field_quantity_and_sentence(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        limit = await in_mes(rig, tab)
        tab.form.exits.risk.setText("100")
        tab.flush()
        before = tab.form.qty.value()
        ruler = tab.form.exits.ruler
        assert ruler.isVisible()
        middle, start, end = ruler.height() // 2, ruler.x_of(limit - 5), ruler.x_of(limit - 2)
        left = Qt.MouseButton.LeftButton
        QTest.mousePress(ruler, left, Qt.KeyboardModifier.NoModifier, QPoint(start, middle))
        QTest.mouseMove(ruler, QPoint(end, middle))
        QTest.mouseRelease(ruler, left, Qt.KeyboardModifier.NoModifier, QPoint(end, middle))
        tab.flush()
        stop = tab.form.stop.typed().price
        assert stop is not None
        assert limit - 3 <= stop <= limit - 1
        assert tab.form.qty.value() > before
        assert f"stop {stop:,.2f}" in tab.bar.sentence


async def test_disarmed_the_button_asks_with_the_whole_order_and_no_sends_nothing(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        tab.arming.disarm()
        await written(rig, tab)
        tab.bar.submit.click()
        dialog = await question()
        assert tab.bar.sentence in _texts(dialog)
        assert "One-click entries are off" in _texts(dialog)
        dialog.cancel.click()
        await eventually(lambda: tab.bar.words == "Not sent.")
        assert not entries(rig)
        tab.bar.submit.click()
        (await question()).confirm.click()
        await eventually(lambda: len(entries(rig)) == 1)
        await rig.advance(2)


async def test_the_first_order_of_a_live_account_asks_though_armed_and_only_the_first(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        live, arming = AccountId("live"), Arming()
        book = AccountBook(rig.core.bus, rig.core.clock, rig.core.journal)
        book.restore([Account(live, "Live 1", AccountKind.LIVE, "TopstepX")], [])
        core = replace(rig.core, accounts=book)
        arming.arm()
        (words,) = formal_doubts(core, arming, live)
        assert "first order of this LIVE account" in words
        arming.note_confirmed(live)
        assert formal_doubts(core, arming, live) == []
        assert formal_doubts(rig.core, arming, DEMO_ACCOUNT) == []
        arming.disarm()
        assert "One-click entries are off" in formal_doubts(core, arming, live)[0]
        frame = ArmedFrame(look, arming)
        qtbot.addWidget(frame)
        assert frame.width_px == 0
        frame.show_kind(AccountKind.LIVE)
        assert frame.width_px == 1
        arming.arm()
        assert frame.width_px == FRAME_PX


async def test_an_option_limit_walks_from_the_middle_and_is_judged_by_its_cap(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await market_of(rig, tab, "AAPL")
        tab.form.symbol.as_option.click()
        await rig.advance(3)
        instrument = tab.form.symbol.instrument
        assert instrument is not None
        quote = rig.core.board.quote(instrument.instrument_id)
        assert quote is not None
        assert quote.ask is not None
        assert quote.mid is not None
        tab.form.set_side(Side.BUY)
        tab.form.set_ord_type(OrdType.LIMIT)
        tab.form.set_limit(quote.ask)
        tab.form.no_stop.setChecked(True)
        tab.flush()
        assert tab.form.walk.isVisible()
        assert "walked to limit" in tab.bar.sentence
        tab.submit()
        await eventually(lambda: rig.core.blotter.open_orders(DEMO_ACCOUNT, role=OrderRole.ENTRY))
        (order,) = entries(rig)
        assert order.limit_price is not None
        assert order.limit_price <= quote.mid
        await rig.advance(1)
        tab.form.walk.setChecked(False)
        tab.flush()
        assert "walked" not in tab.bar.sentence


async def test_the_card_tells_how_far_the_entry_is_from_the_newest_alert(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path, seconds=120) as rig:
        tab = shown(look, rig, qtbot)
        limit = await in_mes(rig, tab)
        told = tab.costs.texts()["From alert"]
        assert told.endswith(("worse", "better")) or told in ("the same", "other side", "–")
        assert tab.costs.texts()["Rule room"] == "–"
        assert limit > 0
