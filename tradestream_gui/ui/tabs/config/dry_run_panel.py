"""A channel's dry run: how much is held, and what each stored alert would have done, rail by rail."""

import asyncio
from datetime import tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.domain.decisions import AlertQuote, Outcome
from tradestream_gui.domain.errors import BadRecord, StoreFailed
from tradestream_gui.domain.ids import ChannelId, InstrumentId, MessageKey
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.replay.dry_run import (
    MAX_MESSAGES,
    DryRunOrder,
    DryRunReport,
    DryRunRow,
    dry_run_channel,
    prices_for,
)
from tradestream_gui.ui.format import date_time_text
from tradestream_gui.ui.models.columns import Column
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.dialogs import ask_save_path
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain, plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.config.room_history import READING, RoomHistory, read_room
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from tradestream_gui.alerts.profiles.profile_book import ProfileBook
    from tradestream_gui.core import Core
    from tradestream_gui.domain.alert_profile import AlertProfile
    from tradestream_gui.domain.alerts import Reading

EMPTY = "Choose a channel and press Run. Its stored messages are played through the desk as if they came in now."
WHAT = (
    "Runs with your rails, sizes and profiles, every followed analyst at AUTO on a simulator of its own. Nothing "
    "reaches your accounts. Where no quote was stored, the alert's own price stands in: fills and profit are not shown."
)
SHOW_MS = 100
READ_AT_ONCE = 25
TONES = {
    Outcome.TRADED: Tone.OK, Outcome.DONE: Tone.OK, Outcome.REFUSED: Tone.DANGER, Outcome.HELD: Tone.WARN,
    Outcome.MISSED: Tone.WARN, Outcome.IGNORED: Tone.MUTED,
}  # fmt: skip


TOLD = (
    (Outcome.TRADED, "would trade"), (Outcome.DONE, "carried out"), (Outcome.REFUSED, "refused"),
    (Outcome.MISSED, "missed"), (Outcome.WATCHED, "only watched"), (Outcome.AWAITING, "asked about"),
    (Outcome.SKIPPED, "run out"), (Outcome.IGNORED, "left alone"),
)  # fmt: skip


