"""The alert strip on a real demo day: what its keys send, and that it takes neither the focus nor a key too early."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.shell.asking_analyst import ASKS, AskingAnalyst
from tests.ui.tabs.rig import DEMO_ACCOUNT, Rig, demo_rig
from tests.ui.waiting import until
from tradestream_gui.domain.accounts import Account, AccountKind
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.ui.shell.alert_strip_keeper import AlertStripKeeper
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.dialogs import QuestionDialog
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.alert_strip import DEAF_MS, AlertStrip
from tradestream_gui.ui.widgets.alert_strip_keys import REASONS, Toggle


class Strip:
    """A strip over a window in which somebody is typing, and alerts that wait for approval."""

    def __init__(self, rig: Rig, me: AskingAnalyst, keeper: AlertStripKeeper, arming: Arming, window: QWidget) -> None:
        self.rig = rig
        self.me = me
        self.keeper = keeper
        self.arming = arming
        self.window = window

    @property
    def shown(self) -> AlertStrip:
        assert self.keeper.strip is not None, "the strip is off"
        return self.keeper.strip

    @property
    def sentence(self) -> str:
        return self.shown.sentence.text()

    def press(self, key: Qt.Key) -> None:
        shown: QWidget = self.shown
        QTest.keyClick(shown, key)

    def asks_why(self) -> bool:
        return self.shown.is_skipping


@asynccontextmanager
async def strip_on(
    look: Look, qtbot: QtBot, folder: Path, *, deaf_ms: int = 0, armed: bool = True, **rule: object
) -> AsyncIterator[Strip]:
    async with demo_rig(folder, 5) as rig:
        me = AskingAnalyst(rig)
        await me.join(rule, appearance__alert_strip=True)
        window, arming = QWidget(), Arming()
        qtbot.addWidget(window)
        QLineEdit(window).setFocus()
        window.show()
        window.activateWindow()
        if armed:
            arming.arm()
        keeper = AlertStripKeeper(look, rig.core, rig.hub, arming, window, deaf_ms=deaf_ms)
        try:
            yield Strip(rig, me, keeper, arming, window)
        finally:
            keeper.close()


async def test_it_is_off_by_default_and_goes_when_it_is_switched_off(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        assert not rig.core.settings.current.appearance.alert_strip
    async with strip_on(look, qtbot, tmp_path / "on") as strip:
        await strip.me.post()
        assert strip.shown.isVisible()
        settings = strip.rig.core.settings
        await settings.apply(settings.propose({"appearance.alert_strip": False}), confirmed=True)
        assert strip.keeper.strip is None


async def test_it_shows_the_order_and_takes_no_focus_until_it_is_clicked(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with strip_on(look, qtbot, tmp_path) as strip:
        await until(strip.window.isActiveWindow)
        await strip.me.post()
        shown = strip.shown
        assert shown.isVisible()
        assert "BUY 3 MES" in strip.sentence
        assert "risk $" in strip.sentence
        assert strip.sentence in shown.accessibleDescription()
        handle = shown.windowHandle()
        assert handle is not None
        no_focus = Qt.WindowType.WindowDoesNotAcceptFocus
        assert handle.flags() & no_focus
        assert handle.flags() & Qt.WindowType.WindowStaysOnTopHint
        assert shown.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        clicked: QWidget = shown
        QTest.mouseClick(clicked, Qt.MouseButton.LeftButton)
        await until(shown.isActiveWindow)
        strip.window.activateWindow()
        await until(lambda: bool(handle.flags() & no_focus))


async def test_its_key_gives_it_the_focus_only_while_an_alert_waits(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with strip_on(look, qtbot, tmp_path) as strip:
        await until(strip.window.isActiveWindow)
        strip.keeper.take_focus()
        assert not strip.shown.isVisible()
        await strip.me.post()
        strip.keeper.take_focus()
        await until(strip.shown.isActiveWindow)


async def test_keys_and_clicks_of_its_first_moment_do_nothing(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    assert DEAF_MS == 250
    async with strip_on(look, qtbot, tmp_path, deaf_ms=3_600_000) as strip:
        key = await strip.me.post()
        before = strip.sentence
        for pressed in (Qt.Key.Key_Return, Qt.Key.Key_1, Qt.Key.Key_M, Qt.Key.Key_L, Qt.Key.Key_Escape, Qt.Key.Key_1):
            strip.press(pressed)
        for button in strip.shown.findChildren(QPushButton):
            button.click()
        await strip.rig.settle()
        assert strip.rig.decision(key).outcome is Outcome.AWAITING
        assert not strip.me.entries()
        assert strip.sentence == before
        assert not strip.asks_why()


async def test_the_deaf_moment_ends_and_begins_again_with_the_next_alert(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with strip_on(look, qtbot, tmp_path, deaf_ms=40) as strip:
        first, nq = await strip.me.post(), strip.me.level("0", "NQ")
        second = await strip.me.post(f"NQ short {nq}: C\nStop: {nq + 40}")
        assert strip.shown.place.text() == "1 of 2"
        await until(lambda: not strip.shown.is_deaf)
        strip.press(Qt.Key.Key_Return)
        await until(lambda: "SELL" in strip.sentence)
        assert strip.shown.is_deaf
        strip.press(Qt.Key.Key_Return)
        await strip.rig.settle()
        assert strip.rig.decision(first).outcome is Outcome.TRADED
        assert strip.rig.decision(second).outcome is Outcome.AWAITING
        assert strip.shown.place.text() == ""


async def test_enter_sends_the_sentence_shown_exactly_once(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with strip_on(look, qtbot, tmp_path) as strip:
        key = await strip.me.post()
        for _ in range(5):
            strip.press(Qt.Key.Key_Return)
        strip.shown.keys.send_button.click()
        await strip.rig.settle()
        (order,) = strip.me.entries()
        assert (order.order_qty, order.instrument_id) == (3, strip.rig.instrument("MES").instrument_id)
        decision = strip.rig.decision(key)
        assert decision.outcome is Outcome.TRADED
        assert decision.cl_ord_ids == (order.cl_ord_id,)
        assert "sent" in strip.shown.told.text()
        strip.press(Qt.Key.Key_Return)
        await strip.rig.settle()
        assert len(strip.me.entries()) == 1


async def test_a_digit_changes_the_sentence_and_what_is_sent(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with strip_on(look, qtbot, tmp_path) as strip:
        key = await strip.me.post()
        risk_of_three = strip.sentence
        strip.press(Qt.Key.Key_2)
        assert "BUY 2 MES" in strip.sentence
        assert strip.sentence.partition("risk")[2] != risk_of_three.partition("risk")[2]
        strip.press(Qt.Key.Key_0)
        assert "BUY 3 MES" in strip.sentence
        strip.press(Qt.Key.Key_1)
        strip.press(Qt.Key.Key_Return)
        await strip.rig.settle()
        assert [order.order_qty for order in strip.me.entries()] == [1]
        assert ("sizes", "you") in strip.rig.decision(key).layers


async def test_m_takes_the_micro_at_the_same_risk_and_back(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with strip_on(look, qtbot, tmp_path, use_micros=False) as strip:
        await strip.me.post(f"ES long {strip.me.level('2')}: 1 con\nStop: {strip.me.level('-1')}")
        full = strip.sentence
        assert " ES " in full
        strip.press(Qt.Key.Key_M)
        assert "MES" in strip.sentence
        assert strip.shown.keys.toggles[Toggle.MICRO].isChecked()
        strip.press(Qt.Key.Key_M)
        assert strip.sentence == full
        strip.press(Qt.Key.Key_M)
        strip.press(Qt.Key.Key_Return)
        await strip.rig.settle()
        assert strip.me.entries(), strip.shown.told.text()
        (order,) = strip.me.entries()
        assert order.instrument_id == strip.rig.instrument("MES").instrument_id
        assert order.order_qty > 1


async def test_l_limits_at_the_alert_and_p_is_dead_on_an_account_without_money(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with strip_on(look, qtbot, tmp_path) as strip:
        price = strip.me.level("0")
        key = await strip.me.post(f"ES long {price}: A\nStop: {price - 10}")
        strip.press(Qt.Key.Key_P)
        assert not strip.shown.keys.toggles[Toggle.PAPER].isEnabled()
        strip.press(Qt.Key.Key_L)
        assert f"limit {price:,.2f}" in strip.sentence
        strip.press(Qt.Key.Key_Return)
        await strip.rig.settle()
        assert [order.limit_price for order in strip.me.entries()] == [price]
        assert ("limit", "you") in strip.rig.decision(key).layers


async def test_p_sends_the_alert_of_a_live_account_to_paper(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with strip_on(look, qtbot, tmp_path, armed=True) as strip:
        core, live = strip.rig.core, Account(AccountId("live"), "Real", AccountKind.LIVE, "nobody")
        state = replace(core.accounts.state(DEMO_ACCOUNT), account_id=live.account_id)
        core.accounts.restore([*core.accounts.accounts(), live], [core.accounts.state(DEMO_ACCOUNT), state])
        limits = core.gate.limits(DEMO_ACCOUNT)
        core.gate.set_limits({DEMO_ACCOUNT: limits, live.account_id: limits}, core.gate.origins.manual)
        rules = core.alerts.rules
        analyst = rules.analysts[ASKS]
        routed = replace(analyst, rule=replace(analyst.rule, account_id=live.account_id))
        core.alerts.set_rules(replace(rules, analysts={**rules.analysts, ASKS: routed}), core.alerts._execution)
        key = await strip.me.post()
        assert "LIVE" in strip.shown.account.text()
        assert not strip.shown.keys.send_button.isEnabled()
        strip.press(Qt.Key.Key_P)
        assert "SIMULATOR" in strip.shown.account.text()
        strip.press(Qt.Key.Key_Return)
        await strip.rig.settle()
        assert [order.account_id for order in strip.me.entries()] == [DEMO_ACCOUNT]
        assert strip.rig.decision(key).account_id == DEMO_ACCOUNT
        assert ("account_id", "you") in strip.rig.decision(key).layers


async def test_escape_asks_for_one_key_and_records_the_reason(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with strip_on(look, qtbot, tmp_path) as strip:
        key = await strip.me.post()
        strip.press(Qt.Key.Key_Escape)
        assert strip.asks_why()
        strip.press(Qt.Key.Key_Return)
        strip.press(Qt.Key.Key_Escape)
        assert not strip.asks_why()
        assert strip.rig.decision(key).outcome is Outcome.AWAITING
        strip.press(Qt.Key.Key_Escape)
        strip.press(Qt.Key.Key_2)
        decision = strip.rig.decision(key)
        assert (decision.outcome, decision.code) == (Outcome.SKIPPED, "REJECTED")
        assert REASONS[1][1] in decision.words
        await strip.rig.settle()
        assert not strip.me.entries()


async def test_the_ring_runs_down_and_the_strip_goes_when_the_life_is_over(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with strip_on(look, qtbot, tmp_path) as strip:
        key = await strip.me.post()
        strip.keeper.refresh()
        early = strip.shown.ring.share
        await strip.rig.advance(60)
        strip.keeper.refresh()
        assert 0 < strip.shown.ring.share < early
        assert strip.shown.ring.accessibleDescription() == strip.shown.left.text()
        await strip.rig.advance(40)
        assert not strip.shown.isVisible()
        assert (strip.rig.decision(key).outcome, strip.rig.decision(key).code) == (Outcome.SKIPPED, "EXPIRED")
        assert not strip.me.entries()


async def test_what_risk_refuses_is_shown_with_the_size_that_fits(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with strip_on(look, qtbot, tmp_path, use_micros=False, micro_when_zero=False) as strip:
        key = await strip.me.post(f"ES long {strip.me.level('0')}: 1 con\nStop: {strip.me.level('-10')}")
        refused = strip.shown.problem.text()
        assert refused.startswith("Refused")
        assert "M: " in refused
        assert "MES Dec26 fit" in refused
        assert not strip.shown.keys.send_button.isEnabled()
        strip.press(Qt.Key.Key_Return)
        assert strip.rig.decision(key).outcome is Outcome.AWAITING
        strip.press(Qt.Key.Key_M)
        assert strip.shown.problem.isHidden()
        strip.press(Qt.Key.Key_Return)
        await strip.rig.settle()
        (order,) = strip.me.entries()
        assert order.instrument_id == strip.rig.instrument("MES").instrument_id
        assert f"M: {order.order_qty} MES" in refused


async def test_disarmed_the_order_is_asked_about_first(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with strip_on(look, qtbot, tmp_path, armed=False) as strip:
        key = await strip.me.post()
        strip.press(Qt.Key.Key_Return)
        await until(lambda: bool(strip.shown.findChildren(QuestionDialog)))
        (dialog,) = strip.shown.findChildren(QuestionDialog)
        assert not strip.me.entries()
        dialog.cancel.click()
        await until(lambda: "Not sent" in strip.shown.told.text())
        assert strip.rig.decision(key).outcome is Outcome.AWAITING
        strip.press(Qt.Key.Key_Return)
        await until(lambda: any(each.isVisible() for each in strip.shown.findChildren(QuestionDialog)))
        next(each for each in strip.shown.findChildren(QuestionDialog) if each.isVisible()).confirm.click()
        await asyncio.sleep(0)
        await strip.rig.settle()
        assert len(strip.me.entries()) == 1


async def test_an_edit_shows_the_new_order_and_an_exit_is_approved_while_disarmed(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with strip_on(look, qtbot, tmp_path) as strip:
        await strip.me.post()
        strip.press(Qt.Key.Key_Return)
        await strip.rig.settle()
        await until(lambda: bool(strip.rig.core.lots.open_lots()))
        strip.arming.disarm()
        key = await strip.me.post("all out ES")
        assert strip.sentence.startswith("Close"), strip.sentence
        assert strip.shown.keys.size_line.isHidden()
        strip.press(Qt.Key.Key_Return)
        await strip.rig.settle()
        assert strip.rig.decision(key).outcome is Outcome.DONE
