"""Teaching by example in the Config tab, clicked through as a new user would, against a real core and real files."""

from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.tabs.rig import Rig, demo_rig
from tests.ui.tabs.stored import shown_at, stored_message
from tests.ui.waiting import until
from tradestream_gui.alerts.profiles.profiles import load_profile_file
from tradestream_gui.domain.events import Notice
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.paths import Paths
from tradestream_gui.ports.source import IncomingMessage
from tradestream_gui.ui.shell.dialogs import QuestionDialog
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.config.profile_panel import ProfilePanel
from tradestream_gui.ui.tabs.config.room_history import READING
from tradestream_gui.ui.tabs.config.teach_panel import TeachPanel

PASTED = """hoot spooz 6326 nest 6316 prey 6333
screech spooz 6340.50 nest 6350 prey 6330 / 6320
hoot NQ 25600 nest 25570 prey 25640"""


async def _panel(look: Look, qtbot: QtBot, rig: Rig) -> ProfilePanel:
    panel = ProfilePanel(look)
    qtbot.addWidget(panel)
    panel.resize(1180, 860)
    panel.show()
    panel.attach(rig.core, rig.hub)
    panel.activateWindow()
    await until(panel.isActiveWindow)
    return panel


def _post(rig: Rig, text: str, number: int, arrival: Arrival = Arrival.BACKFILL) -> None:
    channel = next(iter(rig.core.alerts.rules.channels.values()))
    author = next(iter(next(iter(rig.core.alerts.rules.analysts.values())).author_ids))
    rig.core.alerts.on_message(
        IncomingMessage(
            source="demo", channel_id=str(channel.channel_id), channel_name=channel.name, message_id=f"t{number}",
            author_id=author, author_name="Owl", text=text, sent_at=rig.core.clock.now(), order_no=900_000 + number,
            arrival=arrival,
        )
    )  # fmt: skip


def _dialog() -> QuestionDialog | None:
    shown = (each for each in QApplication.topLevelWidgets() if isinstance(each, QuestionDialog) and each.isVisible())
    return next(shown, None)


def _press(keys: str) -> None:
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus is not None, "nothing has the focus"
        QTest.keyClick(focus, key)


def _step(count: int) -> None:
    for _ in range(count):
        focus = QApplication.focusWidget()
        assert focus is not None, "nothing has the focus"
        QTest.keyClick(focus, Qt.Key.Key_Right)


