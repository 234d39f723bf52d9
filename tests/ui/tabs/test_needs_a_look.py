"""Needs a look: one key completes a held alert and sends it, and the answer is kept as an example; copied alerts."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.alerts.test_clipboard_inbox import switch_on
from tests.ui.tabs.rig import Rig, demo_rig
from tests.ui.waiting import until
from tradestream_gui.alerts.profiles.profiles import load_profile_file
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.ports.source import IncomingMessage
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.messages.rows import Chip
from tradestream_gui.ui.tabs.messages.tab import MessagesTab


def _shown(look: Look, rig: Rig, qtbot: QtBot) -> MessagesTab:
    tab = MessagesTab(look)
    qtbot.addWidget(tab)
    tab.resize(1200, 760)
    tab.show()
    tab.attach(rig.core, rig.hub)
    return tab


async def _post(rig: Rig, text: str, name: str = "m1") -> MessageKey:
    analyst = next(each for each in rig.core.alerts.rules.analysts.values() if "jmoney" in each.analyst_id)
    channel = next(iter(rig.core.alerts.rules.channels.values()))
    rig.core.alerts.on_message(
        IncomingMessage(
            source="demo", channel_id=str(channel.channel_id), channel_name=channel.name, message_id=name,
            author_id=next(iter(analyst.author_ids)), author_name=analyst.name, text=text,
            sent_at=rig.core.clock.now(), order_no=10_000_000 + len(text), arrival=Arrival.LIVE,
        )
    )  # fmt: skip
    await rig.advance(2)
    return MessageKey(f"demo:{channel.channel_id}:{name}")


def _look_at(tab: MessagesTab, key: MessageKey) -> None:
    tab.bar.choose(Chip.NEEDS_A_LOOK)
    tab.list.keyed_model.flush()
    assert tab.list.select_key(key)


async def test_the_fixed_alert_replaces_its_card_and_is_kept_as_an_example(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path, 5) as rig:
        tab = _shown(look, rig, qtbot)
        tab.show()
        key = await _post(rig, "ES long stop 6310")
        decision = rig.core.alerts.decision(key)
        assert decision is not None
        assert decision.outcome is Outcome.HELD, decision
        _look_at(tab, key)
        assert [fix.label for fix in tab.why.fix.fixes] == ["At the market"]
        assert "MES" in tab.why.fix.buttons[0].accessibleDescription()
        QTest.keyClick(tab.list, Qt.Key.Key_1)
        await rig.advance(3)
        answered = rig.core.alerts.decision(key)
        assert answered is not None
        assert answered.outcome is Outcome.SKIPPED
        (sent,) = [each for each in rig.core.alerts.messages() if each.source == "typed"]
        outcome = rig.core.alerts.decision(sent.message_key)
        assert outcome is not None
        assert outcome.outcome in (Outcome.TRADED, Outcome.REFUSED), outcome
        tab.bar.choose(Chip.ALL)
        tab.list.keyed_model.flush()
        assert tab.select_message(key)
        QTest.keyClick(tab.list, Qt.Key.Key_E)
        folder = rig.core.settings.path.parent / "profiles"
        await until(lambda: bool(list(folder.glob("*.toml"))))
        (path,) = folder.glob("*.toml")
        (profile,) = load_profile_file(path)
        example = next(each for each in profile.examples if each.text == "ES long stop 6310")
        (action,) = json.loads(example.actions_json)
        assert (action["action"], action["symbol"], action["side"]) == ("OPEN", "ES", "long")


async def test_a_rejected_message_is_kept_as_no_alert(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path, 5) as rig:
        tab = _shown(look, rig, qtbot)
        key = await _post(rig, "ES long stop 6310")
        _look_at(tab, key)
        QTest.keyClick(tab.list, Qt.Key.Key_E)
        assert "approve or reject it first" in tab.why._again.text()
        QTest.keyClick(tab.list, Qt.Key.Key_Delete)
        tab.bar.choose(Chip.ALL)
        tab.list.keyed_model.flush()
        assert tab.select_message(key)
        QTest.keyClick(tab.list, Qt.Key.Key_E)
        folder = rig.core.settings.path.parent / "profiles"
        await until(lambda: bool(list(folder.glob("*.toml"))))
        (profile,) = load_profile_file(*folder.glob("*.toml"))
        assert next(each for each in profile.examples if each.text == "ES long stop 6310").actions_json == "[]"


async def test_a_no_is_taken_back_and_the_alert_waits_again(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path, 5) as rig:
        tab = _shown(look, rig, qtbot)
        offered: list[tuple[str, Callable[[], str]]] = []
        tab.undoable.connect(lambda words, undo: offered.append((words, undo)))
        key = await _post(rig, "ES long stop 6310")
        before = rig.core.alerts.decision(key)
        assert before is not None
        _look_at(tab, key)
        QTest.keyClick(tab.list, Qt.Key.Key_Delete)
        assert key not in rig.core.alerts.cards()
        ((words, undo),) = offered
        assert words == "Rejected: JMoney, ES long stop 6310"
        assert undo() == "Waits again: JMoney, ES long stop 6310"
        again = rig.core.alerts.decision(key)
        assert again is not None
        assert (again.outcome, again.code, again.words) == (before.outcome, before.code, before.words)
        assert key in rig.core.alerts.cards()
        assert undo() == "The message was changed meanwhile: it stays as it is.", "once is enough"
        _look_at(tab, key)
        QTest.keyClick(tab.list, Qt.Key.Key_1)
        await rig.advance(3)
        assert [each for each in rig.core.alerts.messages() if each.source == "typed"], "it can be answered as before"


async def test_a_no_stays_after_an_edit_and_after_the_alerts_time(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path, 5) as rig:
        key = await _post(rig, "ES long stop 6310")
        rejected = rig.core.alerts.reject(key, "no")
        assert rejected is not None
        assert rig.core.alerts.reject(key, "no") is None
        await _post(rig, "ES long stop 6311")
        assert rig.core.alerts.take_back(rejected) == "The message was changed meanwhile: it stays as it is."
        other = await _post(rig, "NQ long stop 22000", "m2")
        second = rig.core.alerts.reject(other, "no")
        assert second is not None
        ended = rig.core.clock.now() - timedelta(seconds=1)
        late = replace(second, card=replace(second.card, expires_at=ended))
        assert rig.core.alerts.take_back(late) == "Its time has run out meanwhile."
        assert other not in rig.core.alerts.cards()


async def test_a_copied_alert_shows_its_card_and_one_key_sends_it(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path, 5) as rig:
        tab = _shown(look, rig, qtbot)
        assert not tab.copied.take_text("ES long 6326: A\nStop: 6316")
        await switch_on(rig)
        assert not tab.copied.take_text("lunch at 12?")
        assert tab.copied.isHidden()
        assert tab.copied.take_text("ES long 6326: A\nStop: 6316")
        assert not tab.copied.isHidden()
        assert "MES" in tab.copied.told.text()
        assert not [each for each in rig.core.alerts.messages() if each.source == "clipboard"]
        tab.copied._shortcut.activated.emit()
        await rig.advance(3)
        assert len([each for each in rig.core.alerts.messages() if each.source == "clipboard"]) == 1
        assert tab.copied.isHidden()


class SystemClipboard:
    """A clipboard that holds one text, copied here or elsewhere; the offscreen platform cannot tell which."""

    def __init__(self, text: str, *, own: bool) -> None:
        self._text = text
        self._own = own

    def text(self) -> str:
        return self._text

    def ownsClipboard(self) -> bool:
        return self._own


async def test_what_the_program_copied_itself_is_no_message(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = _shown(look, rig, qtbot)
        await switch_on(rig)
        tab.copied.read_from(SystemClipboard("ES long 6326: A\nStop: 6316", own=True))
        assert rig.core.clipboard.card is None
        tab.copied.read_from(SystemClipboard("ES long 6326: A\nStop: 6316", own=False))
        assert rig.core.clipboard.card is not None
        assert not tab.copied.isHidden()


async def test_a_card_can_be_dismissed_and_runs_out(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = _shown(look, rig, qtbot)
        await switch_on(rig)
        assert tab.copied.take_text("ES long 6326: A\nStop: 6316")
        tab.copied.dismiss.click()
        assert tab.copied.isHidden()
        assert tab.copied.take_text("ES long 6326: A\nStop: 6316")
        await rig.advance(100)
        await until(tab.copied.isHidden)
