"""The outage drill on the health page: offered, asked about, shown as it goes on, and reported in measured lines."""

from pathlib import Path

from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.support import eventually
from tests.ui.tabs.rig import DEMO_ACCOUNT, Rig, demo_rig
from tests.ui.tabs.test_portfolio_tab import bought
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.drills import DrillKind
from tradestream_gui.ui.shell.dialogs import QuestionDialog
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.config import ConfigTab
from tradestream_gui.ui.tabs.config.drill_card import NOTHING_OPEN, DrillCard
from tradestream_gui.ui.tabs.config.extras import show_drill
from tradestream_gui.ui.tabs.config.health_card import HealthCard


def shown_card(look: Look, qtbot: QtBot, rig: Rig) -> tuple[DrillCard, ConfigTab]:
    tab = ConfigTab(look)
    qtbot.addWidget(tab)
    tab.resize(1200, 800)
    tab.show()
    tab.attach(rig.core, rig.hub)
    show_drill(tab)
    card = tab.findChild(DrillCard)
    assert card is not None
    return card, tab


def is_in_sight(part: QWidget) -> bool:
    return part.visibleRegion().boundingRect().size() == part.size()


def lines(card: DrillCard) -> dict[str, str]:
    return {name.text(): words.text() for name, words in card.result.labels}


async def test_without_a_position_it_says_so_and_opens_one_on_wish(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        card, tab = shown_card(look, qtbot, rig)
        await rig.advance(3)
        assert card.held.text() == NOTHING_OPEN
        assert not card.result.isVisible()
        card.open_one.click()
        await rig.advance(4)
        (lot,) = rig.core.lots.open_lots(DEMO_ACCOUNT)
        assert card.held.text().startswith("Held now: +1 MES Dec26 of Manual, stop 6,3")
        assert not card.open_one.isVisible()
        assert lot.open_qty == 1
        health = tab.findChild(HealthCard)
        assert health is not None
        page = tab.page("health").verticalScrollBar()
        assert page is not None
        page.setValue(0)
        health.drill.click()
        assert page.value() > 0


async def test_a_drill_shows_how_it_goes_on_ends_on_wish_and_reports_what_was_measured(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        card, tab = shown_card(look, qtbot, rig)
        tab.resize(1200, 420)
        page = tab.page("health").verticalScrollBar()
        assert page is not None
        await bought(rig, qty=1)
        card.seconds.setValue(300)
        page.setValue(page.maximum())
        card.starts[DrillKind.LINK].click()
        await rig.advance(6)
        assert is_in_sight(card.running), "how it goes on stands where the page shows it"
        assert is_in_sight(card.end)
        assert card.running.text().startswith("The broker link breaks: 6 of 300 s")
        assert card.running.text().endswith("every stop stands · entries refused: RECONCILING")
        assert not any(button.isEnabled() for button in card.starts.values())
        card.end.click()
        await rig.advance(10)
        await eventually(card.result.isVisible)
        assert is_in_sight(card.result.title)
        assert not card.running.isVisible()
        found = lines(card)
        assert found["Held before"] == found["Held after"]
        assert found["Held after"].startswith("+1 MES Dec26 of Manual, stop 6,3")
        assert "looks" in found["Stops at the broker"]
        assert found["Filled meanwhile"] == "nothing"
        assert found["Without a stop"].startswith("0.0 s, by ")
        assert "RECONCILING: the account is RECONCILING" in found["Entries refused"]
        assert found["Sent twice"].startswith("0 of ")
        assert card.result.lamp.word == "passed"
        assert card.lasts[DrillKind.LINK].text().startswith("passed, 2026-11-19")
        assert card.lasts[DrillKind.FEED].text() == "never practised"
        card.starts[DrillKind.FEED].click()
        await rig.advance(4)
        card.end.click()
        await rig.advance(10)
        await eventually(card.result.isVisible)
        assert card.result.title.text() == "Prices go silent"
        card.lasts[DrillKind.LINK].click()
        assert card.result.title.text() == "The broker link breaks"


async def test_an_account_that_takes_no_entries_is_refused_in_words(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        card, tab = shown_card(look, qtbot, rig)
        rig.core.accounts.set_state(DEMO_ACCOUNT, TradingState.HALTED, "look at it")
        tab.resize(1200, 420)
        card.starts[DrillKind.PROCESS].click()
        await eventually(card.words.isVisible)
        assert is_in_sight(card.words)
        assert "is HALTED: look at it" in card.words.text()
        assert not questions()


async def test_the_program_is_killed_only_after_a_yes_that_names_what_is_held(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        card, _tab = shown_card(look, qtbot, rig)
        await bought(rig, qty=1)
        card.starts[DrillKind.PROCESS].click()
        await eventually(questions)
        (dialog,) = questions()
        assert dialog.confirm.text() == "Kill it now"
        assert any("+1 MES Dec26 of Manual" in label.text() for label in dialog.findChildren(type(card.held)))
        dialog.cancel.click()
        await eventually(lambda: not questions())
        assert rig.core.drill is not None
        assert rig.core.drill.last(DrillKind.PROCESS) is None
        assert not card.words.isVisible()


def questions() -> list[QuestionDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QuestionDialog) and one.isVisible()]