def _teach_owl(teach: TeachPanel) -> None:
    """Pastes three messages and labels them with the keyboard alone."""
    teach.source.paste.setFocus()
    QTest.keyClicks(teach.source.paste, "")
    teach.source.paste.setPlainText(PASTED)
    QTest.keyClick(teach.source.paste, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    _press("LYE")
    _step(1)
    _press("X")
    _step(1)
    _press("T")
    QTest.keyClicks(teach.example.means, "ES")
    teach.list.setCurrentRow(1)
    teach.example.chips.focus_first()
    _press("S")
    teach.list.setCurrentRow(2)


async def test_a_format_nobody_has_seen_is_taught_from_three_pasted_messages(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path, 30.0) as rig:
        for number, text in enumerate(
            ("hoot spooz 6401 nest 6390 prey 6410", "maybe hoot spooz 6401 nest 6390 prey 6410", "gm owls")
        ):
            _post(rig, text, number)
        panel = await _panel(look, qtbot, rig)
        teach = panel.teach
        channel = next(iter(rig.core.alerts.rules.channels.values()))
        teach.room.choose_channel(str(channel.channel_id))
        teach.room.name.setText("owl")
        assert not teach.save_button.isEnabled()
        _teach_owl(teach)
        QTest.mouseClick(teach.propose_button, Qt.MouseButton.LeftButton)
        await until(teach.save_button.isEnabled)
        hits = list(teach.results.models[0].keys)
        assert any(str(key).endswith(":t0") for key in hits), teach.told.text()
        assert any(str(key).endswith(":t1") for key in teach.results.models[1].keys)
        assert not teach.results.models[2].keys
        QTest.mouseClick(teach.save_button, Qt.MouseButton.LeftButton)
        folder = rig.core.settings.path.parent / "profiles"
        await until(lambda: (folder / "owl.toml").exists() and rig.core.alerts.profiles.named("owl") is not None)
        (saved,) = load_profile_file(folder / "owl.toml")
        assert saved.match == ((str(channel.channel_id), ""),)
        assert len(saved.examples) == 3
        _post(rig, "hoot spooz 6326 nest 6316 prey 6340", 77, Arrival.LIVE)
        await rig.advance(3)
        decision = next(
            rig.core.alerts.decision(each.message_key)
            for each in rig.core.alerts.messages()
            if each.message_key.endswith(":t77")
        )
        assert decision is not None
        assert '"profile": "owl"' in decision.reading_json
        assert '"symbol": "ES"' in decision.reading_json


async def test_a_room_is_taught_on_all_that_is_stored_of_it(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path, 30.0) as rig:
        channel_id, other_id = map(str, tuple(rig.core.alerts.rules.channels)[:2])
        stored = [stored_message(rig, channel_id, days, "hoot spooz 6401 nest 6390 prey 6410") for days in (9, 8)]
        await rig.core.journal.commit([*stored, replace(stored[1], revision=1, deleted=True)])
        _post(rig, "gm owls", 1)
        await rig.advance(1)
        panel = await _panel(look, qtbot, rig)
        teach = panel.teach
        teach.room.choose_channel(other_id)
        teach.room.choose_channel(channel_id)
        assert teach.source.reach.text() == READING
        assert teach.source.store.isVisible(), "what memory holds can be picked at once"
        await until(lambda: teach.source.reach.text() != READING)
        first, count = shown_at(rig, stored[0]), len(teach.room.messages())
        assert teach.source.reach.text().startswith(f"{count} messages, {first} to ")
        assert teach.room.messages()[-1] == stored[0]
        assert "Nobody" in [teach.room.author.itemText(at) for at in range(teach.room.author.count())]
        teach.room.name.setText("owl")
        _teach_owl(teach)
        teach.propose_button.click()
        await until(teach.save_button.isEnabled)
        assert stored[0].message_key in teach.results.models[0].keys, "it would be an alert by now"


async def test_a_message_marked_as_no_alert_blocks_saving_until_it_is_resolved(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path, 30.0) as rig:
        _post(rig, "hoot spooz 6401 nest 6390 prey 6410", 1)
        panel = await _panel(look, qtbot, rig)
        teach = panel.teach
        teach.room.choose_channel(str(next(iter(rig.core.alerts.rules.channels))))
        teach.room.name.setText("owl")
        _teach_owl(teach)
        teach.propose_button.click()
        await until(teach.save_button.isEnabled)
        hit = next(key for key in teach.results.models[0].keys if str(key).endswith(":t1"))
        teach.results.setCurrentIndex(0)
        teach.results.tables[0].select_key(hit)
        QTest.keyClick(teach.results.tables[0], Qt.Key.Key_N)
        await until(lambda: len(teach.results.models[2].keys) == 1)
        assert not teach.save_button.isEnabled()
        assert teach.results.currentIndex() == 2
        assert "would trade" in teach.told.text()
        teach.list.setCurrentRow(3)
        teach.example.remove.click()
        teach.propose_button.click()
        await until(teach.save_button.isEnabled)


async def test_fields_are_edited_saved_and_hold_at_once(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        panel = await _panel(look, qtbot, rig)
        await until(lambda: panel.list.count() > 5)
        names = [known.profile.name for known in panel._known]
        panel.list.setCurrentRow(names.index("jmoney-futures"))
        adds = panel.form.fields["adds_allowed"]
        adds.setFocus()
        adds.selectAll()  # type: ignore[attr-defined]  # a line edit
        QTest.keyClicks(adds, "99")
        assert not panel.save.isEnabled()
        assert "0 to 20" in panel.form.error.text()
        adds.selectAll()  # type: ignore[attr-defined]  # a line edit
        QTest.keyClicks(adds, "3")
        panel.save.click()
        await until(
            lambda: (own := rig.core.alerts.profiles.named("jmoney-futures")) is not None and own.adds_allowed == 3
        )
        await until(lambda: panel.remove.isEnabled())
        assert panel.remove.text() == "Reset to shipped"


async def test_a_mistake_in_the_file_is_named_with_its_line(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        panel = await _panel(look, qtbot, rig)
        await until(lambda: panel.list.count() > 5)
        panel.list.setCurrentRow(0)
        text = panel.file.text.toPlainText()
        panel.file.text.setPlainText("colour = 3\n" + text)
        assert not panel.file.check()
        assert "line" in panel.file.error.text()
        assert not panel.file.save.isEnabled()
        panel.file.text.setPlainText(text)
        assert panel.file.check()


async def test_a_broken_file_of_the_user_is_named_and_the_rest_still_reads(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        folder = rig.core.settings.path.parent / "profiles"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "broken.toml").write_text('name = "broken"\ntitle = "x"\nadds_allowed = 77\n', encoding="utf-8")
        panel = await _panel(look, qtbot, rig)
        await until(lambda: panel.list.count() > 5)
        assert "broken.toml, line 3: adds_allowed" in panel.told.text()
        assert rig.core.alerts.profiles.named("default") is not None


async def test_duplicate_and_delete_touch_the_users_copies_only(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        panel = await _panel(look, qtbot, rig)
        await until(lambda: panel.list.count() > 5)
        panel.duplicate.click()
        folder = rig.core.settings.path.parent / "profiles"
        await until(lambda: len(list(folder.glob("*.toml"))) == 1)
        await until(panel.remove.isEnabled)
        assert panel.remove.text() == "Delete copy"
        panel.remove.click()
        await until(lambda: _dialog() is not None)
        dialog = _dialog()
        assert dialog is not None
        dialog.accept()
        await until(lambda: not list(folder.glob("*.toml")))
        await until(lambda: panel.list.count() == len(rig.core.alerts.profiles.profiles))


async def test_a_name_that_reads_other_rooms_is_refused(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path, 30.0) as rig:
        panel = await _panel(look, qtbot, rig)
        teach = panel.teach
        teach.room.choose_channel(str(next(iter(rig.core.alerts.rules.channels))))
        _teach_owl(teach)
        for name, said in (("bto-stc-options", "reads other rooms"), ("Owl's Room!", "no profile name")):
            teach.room.name.setText(name)
            teach.propose_button.click()
            assert said in teach.told.text()
            assert not teach.save_button.isEnabled()


async def test_a_broken_profile_is_named_at_start_and_the_program_runs(tmp_path: Path) -> None:
    paths = Paths.for_profile("demo", data_dir=tmp_path)
    paths.create()
    folder = paths.config_dir / "profiles"
    folder.mkdir(parents=True)
    (folder / "broken.toml").write_text('name = "broken"\ntitle = "x"\nadds_allowed = 77\n', encoding="utf-8")
    notices: list[Notice] = []
    async with demo_rig(tmp_path) as rig:
        rig.core.bus.subscribe(Notice, notices.append)
        await until(lambda: any("broken.toml, line 3" in notice.words for notice in notices))
        assert rig.core.alerts.profiles.named("broken") is None


async def test_teaching_fits_between_both_docks(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        panel = await _panel(look, qtbot, rig)
        panel.resize(look.px(640), 860)
        panel.teach.source.paste.setPlainText(PASTED)
        panel.teach.source.add.click()
        await until(lambda: panel.teach.example.isVisible())
        inside = panel.rect()
        for field in (panel.teach.save_button, panel.teach.example.remove, *panel.teach.example.chips.chips):
            right = field.mapTo(panel, field.rect().topRight())
            assert inside.contains(right), f"{field.accessibleName() or field.text()} sticks out at x = {right.x()}"
        assert panel.teach.taught.y() > panel.teach.source.y(), "what is taught stands beside its source"