class DryRunPanel(QWidget):
    """One run at a time; Esc or Cancel ends it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._channels: list[str] = []
        self._run: asyncio.Future[DryRunReport | None] | None = None
        self._history: RoomHistory | None = None
        self._decided = 0
        self.report: DryRunReport | None = None
        self.channel = ChoiceBox()
        self.channel.setAccessibleName("Channel")
        self.start = QPushButton("&Run")
        self.start.setProperty("role", "primary")
        self.cancel, self.export = QPushButton("Cancel"), QPushButton("Export…")
        self.alerts_only = QCheckBox("Alerts only")
        self.alerts_only.setChecked(True)
        self.progress = QProgressBar()
        self.progress.setAccessibleName("Messages decided")
        self.progress.setTextVisible(False)
        self.told = plain_label()
        self.told.hide()  # until there is something to say
        self.told.setWordWrap(True)
        self.told.setAccessibleName("What the dry run found")
        self.model: KeyedTableModel[DryRunRow] = KeyedTableModel(_columns(ZoneInfo("UTC")))
        self.table = TableView(look, self.model, name="Dry run", empty_text=EMPTY)
        self._shows = QTimer(self)
        self._shows.setInterval(SHOW_MS)
        self._shows.timeout.connect(self._show_progress)
        self._lay_out()
        self.start.clicked.connect(self.run)
        self.cancel.clicked.connect(self.stop)
        self.export.clicked.connect(self._on_export)
        self.table.export_wanted.connect(self._on_export)
        self.alerts_only.toggled.connect(self._fill)
        self._set_running(False)

    def attach(self, core: "Core") -> None:
        self._core = core
        self.model.columns = _columns(ZoneInfo(core.settings.current.general.display_zone))
        named = {message.channel_id: message.channel_name for message in core.alerts.messages()}
        listed = {str(channel_id): channel.name for channel_id, channel in core.alerts.rules.channels.items()}
        self._channels = list(dict.fromkeys((*listed, *named)))
        self.channel.clear()
        for channel_id in self._channels:
            self.channel.addItem(one_line(named.get(channel_id) or listed.get(channel_id, channel_id), 60))

    def run(self) -> None:
        core, at = self._core, self.channel.currentIndex()
        if core is None or self._run is not None or not 0 <= at < len(self._channels):
            return
        self._set_running(True)
        self._history = None
        self._decided = 0
        self.progress.setRange(0, 0)
        self._show_progress()
        core.tasks.spawn(self._go(core, self._channels[at]), "dry run of a channel")

    def stop(self) -> None:
        if self._run is not None:
            self._run.cancel()

    # inside

    async def _go(self, core: "Core", channel_id: str) -> None:
        self._run = asyncio.ensure_future(self._made(core, channel_id))
        try:
            report = await self._run
        except asyncio.CancelledError:
            self._say(Tone.MUTED, "Cancelled. Nothing was kept of it.")
        except (BadRecord, StoreFailed, OSError) as error:
            self._say(Tone.WARN, f"Not run: {error}.")
        else:
            if report is not None:
                self.report = report
                self._show_report(core, report)
        finally:
            self._run = None
            self._set_running(False)

    async def _made(self, core: "Core", channel_id: str) -> DryRunReport | None:
        """None where nothing is stored of the channel."""
        self._history = history = await read_room(core, channel_id, MAX_MESSAGES)
        messages = history.messages[::-1]
        if not messages:
            self._say(Tone.MUTED, history.words(core))
            return None
        self.progress.setRange(0, len(messages))
        quotes: list[AlertQuote] = []
        readings: dict[MessageKey, tuple[Reading, AlertProfile]] = {}
        for at, message in enumerate(messages):
            reading, profile = _read(core, message)
            readings[message.message_key] = (reading, profile)
            if reading.is_alert:
                quotes.extend(await core.journal.alert_quotes(message.message_key))
            if at % READ_AT_ONCE == 0:
                await asyncio.sleep(0)

        def known(instrument_id: str) -> Instrument | None:
            return core.market.instrument(InstrumentId(instrument_id))

        prices = prices_for(messages, quotes, lambda message: readings[message.message_key], core.reference, known)
        order = DryRunOrder(messages, core.alerts.profiles.profiles, prices)
        return await dry_run_channel(core.dry_stage, order, self._on_progress)

    def _on_progress(self, count: int) -> None:
        self._decided = count

    def _show_progress(self) -> None:
        if self._history is None:
            self._say(Tone.SECONDARY, READING)
            return
        self.progress.setValue(self._decided)
        self._say(Tone.SECONDARY, f"{self._decided} of {self.progress.maximum()} messages decided")

    def _set_running(self, running: bool) -> None:
        self.start.setEnabled(not running)
        self.cancel.setVisible(running)
        self.progress.setVisible(running)
        self.export.setEnabled(not running and self.report is not None)
        if running:
            self._shows.start()
        else:
            self._shows.stop()

    def _show_report(self, core: "Core", report: DryRunReport) -> None:
        counts, reach = report.counts, self._history.words(core) if self._history is not None else ""
        held = "–" if counts.held_pct is None else f"{counts.held_pct:.1f} %"
        measured = sum(row.price_basis == "quote stored then" for row in report.rows)
        assumed = sum(row.price_basis == "the alert's own price" for row in report.rows)
        found = ", ".join(f"{words} {report.count(outcome)}" for outcome, words in TOLD if report.count(outcome))
        words = (
            f"{reach} {counts.alerts} alerts. Held {report.count(Outcome.HELD)} ({held} of the "
            f"alerts); {found or 'nothing else'}. Judged by stored quotes {measured}, by the alert's own price "
            f"{assumed}."
        )
        self._say(Tone.TEXT, words)
        self._fill()

    def _fill(self) -> None:
        if self.report is None:
            return
        only = self.alerts_only.isChecked()
        rows = [row for row in self.report.rows if not only or row.outcome is not Outcome.IGNORED]
        self.model.replace_all([(row.message.message_key, row) for row in rows])
        self.model.flush()

    def _on_export(self) -> None:
        if self.report is not None and self._core is not None:
            self._core.tasks.spawn(self._export(self.report), "export the dry run")

    async def _export(self, report: DryRunReport) -> None:
        path = await ask_save_path(self, title="Export the dry run", suggested="dry-run.csv", kinds="CSV files (*.csv)")
        if path is None:
            return
        try:
            await asyncio.to_thread(path.write_text, report.csv_text(), "utf-8")
        except OSError as error:
            self._say(Tone.DANGER, f"{path.name} could not be written: {error.strerror or error}.")
            return
        self._say(Tone.OK, f"Exported {len(report.rows)} rows to {path}.")

    def _say(self, tone: Tone, words: str) -> None:
        self.told.setText(plain(words))
        self.told.show()
        palette = self.told.palette()
        palette.setColor(self.told.foregroundRole(), self._look.tone(tone))
        self.told.setPalette(palette)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(plain_label("Channel", role="caption"))
        bar.addWidget(self.channel, 1)
        for widget in (self.start, self.cancel, self.alerts_only, self.export):
            bar.addWidget(widget)
        what = plain_label(WHAT, role="help")
        what.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(8)
        column.addLayout(bar)
        column.addWidget(what)
        column.addWidget(self.progress)
        column.addWidget(self.told)
        column.addWidget(self.table, 1)


def _read(core: "Core", message: MessageRevision) -> "tuple[Reading, AlertProfile]":
    """The message as the desk reads it, whether or not its author is followed."""
    from tradestream_gui.alerts.desk.questions import alert_text_of
    from tradestream_gui.alerts.parser import parse

    book: ProfileBook = core.alerts.profiles
    route = core.alerts.rules.route(ChannelId(message.channel_id), message.author_id)
    profile = book.profile_for(route.profile if route else "", message.channel_id, message.author_id)
    return parse(alert_text_of(message), profile, core.reference.calendar.is_trading_day), profile


def _columns(zone: tzinfo) -> tuple[Column[DryRunRow], ...]:
    return (
        Column(
            key="time", title="Time", width=92, text=lambda row: f"{row.message.sent_at.astimezone(zone):%m-%d %H:%M}",
            tooltip=lambda row: date_time_text(row.message.sent_at, zone), sort_key=lambda row: row.message.sent_at,
            spare=1,
        ),
        Column(key="author", title="Author", width=80, spare=2, text=lambda row: one_line(row.message.author_name, 40)),
        Column(
            key="text", title="Message", width=180, text=lambda row: one_line(row.message.text, 200), mono=True,
            elastic=1,
            tooltip=lambda row: row.message.text,
        ),
        Column(
            key="outcome", title="Outcome", width=84, text=lambda row: row.outcome.value,
            tone=lambda row: TONES.get(row.outcome), strong=True,
        ),
        Column(
            key="words", title="What it would have done", width=190, text=lambda row: one_line(row.words, 240),
            elastic=2,
            tooltip=lambda row: row.words,
        ),
        Column(key="code", title="Rail or reason", width=130, text=lambda row: row.code, spare=3),
        Column(key="basis", title="Priced by", width=130, text=lambda row: row.price_basis, spare=4),
    )  # fmt: skip
