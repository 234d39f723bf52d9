"""The Config tab against the real settings service: nothing holds before it was seen and applied."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest
from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.tabs.rig import demo_rig
from tests.ui.waiting import until
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.config import ConfigTab
from tradestream_gui.ui.tabs.config.diff_dialog import DiffDialog
from tradestream_gui.ui.tabs.config.draft import errors_by_key
from tradestream_gui.ui.tabs.config.field_editor import FieldEditor
from tradestream_gui.ui.tabs.config.field_row import FieldRow
from tradestream_gui.ui.tabs.config.keys_editor import KeysEditor
from tradestream_gui.ui.tabs.config.pages import PAGES, specs_of
from tradestream_gui.ui.tabs.config.values import value_from_text, value_text
from tradestream_gui.upkeep.settings.fields import SettingSpec
from tradestream_gui.upkeep.settings.first import describe_settings


def test_every_setting_stands_on_exactly_one_page() -> None:
    specs = describe_settings()
    shown = [spec.key for page in PAGES for group in page.groups for spec in specs_of(group, specs)]
    assert sorted(shown) == sorted(spec.key for spec in specs)


def test_what_is_shown_reads_back_as_the_same_value() -> None:
    for spec in describe_settings():
        if spec.kind not in ("bool", "choice", "table"):
            assert value_from_text(value_text(spec.first, spec), spec) == spec.first, spec.key


@pytest.mark.parametrize(
    ("key", "typed", "read", "left"),
    [
        ("risk.max_exposure_net", "1234567.5", Decimal("1234567.5"), "1,234,567.5"),
        ("risk.max_exposure_net", "1,234,567.50", Decimal("1234567.5"), "1,234,567.5"),
        ("risk.max_order_qty_stock", "50000", 50_000, "50,000"),
        ("risk.max_order_qty_stock", "5,0000", "5,0000", "5,0000"),
        ("risk.max_exposure_net", "1,5", "1,5", "1,5"),
        ("risk.max_order_qty_stock", "-1000", -1000, "\u22121,000"),
        ("ibkr.paper_port", "7,498", 7498, "7498"),
        ("risk.max_order_qty_stock", "1e5000", "1e5000", "1e5000"),
        ("risk.max_exposure_net", "1,000 lots", "1,000 lots", "1,000 lots"),
    ],
)
def test_a_number_is_read_with_thousands_marks_or_without_and_gets_them_when_it_is_left(
    look: Look, qtbot: QtBot, key: str, typed: str, read: object, left: str
) -> None:
    editor = FieldEditor(look, _setting(key))
    qtbot.addWidget(editor)
    editor.show_value(2000)
    assert isinstance(editor.control, QLineEdit)
    assert editor.control.text() == ("2000" if key.endswith("port") else "2,000")
    editor.control.clear()
    QTest.keyClicks(editor.control, typed)
    assert (editor.control.text(), editor.value) == (typed, read), "nothing moves under the hands"
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert (editor.control.text(), editor.value) == (left, read)


def test_a_refusal_stands_beside_its_setting() -> None:
    words = "risk.max_minis: 'abc' is not allowed: no number\naccounts: the id sim stands there twice"
    found = errors_by_key(words, {"risk.max_minis": 0, "risk": 0, "accounts": 0})
    assert found == {
        "risk.max_minis": "'abc' is not allowed: no number",
        "accounts": "the id sim stands there twice",
    }


class _Seen(QObject):
    """Watches what is painted, and which settings of it without the height that they need."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.painted = 0
        self.squeezed: list[str] = []
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() is QEvent.Type.Paint and isinstance(watched, FieldRow):
            self.painted += 1
            if watched.height() < watched.minimumSizeHint().height():
                self.squeezed.append(watched.spec.key)
        return False


def _tab(look: Look, qtbot: QtBot) -> ConfigTab:
    tab = ConfigTab(look)
    qtbot.addWidget(tab)
    tab.resize(1000, 700)
    tab.show()
    return tab


async def _dialog() -> DiffDialog:
    for _ in range(500):
        await asyncio.sleep(0.01)
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, DiffDialog) and widget.isVisible():
                return widget
    raise AssertionError("no dialog was shown")


