"""The card that unlocks real money: nothing but the test and the typed sentence opens, one click leads back."""

import asyncio
from pathlib import Path

import pytest
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.stories.live_life import CODE, LIVE, SENTENCE, LiveLife, living
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.errors import ConfigInvalid
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.trading.unlock_test import UnlockStage
from tradestream_gui.ui.shell.dialogs import QuestionDialog
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.mode_keeper import ModeKeeper
from tradestream_gui.ui.shell.signal_hub import SignalHub
from tradestream_gui.ui.tabs.config.live_card import NONE, LiveCard
from tradestream_gui.ui.widgets.mode_band import Band, ModeBand
from tradestream_gui.upkeep.settings import policies


def shown(qtbot: QtBot) -> LiveCard:
    card = LiveCard()
    qtbot.addWidget(card)
    card.resize(900, 400)
    card.show()
    return card


async def dialog() -> QuestionDialog:
    for _ in range(500):
        await asyncio.sleep(0.01)
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QuestionDialog) and widget.isVisible():
                return widget
    raise AssertionError("no question was asked")


def test_without_such_an_account_nothing_can_be_pressed(qtbot: QtBot) -> None:
    card = shown(qtbot)
    assert card.state.text() == NONE
    assert not any(button.isEnabled() for button in (card.test, card.open, card.back))


async def test_card_leads_from_the_test_over_the_sentence_to_entries_and_back(tmp_path: Path, qtbot: QtBot) -> None:
    async with living(tmp_path) as life:
        await life.compared()
        hub = SignalHub(life.core.bus)
        card = shown(qtbot)
        card.attach(life.core, hub)
        try:
            await _unlock(card, life)
            card.back.click()
            assert card.said.text().startswith(f"{CODE} takes no entries; 0 working cancelled")
            await life.until(lambda: "alerts that went there go to sim now" in card.said.text(), "routes are turned")
            assert life.core.accounts.state(LIVE).trading_state is TradingState.REDUCING
            rules = policies.routing_rules(life.core.settings.current)
            assert rules.defaults.account_id == AccountId("sim")
        finally:
            hub.detach()


async def test_band_names_the_live_account_from_the_start_and_says_whether_it_opens(
    tmp_path: Path, qtbot: QtBot, look: Look
) -> None:
    async with living(tmp_path) as life:
        await life.compared()
        hub, band = SignalHub(life.core.bus), ModeBand(look)
        qtbot.addWidget(band)
        keeper = ModeKeeper(band, life.core, hub, is_demo=False, is_safe=False)
        try:
            words = "LIVE: orders go to your broker with real money Live at IBKR "
            assert band.accessibleDescription() == f"{words}opens nothing"
            assert (await life.tested()).stage is UnlockStage.PASSED
            assert life.core.entry_lock.open(LIVE, SENTENCE) == ""
            assert (band.band, band.accessibleDescription()) == (Band.LIVE, f"{words}takes entries")
            life.core.kill.kill("KILL pressed")
            await asyncio.sleep(0)
            assert band.accessibleDescription() == f"{words}opens nothing"
            assert keeper.parent() is band
        finally:
            hub.detach()


async def test_card_says_what_each_analyst_has_still_to_show_on_paper(tmp_path: Path, qtbot: QtBot) -> None:
    async with living(tmp_path, proven=False) as life:
        hub, card = SignalHub(life.core.bus), shown(qtbot)
        card.attach(life.core, hub)
        try:
            assert card.proven.text() == (
                "JM: not yet, 0 of 20 paper trades closed; 0 of 5 paper days in a row without a difference; "
                "no outage drill passed in 30 days"
            )
            settings = life.core.settings
            values = {"risk.go_live.paper_trades": 0, "risk.go_live.clean_days": 0, "risk.go_live.drill": False}
            with pytest.raises(ConfigInvalid, match="these limits would get looser"):
                await settings.apply(settings.propose(values))
            await settings.apply(settings.propose(values), confirmed=True)
            await life.until(lambda: card.proven.text() == "JM: proven on paper", "the card follows")
        finally:
            hub.detach()


async def _unlock(card: LiveCard, life: LiveLife) -> None:
    assert card.account.currentText() == f"Live at IBKR, {CODE}"
    assert card.state.text() == "REDUCING: entries need the sentence again"
    assert card.proof.text() == f"IBKR live is connected and proves {CODE} a LIVE account"
    card.open.click()
    await life.until(lambda: "the unlock test" in card.said.text(), "the test is asked for first")
    card.symbol.setText("NOPE9")
    card.test.click()
    assert card.said.text() == "“NOPE9” names no contract that this version knows."
    card.symbol.setText("es")
    card.test.click()
    assert card.said.text().startswith("placing 1 ES Dec26")
    assert not card.test.isEnabled()
    await life.until(lambda: card.tested.text().startswith(UnlockStage.PASSED.value), "the card shows that it passed")
    card.open.click()
    question = await dialog()
    QTest.keyClicks(question.typed, "TRADE LIVE")
    assert not question.confirm.isEnabled()
    question.typed.clear()
    QTest.keyClicks(question.typed, SENTENCE)
    question.confirm.click()
    await life.until(lambda: card.state.text().startswith("ACTIVE"), "entries are open")
    assert card.said.text() == f"{CODE} takes entries until the program ends."
