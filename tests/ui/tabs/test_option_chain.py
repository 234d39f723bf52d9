"""The option strip: prices for what is in sight only, and a click that puts contract, side and cap into the ticket."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.support import eventually
from tests.ui.tabs.rig import Rig, demo_rig
from tests.ui.tabs.test_order_entry_tab import market_of, shown
from tradestream_gui.domain.instruments import AssetClass, Right
from tradestream_gui.domain.orders import OrdType, Side
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.order_entry.tab import OrderEntryTab
from tradestream_gui.ui.widgets.option_chain import EACH_SIDE, ChainRow


async def chain_of(rig: Rig, tab: OrderEntryTab) -> None:
    await market_of(rig, tab, "AAPL")
    tab.form.symbol.as_option.click()
    await eventually(lambda: len(options(rig)) >= 2 * (2 * EACH_SIDE + 1))
    await rig.advance(3)
    tab.chain.refresh()
    tab.chain.model.flush()


def options(rig: Rig) -> set[str]:
    found = rig.core.subscriptions.instruments()
    return {one.instrument_id for one in found if one.asset_class is AssetClass.OPTION}


def row_at(tab: OrderEntryTab, number: int) -> ChainRow:
    row = tab.chain.model.row(tab.chain.model.key_at(number))
    assert row is not None
    return row


def click(tab: OrderEntryTab, number: int, key: str) -> None:
    column = next(place for place, each in enumerate(tab.chain.model.columns) if each.key == key)
    tab.chain.table.clicked.emit(tab.chain.model.index(number, column))


async def test_strikes_stand_round_the_price_with_both_sides_of_both_rights(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await chain_of(rig, tab)
        assert tab.chain.isVisible()
        assert not tab.book.isVisible()
        rows = [row_at(tab, number) for number in range(tab.chain.model.total)]
        assert [row.strike for row in rows] == sorted((row.strike for row in rows), reverse=True)
        assert sum(row.is_nearest for row in rows) == 1
        for row in rows:
            assert row.call_seen is not None
            assert row.call_seen.quote is not None
            assert row.put_seen is not None
            assert row.put_seen.quote is not None


async def test_a_click_on_an_ask_buys_with_that_price_as_the_cap(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await chain_of(rig, tab)
        row = row_at(tab, 2)
        assert row.put_seen is not None
        assert row.put_seen.quote is not None
        click(tab, 2, "put_ask")
        instrument = tab.form.symbol.instrument
        assert instrument is not None
        assert (instrument.right, instrument.strike) == (Right.PUT, row.strike)
        assert (tab.form.side, tab.form.ord_type) == (Side.BUY, OrdType.LIMIT)
        assert tab.form.limit.typed().price == row.put_seen.quote.ask
        click(tab, 1, "call_bid")
        assert tab.form.side is Side.SELL


async def test_another_expiry_and_a_hidden_strip_let_their_prices_go(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await chain_of(rig, tab)
        before, first = options(rig), _chosen(tab)
        tab.chain.expiry_buttons[1].click()
        await eventually(lambda: not (options(rig) & before) - {first})
        await eventually(lambda: len(options(rig)) >= 2 * (2 * EACH_SIDE + 1))
        assert tab.form.symbol.choose("MES")
        await eventually(lambda: not options(rig) - {first})
        assert tab.book.isVisible()
        await rig.advance(1)


def _chosen(tab: OrderEntryTab) -> str:
    instrument = tab.form.symbol.instrument
    return "" if instrument is None else instrument.instrument_id