async def test_a_looser_limit_needs_the_new_value_typed(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    tab = _tab(look, qtbot)
    async with demo_rig(tmp_path) as rig:
        tab.attach(rig.core, rig.hub)
        tab.show_page("risk")
        before = rig.core.settings.current.risk.daily_loss_limit
        tab.edit("risk.daily_loss_limit", before + 700)
        assert rig.core.settings.current.risk.daily_loss_limit == before
        tab.bar.apply.click()
        dialog = await _dialog()
        assert not dialog.confirm.isEnabled()
        assert "$500  →  $1,200" in [label.text() for label in dialog.findChildren(QLabel)]
        for typed, is_enough in (("loosen to 12,00", False), ("loosen to 1200", True), ("loosen to 1,200", True)):
            dialog.typed.clear()
            QTest.keyClicks(dialog.typed, typed)
            assert dialog.confirm.isEnabled() is is_enough, typed
        dialog.confirm.click()
        for _ in range(200):
            await asyncio.sleep(0.01)
            if rig.core.settings.current.risk.daily_loss_limit != before:
                break
        assert rig.core.settings.current.risk.daily_loss_limit == before + 700
        assert "daily_loss_limit: 1200" in rig.core.settings.path.read_text()
        assert len(rig.core.settings.versions()) == 1


async def test_a_value_that_is_not_allowed_is_marked_and_not_applied(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    tab = _tab(look, qtbot)
    async with demo_rig(tmp_path) as rig:
        tab.attach(rig.core, rig.hub)
        tab.show_page("risk")
        field = tab.page("risk").fields["risk.daily_loss_limit"]
        field.editor.control.clear()  # type: ignore[union-attr]  # a number is a line of text
        QTest.keyClicks(field.editor.control, "lots")
        await asyncio.sleep(0.4)
        assert field.error.isVisible()
        assert not tab.bar.apply.isEnabled()
        tab.discard()
        assert not field.error.isVisible()
        assert rig.core.settings.current.risk.daily_loss_limit == Decimal(500)


async def test_the_theme_is_shown_at_once_and_taken_back(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    tab = _tab(look, qtbot)
    async with demo_rig(tmp_path) as rig:
        tab.attach(rig.core, rig.hub)
        tab.edit("appearance.theme", "light")
        await asyncio.sleep(0.4)
        assert look.theme.name == "light"
        tab.discard()
        assert look.theme.name == "dark"


async def test_rows_are_added_duplicated_and_removed_on_a_page_never_seen_squeezed(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    tab = _tab(look, qtbot)
    async with demo_rig(tmp_path) as rig:
        tab.attach(rig.core, rig.hub)
        seen = _Seen(tab)
        tab.show_page("execution")
        page = tab.page("execution")
        await until(lambda: page.is_made and seen.painted > len(page.fields))
        assert seen.squeezed == []
        seen.deleteLater()
        table = page.tables["exits"]
        table.duplicate.click()
        draft = tab.draft
        assert draft is not None
        rows = draft.value("exits")
        assert rows[-1]["id"] == "futures-2"
        assert rows[-1]["targets"] == rows[0]["targets"]
        assert draft.check() is not None
        table.remove.click()
        assert draft.edits == {}


async def test_a_search_finds_the_page(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    tab = _tab(look, qtbot)
    async with demo_rig(tmp_path) as rig:
        tab.attach(rig.core, rig.hub)
        tab.list.edit.setText("refreshes")
        assert tab.stack.currentWidget() is tab.page("advanced")
        assert tab.page("advanced").fields["advanced.frame_ms"].isVisible()
        assert not tab.page("advanced").fields["advanced.log_level"].isVisible()


async def test_keys_are_pressed_conflicts_refused_and_hold_when_applied(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    tab = _tab(look, qtbot)
    async with demo_rig(tmp_path) as rig:
        tab.attach(rig.core, rig.hub)
        tab.show_page("keyboard")
        page = tab.page("keyboard")
        page.finish()
        editor = page.fields["keyboard.shortcuts"]
        assert isinstance(editor, KeysEditor)
        editor.fields["kill"].setKeySequence(QKeySequence("Ctrl+Shift+F"))
        assert "is given to both" in editor.errors["kill"].text()
        assert editor.fields["kill"].keySequence() == QKeySequence("Ctrl+Shift+K")
        editor.fields["ladder_buy_market"].setKeySequence(QKeySequence("Alt+P"))
        assert "chat programs" in editor.errors["ladder_buy_market"].text()
        assert tab.draft is not None
        assert tab.draft.edits == {}
        editor.fields["ladder_join_bid"].setKeySequence(QKeySequence("W"))
        assert tab.draft.edits == {"keyboard.shortcuts": {"ladder_join_bid": "W"}}
        proposal = tab.draft.check()
        assert proposal is not None
        await rig.core.settings.apply(proposal)
        assert rig.core.settings.current.keyboard.map()["ladder_join_bid"] == "W"
        tab.draft.discard()
        tab.draft.reread()
        page.show_draft(tab.draft)
        assert editor.resets["ladder_join_bid"].isEnabled()
        editor.resets["ladder_join_bid"].click()
        assert editor.fields["ladder_join_bid"].keySequence() == QKeySequence("B")


def test_an_accounts_broker_is_chosen_by_its_name_and_an_unknown_one_stays(look: Look, qtbot: QtBot) -> None:
    column = next(one for one in _setting("accounts").columns if one.key == "broker")
    editor = FieldEditor(look, column)
    qtbot.addWidget(editor)
    box = editor.control
    assert isinstance(box, QComboBox)
    assert [box.itemText(at) for at in range(box.count())] == ["Simulator", "IBKR", "TopstepX"]
    editor.show_value("projectx")
    assert (box.currentText(), editor.value) == ("TopstepX", "projectx")
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert editor.value == "ibkr"
    editor.show_value("elsewhere")
    assert (box.currentText(), editor.value) == ("elsewhere", "elsewhere"), "no other stands in its place"


def _setting(key: str) -> SettingSpec:
    return next(spec for spec in describe_settings() if spec.key == key)
