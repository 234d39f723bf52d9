"""The why-panel: the text with its matched words, and behind tabs everything that led from it to what was done."""

import json
from math import ceil
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QFontMetricsF, QGuiApplication, QTextCharFormat, QTextCursor
from PyQt6.QtWidgets import (
    QBoxLayout,
    QPlainTextEdit,
    QStackedWidget,
    QTabWidget,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.decisions import Decision
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.ui.format import date_time_text, number_text, profit_text, zoned_time_text
from tradestream_gui.ui.shell.fonts import set_text_font
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import dotted, explain, one_line, plain, plain_label
from tradestream_gui.ui.tabs.messages.answer import AnswerBar
from tradestream_gui.ui.tabs.messages.facts import (
    check_rows,
    edit_rows,
    field_rows,
    layer_rows,
    lot_profit,
    orders_made,
    spans,
)
from tradestream_gui.ui.tabs.messages.fix import FixBar
from tradestream_gui.ui.tabs.messages.preview import preview_words
from tradestream_gui.ui.tabs.messages.rows import MessageRow, reading_of
from tradestream_gui.ui.tabs.messages.tables import LotLine, WhyTables
from tradestream_gui.ui.tabs.messages.tools import MessageTools
from tradestream_gui.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from datetime import tzinfo

    from tradestream_gui.core import Core

NOTHING_CHOSEN = "Choose a message to see what was read, checked and ordered, and why."
HEAD_PX, FLAT_HEAD_PX, FLAT_HEIGHT_PX, HEIGHT_PX, MAX_PX = 228, 200, 206, 250, 16_777_215
MAX_LINES, FLAT_LINES = 5.0, 2.0
TEXT_FIRST = 100  # of the free height, before the air below the buttons
TEXT_EDGES_PX = 18  # padding and focus ring of the style sheet, which do not grow with the text
_LONG = 1 << 20  # more than any message has: only the end of the text is cut by `plain`, never a prefix


class WhyPanel(QWidget):
    """Shows one message. The tab does what the buttons ask."""

    edit_wanted = pyqtSignal()
    keep_wanted = pyqtSignal()
    show_order = pyqtSignal(object)
    show_lot = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._row: MessageRow | None = None
        self._is_flat = False
        self._zone: tzinfo | None = None
        self.tables = WhyTables(look)
        self.tables.orders.key_activated.connect(self.show_order)
        self.answer = AnswerBar()
        self.fix = FixBar()
        self._empty = EmptyState(look, NOTHING_CHOSEN, icon="messages")
        self._pages = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self._pages.addWidget(self._empty)
        page = QWidget()
        self._pages.addWidget(page)
        self._lay_out(page)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def attach(self, core: "Core", zone: "tzinfo") -> None:
        self._core, self._zone = core, zone
        self.tables.attach(core, zone)

    def show_row(self, row: MessageRow | None) -> None:
        """Fills the panel; None shows the sentence instead."""
        is_other = row is None or self._row is None or row.key != self._row.key
        self._row = row
        self._pages.setCurrentIndex(0 if row is None else 1)
        if row is None or self._core is None:
            return
        if is_other:
            self._again.hide()
        self._show_head(row)
        self.fix.show_row(self._core, row)
        self._show_text(row)
        self._fill(row)

    def refresh_orders(self) -> None:
        """Orders and profit move on after the decision."""
        if self._row is not None and self._core is not None:
            self._fill_orders(self._core, self._row.decision)

    def say(self, words: str) -> None:
        """A line below the text, until another message is shown."""
        self._again.setText(plain(words))
        self._again.show()

    def show_time_left(self, row: MessageRow) -> None:
        """A card's time runs down."""
        self._row = row
        self.answer.show_row(row)

    # -- making --------------------------------------------------------------------------------------------

    def _lay_out(self, page: QWidget) -> None:
        """From the outside in: Qt restyles all that gets a new parent."""
        head = QWidget(page)
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._title = plain_label(role="strong")
        self._title.setWordWrap(True)
        self._caption = plain_label(role="caption")
        self._caption.setWordWrap(True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Message text")
        self.text.setTabChangesFocus(True)
        self._again = plain_label(role="help")
        self._again.setWordWrap(True)
        self._again.hide()
        for widget in (self._title, self._caption):
            column.addWidget(widget)
        column.addWidget(self.answer)
        column.addWidget(self.fix)
        column.addWidget(self.text, TEXT_FIRST)
        column.addWidget(self._again)
        self.tools = MessageTools(self._look)
        self.tools.edit.clicked.connect(self.edit_wanted)
        self.tools.parse.clicked.connect(self._read_again)
        self.tools.copy.clicked.connect(self._copy_case)
        self.tools.keep.clicked.connect(self.keep_wanted)
        column.addWidget(self.tools)
        column.addStretch(1)
        self._tabs = QTabWidget(page)
        self._tabs.setDocumentMode(True)
        self._tabs.setAccessibleName("Why")
        self._row_of_two = QBoxLayout(QBoxLayout.Direction.TopToBottom, page)
        self._row_of_two.setContentsMargins(10, 8, 10, 6)
        self._row_of_two.setSpacing(6)
        self._row_of_two.addWidget(head)
        self._row_of_two.addWidget(self._tabs, 1)
        for view, title in self.tables.views():
            self._tabs.addTab(view, title)
        self._head = head

    @property
    def is_flat(self) -> bool:
        return self._is_flat

    def set_flat(self, is_flat: bool, *, icons_only: bool) -> None:
        """Flat: text and buttons beside the tables, because the panel lies under the list; else above them."""
        direction = QBoxLayout.Direction.LeftToRight if is_flat else QBoxLayout.Direction.TopToBottom
        self._row_of_two.setDirection(direction)
        self._is_flat = is_flat
        self._fit_head()
        self.tools.set_icons_only(icons_only)

    def _fit_head(self) -> None:
        is_flat = self._is_flat
        self.setMinimumHeight(self._look.px(FLAT_HEIGHT_PX if is_flat else HEIGHT_PX))
        self._head.setMinimumWidth(self._look.px(FLAT_HEAD_PX) if is_flat else 0)
        wide = max(self._look.px(HEAD_PX), self.answer.minimumSizeHint().width())  # its buttons are never cut
        self._head.setMaximumWidth(wide if is_flat else MAX_PX)

    # -- filling -------------------------------------------------------------------------------------------

    def _show_head(self, row: MessageRow) -> None:
        revision, zone = row.revision, self._zone
        assert zone is not None
        self._title.setText(plain(row.action[:1].upper() + row.action[1:]))
        age = (revision.received_at - revision.sent_at).total_seconds()
        parts = [
            (date_time_text if row.is_stored else zoned_time_text)(revision.sent_at, zone),
            f"#{one_line(revision.channel_name, 60)}",
            one_line(row.analyst, 60) + ("" if row.is_followed else " (not followed)"),
            f"{revision.arrival.value}, {age:.1f} s old on arrival",
        ]
        told = reading_of(row.decision) if row.decision else None
        if told and told.get("profile"):
            parts.append(f"profile {told['profile']}")
        if row.decision is not None and row.decision.code:
            parts.append(row.decision.code)
        self._caption.setText(dotted(parts[:3] if self._is_flat else parts))
        explain(self._caption, "\n".join(parts))
        self.show_time_left(row)
        self._fit_head()

    def _show_text(self, row: MessageRow) -> None:
        raw = raw_of(row.revision)
        shown = plain(raw, _LONG)
        if self.text.toPlainText() != shown:
            self.text.setPlainText(shown)
        told = reading_of(row.decision) if row.decision else None
        is_current = row.decision is not None and row.decision.revision == row.revision.revision
        self._mark(raw, spans(told) if told and is_current else [])
        self._fit_text()

    def _mark(self, raw: str, found: list[tuple[int, int]]) -> None:
        """Matched words get a tint and an underline: never colour alone."""
        style = QTextCharFormat()
        style.setBackground(self._look.theme.tint("accent", 0.22))
        style.setForeground(self._look.color("text"))
        style.setFontUnderline(True)
        marks = []
        for start, end in found:
            mark = QTextEdit.ExtraSelection()
            cursor = self.text.textCursor()
            cursor.setPosition(_shown_length(raw[:start]))
            cursor.setPosition(_shown_length(raw[:end]), QTextCursor.MoveMode.KeepAnchor)
            mark.cursor, mark.format = cursor, style
            marks.append(mark)
        self.text.setExtraSelections(marks)

    def _fill(self, row: MessageRow) -> None:
        core, decision = self._core, row.decision
        assert core is not None
        told = reading_of(decision) if decision else None
        rows = field_rows(told) if told else []
        reasons = [str(reason) for reason in told.get("reasons", ())] if told else []
        self.tables.show_fields(rows, reasons)
        checks = check_rows(decision) if decision else []
        self.tables.show_checks(checks)
        self.tables.show_layers(layer_rows(core, row.revision, decision) if decision else [])
        edits = edit_rows(row.versions or core.alerts.revisions(row.key))
        self.tables.show_edits(edits)
        passed = sum(check.passed for _, check in checks)
        self._tabs.setTabText(1, f"Risk {passed}/{len(checks)}" if checks else "Risk")
        self._tabs.setTabText(4, f"Edits {len(edits)}" if edits else "Edits")
        self._fill_orders(core, decision)

    def _fill_orders(self, core: "Core", decision: Decision | None) -> None:
        rows, lots = orders_made(core, decision) if decision else ([], [])
        told: list[LotLine] = []
        for lot in lots:
            profit, words = lot_profit(core, lot)
            name = contract_name(core.market.instrument(lot.instrument_id))
            what = "flat" if lot.is_flat else f"{number_text(lot.signed_qty, sign=True)} open"
            line = f"{name} {what}: {profit_text(profit) if profit is not None else words}"
            told.append((lot.lot_id, line, words, profit))
        self.tables.show_orders(rows, told)
        self._tabs.setTabText(2, f"Orders {len(rows)}" if rows else "Orders")

    # -- buttons -------------------------------------------------------------------------------------------

    def _read_again(self) -> None:
        if self._core is None or self._row is None:
            return
        preview = self._core.alerts.preview(self._row.revision)
        tone, words = preview_words(self._core, preview)
        self._again.setText(plain(f"Read again now, nothing changed. {words}"))
        palette = self._again.palette()
        palette.setColor(self._again.foregroundRole(), self._look.tone(tone))
        self._again.setPalette(palette)
        self._again.show()

    def _copy_case(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if self._row is not None and clipboard is not None:
            clipboard.setText(case_line(self._row.revision, self._row.decision))
            self.say("Copied: message and reading as one JSON line.")

    def _fit_text(self) -> None:
        """As high as the text up to some lines, then it scrolls; in a low panel it has to do with fewer of them."""
        document = self.text.document()
        assert document is not None, "a text edit has its document"
        lines = min(max(document.size().height(), 1.0), MAX_LINES)
        line = QFontMetricsF(self.text.font()).lineSpacing()  # its lines are no whole pixels
        edges = round(2 * document.documentMargin()) + TEXT_EDGES_PX
        least = min(lines, FLAT_LINES)
        self.text.setMinimumHeight(ceil(line * least) + edges)
        self.text.setMaximumHeight(ceil(line * lines) + edges)

    def _adopt_look(self) -> None:
        set_text_font(self.text, self._look.mono(12))
        self._fit_head()
        if self._row is not None:
            self._show_text(self._row)


def raw_of(revision: MessageRevision) -> str:
    """The text that evidence spans point into."""
    from tradestream_gui.alerts.desk.questions import alert_text_of

    return alert_text_of(revision).raw


def case_line(revision: MessageRevision, decision: Decision | None) -> str:
    """The message as the `parse` command takes it, with what was read beside it."""
    told: dict[str, Any] = (reading_of(decision) if decision else None) or {}
    case = {
        "id": revision.message_key,
        "text": revision.text,
        "ts": revision.sent_at.isoformat(),
        "channel": revision.channel_id,
        "author": revision.author_id,
        "reply_to": revision.reply_text,
        "read": {key: _bare(told[key]) for key in ("actions", "held", "candidate", "reasons") if key in told},
    }
    return json.dumps(case, ensure_ascii=False)


def _bare(value: Any) -> Any:
    """Actions without the evidence that only explains them."""
    if not isinstance(value, list):
        return value
    return [
        {key: part for key, part in each.items() if key != "evidence"} if isinstance(each, dict) else each
        for each in value
    ]


def _shown_length(prefix: str) -> int:
    """Where a place in the raw text stands on screen: hidden characters are gone, and Qt counts in UTF-16."""
    return len(plain(prefix, _LONG).encode("utf-16-le")) // 2
