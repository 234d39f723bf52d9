"""Orders typed as a line: exactly that order once when armed, a question when disarmed, a reason for anything else."""

from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel

from tests.support import eventually
from tests.ui.palette.scenes import palette_scene, question
from tradestream_gui.domain.orders import OrdType, Side
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.order_entry.tab import OrderEntryTab


async def test_an_armed_line_places_exactly_that_order_once(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        quote = await here.quote("MES")
        assert quote.bid is not None
        limit = quote.bid - 4
        here.window.arming.arm()
        palette = here.type(f"mes b 2 {limit} s{limit - 10} t7/12")
        words = (
            f"Buy 2 MES Dec26 limit {limit:,.2f}, stop {limit - 10:,.2f} (risk $100.00), "
            f"target {limit + 7:,.2f} / {limit + 12:,.2f}, Demo 50K"
        )
        assert palette.panel.sentence.text() == words
        assert palette.panel.words.text() == "Armed: Enter sends it."
        assert palette.panel.costs.texts()["Loss at stop"] == "$100.00"
        assert f"1 at {limit + 7:,.2f}" in palette.panel.exits.text()
        here.press(palette)
        assert not palette.isVisible()
        here.press(palette)
        await here.rig.advance(2)
        (order,) = here.orders()
        assert (order.side, order.order_qty, order.ord_type) == (Side.BUY, 2, OrdType.LIMIT)
        assert order.limit_price == limit
        plan = here.rig.core.exits.plan(order.lot_id)
        assert plan is not None
        assert plan.stop_price == limit - 10
        assert [price for price, _ in plan.allocations] == [limit + 7, limit + 12]


async def test_the_same_line_again_is_asked_about(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        quote = await here.quote("MES")
        assert quote.bid is not None
        here.window.arming.arm()
        for _ in range(2):
            here.press(here.type(f"mes b 1 {quote.bid - 4} s10"))
            await here.rig.advance(2)
        dialog = await question()
        assert "The very same order was sent" in " ".join(label.text() for label in dialog.findChildren(QLabel))
        dialog.cancel.click()
        await here.rig.advance(1)
        assert len(here.orders()) == 1


async def test_the_same_order_by_another_part_of_the_window_is_asked_about(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        quote = await here.quote("MES")
        assert quote.bid is not None
        here.window.arming.arm()
        here.press(here.type(f"mes b 1 {quote.bid - 4} s10"))
        await here.rig.advance(2)
        tab = here.window.part("order_entry")
        assert isinstance(tab, OrderEntryTab)
        assert tab.form.symbol.choose("MES")
        tab.form.set_side(Side.BUY)
        tab.form.qty.setValue(1)
        tab.form.set_limit(quote.bid - 4)
        tab.form.stop.set_price(quote.bid - 14)
        tab.flush()
        tab.submit()
        dialog = await question()
        assert "The very same order was sent" in " ".join(label.text() for label in dialog.findChildren(QLabel))
        dialog.cancel.click()
        await here.rig.advance(1)
        assert len(here.orders()) == 1


async def test_a_disarmed_line_asks_with_its_sentence_and_no_sends_nothing(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        quote = await here.quote("MES")
        assert quote.ask is not None
        palette = here.type(f"mes s 1 {quote.ask + 4} s{quote.ask + 9}")
        sentence = palette.panel.sentence.text()
        assert palette.panel.words.text() == "Disarmed: Enter asks first."
        here.press(palette)
        dialog = await question()
        assert sentence in [label.text() for label in dialog.findChildren(QLabel)]
        dialog.cancel.click()
        await here.rig.advance(2)
        assert not here.orders()
        here.window.activateWindow()
        await eventually(here.window.isActiveWindow)
        here.press(here.type(f"mes s 1 {quote.ask + 4} s{quote.ask + 9}"))
        (await question()).confirm.click()
        await here.rig.advance(2)
        await eventually(lambda: len(here.orders()) == 1)
        assert here.orders()[0].side is Side.SELL


async def test_what_is_wrong_is_named_and_enter_sends_nothing(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        quote = await here.quote("MES")
        assert quote.bid is not None
        here.window.arming.arm()
        for line, words in (
            ("mess b 2 6326 s6316", "“MESS” names no contract"),
            ("mes x 2 6326", "“x” is no side"),
            ("mes b 2 cheap", "“cheap” is no limit price"),
            (f"mes b 2 {quote.bid} s10 now", "“now” is not known here"),
            (f"mes b 2 {quote.bid}", "Give a stop, s6316 as a price or s10p as points, or write ns for none."),
            (f"mes b 2 {quote.bid} s{quote.bid + 5}", "The stop must be below the entry"),
            (f"mes b 2 {quote.bid} s10.1", "Not on the tick of 0.25"),
        ):
            palette = here.type(line)
            assert words in palette.panel.words.text(), line
            here.press(palette)
            assert palette.isVisible(), "what may not go stays to be mended"
            here.press(palette, Qt.Key.Key_Escape)
        await here.rig.advance(2)
        assert not here.orders()


async def test_bare_numbers_are_points_for_a_future_and_prices_for_a_stock(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        await here.quote("MES")
        await here.quote("AAPL")
        shown = {}
        for line in ("mes b 1 6000 s10 t7p", "aapl b 1 200 s90 t210", "aapl b 1 200 s2p t5p"):
            palette = here.type(line)
            shown[line] = palette.panel.sentence.text()
            here.press(palette, Qt.Key.Key_Escape)
        assert "stop 5,990.00" in shown["mes b 1 6000 s10 t7p"]
        assert "target 6,007.00" in shown["mes b 1 6000 s10 t7p"]
        assert "stop 90.00" in shown["aapl b 1 200 s90 t210"]
        assert "stop 198.00" in shown["aapl b 1 200 s2p t5p"]
        assert "target 205.00" in shown["aapl b 1 200 s2p t5p"]


async def test_the_other_side_of_the_own_position_only_reduces_and_needs_no_arming(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        quote = await here.quote("MES")
        assert quote.bid is not None
        here.window.arming.arm()
        here.press(here.type("mes b 2 mkt s20"))
        await here.rig.advance(3)
        (lot,) = here.rig.core.lots.open_lots()
        here.window.arming.disarm()
        palette = here.type("mes s 3 mkt")
        assert "would turn the position round" in palette.panel.words.text()
        here.press(palette, Qt.Key.Key_Escape)
        palette = here.type("mes s 1 mkt")
        assert "leaves 1 of your 2 long" in palette.panel.sentence.text()
        here.press(palette)
        await here.rig.advance(3)
        left = here.rig.core.lots.lot(lot.lot_id)
        assert left is not None
        assert left.open_qty == 1


async def test_a_price_alert_is_set_by_its_line(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        await here.quote("ES")
        palette = here.type("ES above 9000")
        assert palette.panel.sentence.text() == "Tell me when ES Dec26 trades at or above 9,000.00"
        here.press(palette)
        assert not palette.isVisible()
        (alert,) = here.rig.core.price_alerts.alerts()
        assert (alert.is_above, alert.price) == (True, 9000)
        palette = here.type("ES above 9000")
        here.press(palette)
        assert "is set already" in palette.panel.words.text()
