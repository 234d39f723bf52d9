"""Parts in a narrow tab: figures go below each other before one is cut, and what matters least leaves the table."""

from datetime import UTC
from decimal import Decimal

from PyQt6.QtWidgets import QApplication, QBoxLayout, QCheckBox
from pytestqt.qtbot import QtBot

from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.config.field_editor import FieldEditor
from tradestream_gui.ui.tabs.config.page_list import PageList
from tradestream_gui.ui.tabs.config.profile_form import ProfileForm
from tradestream_gui.ui.tabs.config.rows_editor import RowsEditor
from tradestream_gui.ui.tabs.config.values import empty_row
from tradestream_gui.ui.tabs.messages.rows import MessageRow, message_columns
from tradestream_gui.ui.widgets.table_view import TableView
from tradestream_gui.ui.widgets.ticket.check import CostCard, Costs
from tradestream_gui.upkeep.settings.first import describe_settings


def test_the_tickets_figures_need_no_more_than_the_room_beside_the_form(look: Look, qtbot: QtBot) -> None:
    card = CostCard(look)
    qtbot.addWidget(card)
    card.show_costs(Costs(value=Decimal("316812.50"), loss_at_stop=Decimal("712.50"), from_alert="10.25 worse"))
    card.resize(328, 200)
    card.show()
    QApplication.processEvents()
    assert card.minimumSizeHint().width() <= 328
    three_beside = card.minimumSizeHint().height()
    card.resize(420, 200)
    QApplication.processEvents()
    assert card.minimumSizeHint().height() < three_beside, "with room there are four beside each other again"


def test_a_narrow_list_of_messages_keeps_what_was_done(look: Look, qtbot: QtBot) -> None:
    model: KeyedTableModel[MessageRow] = KeyedTableModel(message_columns(UTC))
    table = TableView(look, model, name="Messages", empty_text="")
    qtbot.addWidget(table)

    def shown(width: int) -> list[str]:
        table.resize(width, 300)
        table.show()
        QApplication.processEvents()
        return [column.key for at, column in enumerate(model.columns) if not table.isColumnHidden(at)]

    assert shown(800) == ["time", "channel", "analyst", "text", "parse", "action"]
    assert shown(390) == ["time", "analyst", "text", "action"], "half a window of 1280 under a text of 200 %"
    bar = table.horizontalScrollBar()
    assert bar is not None
    assert bar.maximum() == 0


def test_a_table_of_settings_stands_below_its_list_where_there_is_no_room_beside_it(look: Look, qtbot: QtBot) -> None:
    spec = next(spec for spec in describe_settings() if spec.key == "accounts")
    editor = RowsEditor(look, spec)
    qtbot.addWidget(editor)
    editor.show_setting([empty_row(spec)], [])
    editor.set_room(900)
    wide = editor.minimumSizeHint().width()
    editor.set_room(390)
    assert editor.minimumSizeHint().width() < 390 < wide
    editor.show_setting([empty_row(spec)] * 5, [])
    editor.set_room(389)
    assert editor.list.maximumHeight() >= 5 * editor.list.sizeHintForRow(0), "the page scrolls, a short list does not"
    directions = [one.direction() for one in editor.findChildren(QBoxLayout) if one.indexOf(editor.list) >= 0]
    assert directions == [QBoxLayout.Direction.TopToBottom]


def test_the_icons_of_the_pages_move_together_before_they_scroll(look: Look, qtbot: QtBot) -> None:
    look.set_scale(1.5)
    pages = PageList(look)
    qtbot.addWidget(pages)
    pages.set_narrow(True)
    bar = pages.list.verticalScrollBar()
    assert bar is not None

    def rows(height: int) -> list[int]:
        pages.resize(90, height)
        pages.show()
        QApplication.processEvents()
        return [pages.list.visualItemRect(pages.list.item(row)).height() for row in range(pages.list.count())]

    assert set(rows(1100)) == {look.px(34)}
    assert min(rows(680)) >= look.px(24), "each stays easy to hit"
    assert bar.maximum() == 0


def test_a_line_of_text_takes_the_room_before_the_air_beside_it(look: Look, qtbot: QtBot) -> None:
    spec = next(spec for spec in describe_settings() if spec.key == "general.display_zone")
    editor = FieldEditor(look, spec)
    qtbot.addWidget(editor)
    editor.resize(190, 32)
    editor.show()
    QApplication.processEvents()
    assert editor.control.width() >= 178


def test_the_fields_of_a_profile_wrap_their_words_at_any_size_of_text(look: Look, qtbot: QtBot) -> None:
    form = ProfileForm(look)
    qtbot.addWidget(form)
    form.show()
    QApplication.processEvents()
    for scale in (1.0, 1.5):
        look.set_scale(scale)
        QApplication.processEvents()
        boxes = [field for field in form.fields.values() if isinstance(field, QCheckBox)]
        assert max(box.sizeHint().width() for box in boxes) < look.px(80), "what cannot wrap is short"
        assert form.minimumSizeHint().width() <= look.px(360)
