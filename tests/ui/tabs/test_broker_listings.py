"""What TWS lists, in the ticket: its expiries, strikes and months, how old that is, and an order for that very one."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.stories.ibkr_life import CODE, ready
from tests.support import eventually
from tests.ui.tabs.tws_desk import Desk, trading
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.orders import Side
from tradestream_gui.market.option_choice import OptionDay
from tradestream_gui.ui.shell.look import Look

FRIDAYS = [OptionDay(date(2026, 11, 20), "QQQ"), OptionDay(date(2026, 11, 27), "QQQ")]
LISTED = [Decimal(strike) for strike in range(495, 506)]


async def test_options_are_those_of_tws_and_the_order_names_its_contract(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with trading(tmp_path, look, qtbot) as desk:
        server, tab = desk.life.server, desk.tab
        server.price(f"{'QQQ':<6}261127C00501000", "4.90", "5.00", "4.95")
        await desk.open_options()
        assert desk.option.source.text() == "Asking IBKR what it lists on QQQ…"
        assert desk.symbol.instrument is None, "usual steps are not offered while TWS may list others"
        await eventually(lambda: desk.days() == FRIDAYS, why="the expiries of TWS")
        assert desk.strikes() == LISTED
        assert desk.option.source.text() == "As IBKR listed them 0 s ago"
        await eventually(lambda: desk.in_strip() == [Decimal(at) for at in range(504, 497, -1)], why="its strikes")
        tab.chain.expiry_buttons[1].click()
        row = tab.chain.model.row(Decimal(501))
        assert row is not None
        assert row.call is not None
        call = row.call
        await eventually(lambda: desk.life.core.board.quote(call.instrument_id), why="a price of the call")
        tab.chain.refresh()
        tab.chain.model.flush()
        tab.chain.table.clicked.emit(tab.chain.model.index(3, 1))
        assert desk.symbol.instrument == call
        assert tab.form.side is Side.BUY
        tab.form.no_stop.setChecked(True)
        tab.form.walk.setChecked(False)
        tab.flush()
        tab.submit()
        await eventually(server.exchange.fills.copy, why=f"the order is filled: {tab.bar.sentence}")
        listed = server.contracts.by_local_symbol(call.instrument_id)
        assert [fill.order.contract.con_id for fill in server.exchange.fills] == [listed.con_id]
        await eventually(lambda: desk.life.core.lots.open_lots(AccountId(CODE)), why="the lot is ours")


async def test_option_that_is_not_listed_is_told_and_another_account_has_usual_steps(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with trading(tmp_path, look, qtbot) as desk:
        await desk.open_options()
        await eventually(lambda: desk.days() == FRIDAYS, why="the expiries of TWS")
        desk.option.strike.setEditText("777")
        assert desk.option.source.text().startswith("IBKR does not list this option and would refuse it")
        chosen = desk.symbol.instrument
        desk.use_account("sim")
        assert (desk.symbol.instrument, desk.option.source.text()) == (chosen, "")
        assert len(desk.days()) > len(FRIDAYS)
        desk.life.clock.offset += timedelta(minutes=2)
        desk.use_account(CODE)
        assert desk.symbol.instrument == chosen, "what a person chose stays chosen"
        desk.option.strike.setEditText("500")
        desk.tab.form.follow_listing()
        assert desk.option.source.text() == "As IBKR listed them 2 min ago"


async def test_tws_that_cannot_be_asked_leaves_usual_steps_with_the_reason_and_is_asked_again(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with trading(tmp_path, look, qtbot, is_up=False) as desk:
        desk.symbol.choose("QQQ")
        desk.symbol.as_option.click()
        await eventually(lambda: desk.option.source.text().startswith("Usual steps, not IBKR's: "), why="the reason")
        assert "is asked again every half a minute" in desk.option.source.text()
        assert len(desk.days()) > len(FRIDAYS)
        await desk.life.server.start()
        await ready(desk.life)
        await eventually(lambda: desk.days() == FRIDAYS, why="the expiries of TWS, once it answers")


async def test_index_shows_both_kinds_of_its_options(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with trading(tmp_path, look, qtbot) as desk:
        assert desk.symbol.choose("SPX")
        third = date(2026, 12, 18)
        await eventually(lambda: desk.days() == [OptionDay(third, "SPX"), OptionDay(third, "SPXW")], why="both kinds")
        assert [desk.option.expiry.itemText(place) for place in (0, 1)] == ["18 Dec 26 SPX", "18 Dec 26"]
        assert desk.strikes() == [Decimal(strike) for strike in range(6300, 6400, 25)], "all: SPX has no price here"
        desk.option.strike.setCurrentText("6350")
        instrument = desk.symbol.instrument
        assert instrument is not None
        assert instrument.instrument_id.startswith("SPX   261218C")
        (session,) = desk.life.server.sessions
        await eventually(
            lambda: "SPX" in {line.contract.trading_class for line in session.market.lines.values()},
            why="prices of that very contract",
        )


async def test_root_means_the_month_that_tws_still_lists(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with trading(tmp_path, look, qtbot, gone="ESZ6") as desk:
        await eventually(lambda: any(session.is_ready for session in desk.life.server.sessions), why="logged in")
        assert desk.symbol.choose("ES")
        await eventually(lambda: _name(desk) == "ESH7", why="the month that leads there")
        assert [desk.symbol.months.itemText(place) for place in range(desk.symbol.months.count())] == ["Mar27"]
        assert desk.symbol.choose("ESZ6")
        assert _name(desk) == "ESZ6", "a month by name stays what it is"
        assert "IBKR does not list this month among the next" in desk.symbol.months.toolTip()


async def test_month_does_not_change_under_an_order_that_is_begun(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with trading(tmp_path, look, qtbot, gone="ESZ6") as desk:
        assert desk.symbol.choose("ES")
        desk.tab.form.set_side(Side.BUY)
        months = desk.life.core.listings.months
        await eventually(lambda: months("ibkr", "ES").is_known, why="TWS has answered")
        assert _name(desk) == "ESZ6"


def _name(desk: Desk) -> str:
    return "" if desk.symbol.instrument is None else str(desk.symbol.instrument.instrument_id)
