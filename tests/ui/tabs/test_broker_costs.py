"""What TWS says that an order would cost, in the ticket before the click: asked about, never placed."""

from decimal import Decimal
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.servers.tws.server import MARGIN_SHARE
from tests.support import eventually
from tests.ui.tabs.tws_desk import Desk, trading
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.orders import Side
from tradestream_gui.ui.shell.look import Look

ASKED = "Asking IBKR what this order would cost…"


def write(desk: Desk, qty: int = 2) -> None:
    form = desk.tab.form
    assert desk.symbol.choose("ES")
    form.set_side(Side.BUY)
    form.qty.setValue(qty)
    form.set_limit(Decimal("6320.00"))
    form.stop.set_price(Decimal("6310.00"))
    desk.tab.flush()


def figures(desk: Desk) -> tuple[str, str]:
    desk.tab.flush()
    texts = desk.tab.costs.texts()
    return texts["Margin"], texts["Broker fee"]


async def test_margin_and_commission_are_those_of_tws_and_nothing_was_placed(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with trading(tmp_path, look, qtbot) as desk:
        write(desk)
        assert figures(desk) == ("–", "–"), "unknown until TWS has said it"
        assert ASKED in desk.tab.costs.tip("Margin")
        there = Decimal("6320.00") * 50 * 2
        await eventually(lambda: figures(desk)[1] == "$4.50", why="the commission by TWS")
        assert figures(desk)[0] == f"${there * MARGIN_SHARE:,.2f}"
        assert desk.tab.costs.tip("Margin").startswith("<qt>IBKR said 0 s ago: initial margin +$")
        asked = desk.life.server.what_ifs
        desk.tab.form.set_limit(Decimal("6319.75"))
        assert figures(desk) == ("–", "–"), "another order is another question"
        await eventually(lambda: figures(desk)[1] == "$4.50", why="its answer")
        desk.tab.form.set_limit(Decimal("6320.00"))
        assert figures(desk)[1] == "$4.50", "what was asked within the minute is known"
        assert desk.life.server.what_ifs == asked + 1
        assert desk.life.server.orders_taken() == 0
        assert list(desk.life.core.blotter.orders()) == []


async def test_order_that_changes_while_tws_is_asked_waits_for_its_own_answer(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with trading(tmp_path, look, qtbot) as desk:
        write(desk)
        assert figures(desk) == ("–", "–")
        desk.tab.form.set_limit(Decimal("6300.00"))
        assert figures(desk) == ("–", "–"), "the answer on its way is another order's"
        assert ASKED in desk.tab.costs.tip("Margin")
        there = Decimal("6300.00") * 50 * 2
        await eventually(lambda: figures(desk)[0] == f"${there * MARGIN_SHARE:,.2f}", why="its own margin")


async def test_order_that_tws_would_refuse_is_told_before_the_click(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with trading(tmp_path, look, qtbot) as desk:
        words = "Order rejected - reason:YOUR ORDER IS NOT ACCEPTED. MINIMUM OF 2000 USD"
        desk.life.server.faults.what_if_refused = 201, words
        write(desk)
        await eventually(lambda: figures(desk) and "MINIMUM OF 2000 USD" in desk.tab.costs.tip("Margin"), why="why")
        assert figures(desk) == ("–", "–")
        assert desk.tab.costs.tip("Broker fee").startswith("<qt>IBKR did not say: TWS would refuse this order")


async def test_note_about_the_order_is_no_refusal_of_the_question(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with trading(tmp_path, look, qtbot) as desk:
        desk.life.server.faults.what_if_noted = 399, "Warning: your order will not be placed before 17:00"
        write(desk)
        await eventually(lambda: figures(desk)[1] == "$4.50", why="the commission by TWS")


async def test_simulator_has_the_margin_of_the_table_and_says_so(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with trading(tmp_path, look, qtbot) as desk:
        desk.use_account("sim")
        write(desk)
        assert figures(desk) == ("$1,000.00", "–")
        assert "Day margin by the table of 2026-01-01" in desk.tab.costs.tip("Margin")
        assert desk.life.server.what_ifs == 0


async def test_broker_of_a_locked_account_is_not_asked(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with trading(tmp_path, look, qtbot) as desk:
        accounts = desk.life.core.accounts
        (account,) = (one for one in accounts.accounts() if one.broker == "ibkr")
        accounts.set_state(account.account_id, TradingState.LOCKED, "locked by hand")
        write(desk)
        assert figures(desk) == ("–", "–")
        assert "its broker is not asked" in desk.tab.costs.tip("Margin")
        assert desk.life.server.what_ifs == 0


async def test_account_of_a_link_that_is_down_says_why(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with trading(tmp_path, look, qtbot, is_up=False) as desk:
        write(desk)
        await eventually(lambda: figures(desk) and "IBKR did not say" in desk.tab.costs.tip("Margin"), why="why")
        assert "there is no connection to TWS at 127.0.0.1" in desk.tab.costs.tip("Margin")
