"""The search of the Messages tab reaches what only the database has: forgotten talk, and messages of earlier days."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

from tests.support import eventually
from tests.ui.tabs.rig import Rig, demo_rig
from tests.ui.tabs.stored import stored_message
from tests.ui.tabs.test_messages_tab import ALERT, keys_of, row_of, send_by_hand
from tradestream_gui.alerts.desk import talk_window
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.ports.history import FoundMessages, MessageArchive, RoomMessages
from tradestream_gui.profile.message_archive import ProfileArchive
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.messages import earlier
from tradestream_gui.ui.tabs.messages.earlier import LOOKING
from tradestream_gui.ui.tabs.messages.rows import Chip
from tradestream_gui.ui.tabs.messages.tab import MessagesTab


def shown(look: Look, rig: Rig, qtbot: QtBot, archive: MessageArchive | None = None) -> MessagesTab:
    tab = MessagesTab(look)
    qtbot.addWidget(tab)
    tab.resize(1100, 700)
    tab.show()
    tab.attach(replace(rig.core, archive=archive or rig.core.archive), rig.hub)
    return tab


async def days_ago(rig: Rig, days: int, text: str, outcome: Outcome = Outcome.IGNORED, later: str = "") -> MessageKey:
    """A message that an earlier run of the program stored."""
    message = stored_message(rig, "futures", days, text)
    decision = Decision(
        message_key=message.message_key, revision=0, account_id=None, at=message.received_at, outcome=outcome,
        code="THEN", words="decided then", reading_json="",
    )  # fmt: skip
    versions = [message, replace(message, revision=1, text=later)] if later else [message]
    await rig.core.journal.commit([*versions, decision])
    return message.message_key


async def found(tab: MessagesTab, words: str, told: str) -> Sequence[object]:
    """What is listed once the line under the filters says so."""
    tab.bar.search.setText(words)
    await eventually(lambda: tab.bar.found_words == told, why=f"{told!r}")
    return keys_of(tab)


async def test_talk_that_memory_let_go_of_and_messages_of_earlier_days_are_found_below_the_held_ones(
    look: Look, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk_window, "KEPT_TALK", 1)
    async with demo_rig(tmp_path, seconds=5) as rig:
        last_week = await days_ago(rig, 7, "the kumquat gap was filled", Outcome.HELD)
        tab = shown(look, rig, qtbot)
        forgotten = await send_by_hand(tab, rig, "Sal", "a kumquat a day")
        held = await send_by_hand(tab, rig, "Sal", "more kumquats")
        assert rig.core.alerts.message(forgotten) is None
        assert keys_of(tab) == [held]
        assert await found(tab, "kumquat", "3 found, 2 of them from earlier") == [held, forgotten, last_week]
        then = row_of(tab, last_week)
        assert then.action == "held: decided then"
        zone = ZoneInfo(rig.core.settings.current.general.display_zone)
        assert tab.list.keyed_model.text(2, 0) == f"{then.revision.sent_at.astimezone(zone):%d %b}"
        assert tab.list.keyed_model.text(1, 0).count(":") == 2, "talk of today bears the time alone"
        assert row_of(tab, forgotten).action == "ignored"
        tab.bar.search.clear()
        assert keys_of(tab) == [held]
        assert tab.bar.found_words == ""


async def test_an_archived_alert_can_be_read_and_not_answered(look: Look, tmp_path: Path, qtbot: QtBot) -> None:
    async with demo_rig(tmp_path, seconds=5) as rig:
        key = await days_ago(rig, 3, ALERT, Outcome.AWAITING, later=f"{ALERT} typo mended")
        tab = shown(look, rig, qtbot)
        assert await found(tab, "6316", "1 found, 1 of them from earlier") == [key]
        tab.list.select_key(key)
        assert tab.why.text.toPlainText() == f"{ALERT} typo mended"
        assert [texts[-1] for texts in tab.why.tables.edits.keyed_model.texts] == ["+ typo mended"]
        assert not tab.why.answer.isVisible()
        assert not tab.why.fix.isVisible()
        assert row_of(tab, key).action == "missed: the card ran out"
        tab.approve_selected()
        tab.reject_selected()
        await rig.advance(1)
        assert rig.core.alerts.decision(key) is None
        assert not list(rig.core.blotter.orders())
        tab.bar.choose(Chip.NEEDS_A_LOOK)
        assert keys_of(tab) == []
        assert tab.bar.found_words == "0 found"


class Slow:
    """The real archive, which answers when it is let."""

    def __init__(self, archive: MessageArchive) -> None:
        self._archive = archive
        self.lets: dict[str, asyncio.Event] = {}
        self.answered: list[str] = []

    async def find(self, words: str, *, limit: int, leave_out: Callable[[MessageKey], bool]) -> FoundMessages:
        await self.lets.setdefault(words, asyncio.Event()).wait()
        found = await self._archive.find(words, limit=limit, leave_out=leave_out)
        self.answered.append(words)
        return found

    async def room(self, channel_id: str, *, limit: int) -> RoomMessages:
        return await self._archive.room(channel_id, limit=limit)

    async def close(self) -> None:
        await self._archive.close()


async def test_an_answer_to_words_that_were_changed_meanwhile_is_dropped(
    look: Look, tmp_path: Path, qtbot: QtBot
) -> None:
    async with demo_rig(tmp_path, seconds=5) as rig:
        await days_ago(rig, 2, "one kumquat")
        quince = await days_ago(rig, 3, "one quince")
        assert rig.core.archive is not None
        slow = Slow(rig.core.archive)
        tab = shown(look, rig, qtbot, slow)
        tab.bar.search.setText("kumquat")
        assert tab.bar.found_words == f"0 found; {LOOKING}"
        await eventually(lambda: "kumquat" in slow.lets)
        tab.bar.search.setText("quince")
        await eventually(lambda: "quince" in slow.lets)
        slow.lets["kumquat"].set()
        await eventually(lambda: slow.answered == ["kumquat"])
        await asyncio.sleep(0)
        assert keys_of(tab) == []
        assert tab.bar.found_words == f"0 found; {LOOKING}"
        slow.lets["quince"].set()
        assert await found(tab, "quince", "1 found, 1 of them from earlier") == [quince]


async def test_what_is_forgotten_while_it_is_found_stays_until_the_words_change(
    look: Look, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk_window, "KEPT_TALK", 1)
    async with demo_rig(tmp_path, seconds=5) as rig:
        tab = shown(look, rig, qtbot)
        first = await send_by_hand(tab, rig, "Sal", "a kumquat a day")
        assert await found(tab, "kumquat", "1 found") == [first]
        last = await send_by_hand(tab, rig, "Sal", "nothing of that kind")
        assert rig.core.alerts.message(first) is None
        assert keys_of(tab) == [first]
        assert tab.bar.found_words == "1 found, 1 of them from earlier"
        tab.bar.search.clear()
        assert keys_of(tab) == [last]


async def test_more_than_the_list_takes_is_said(
    look: Look, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(earlier, "MOST", 2)
    async with demo_rig(tmp_path, seconds=5) as rig:
        keys = [await days_ago(rig, days, "kumquat") for days in (3, 2, 1)]
        tab = shown(look, rig, qtbot)
        told = f"2 found, 2 of them from earlier; {earlier.MORE}"
        assert await found(tab, "kumquat", told) == [keys[2], keys[1]]


async def test_a_database_that_cannot_be_read_is_told_beside_what_is_held(
    look: Look, tmp_path: Path, qtbot: QtBot
) -> None:
    async with demo_rig(tmp_path, seconds=5) as rig:
        damaged = tmp_path / "damaged.db"
        damaged.write_bytes(b"no database" * 1_000)
        archive = ProfileArchive((damaged,))
        tab = shown(look, rig, qtbot, archive)
        held = await send_by_hand(tab, rig, "Sal", "a kumquat a day")
        told = "1 found; earlier messages could not be searched: damaged.db could not be read: file is not a database"
        assert await found(tab, "kumquat", told) == [held]
        await archive.close()
