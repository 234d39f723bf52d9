"""Lines under the risk bar while something stops entries: what it is, since when, and what goes on all the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.ui.format import age_text, countdown_text, time_text
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain_label, tooltip
from tradestream_gui.ui.widgets.frozen_streams import FrozenStreams

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.events import BrokerLinkChanged
    from tradestream_gui.domain.events_market import FeedLinkChanged, StreamRevived, StreamWentStale
    from tradestream_gui.ui.shell.signal_hub import SignalHub

LINES = 3
"""At most so many troubles at once; the log has them all."""
ICON_PX, LINE_PX = 14, 26
REASON_CHARS = 160
"""A longer reason is cut; the tool tip of the account's state and the log have all of it."""
ENTRIES = "New entries are refused, exits go on."
THERE = "New entries there are refused, exits go on."


@dataclass(frozen=True, slots=True)
class Trouble:
    """One line; `token` is its colour: danger, warn or info."""

    token: str
    word: str
    words: str


@dataclass(frozen=True, slots=True)
class _Link:
    state: str
    detail: str
    since: datetime


class StateBanner(QWidget):
    """Hidden while nothing is wrong. Asks the owners on each change, and every second while what it says runs on."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self._links: dict[str, _Link] = {}
        self._frozen = FrozenStreams()
        self._lines = [_Line(look) for _ in range(LINES)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        for line in self._lines:
            column.addWidget(line)
            line.hide()
        self.hide()

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core = core
        hub.second.connect(self._on_second)
        hub.broker_link_changed.connect(self._on_broker_link)
        hub.feed_link_changed.connect(self._on_feed_link)
        hub.stream_went_stale.connect(self._on_stale)
        hub.stream_revived.connect(self._on_revived)
        hub.account_state_changed.connect(self._on_fact)
        hub.lot_changed.connect(self._on_fact)
        for name, state in core.order_desk.links().items():
            self._links[name] = _Link(state.value, "", core.clock.now())
        feed = core.subscriptions.feed.name
        link = core.board.link(feed)
        if link is not None:
            self._links[feed] = _Link(link.value, "", core.clock.now())
        self.refresh()

    def refresh(self) -> None:
        core = self._core
        if core is None:
            return
        found = self.troubles(core)
        for line, trouble in zip(self._lines, [*found, *[None] * LINES], strict=False):
            line.show_trouble(trouble)
        self.setVisible(bool(found))

    def tells_time(self) -> bool:
        """Only a lock that opens again and a silent feed are told with a time that runs."""
        core = self._core
        if core is None or self.isHidden():
            return False
        locked = (core.accounts.state(account.account_id).locked_until for account in core.accounts.accounts())
        return bool(self._frozen.feeds()) or any(until is not None for until in locked)

    def troubles(self, core: Core) -> list[Trouble]:
        """The gravest first: accounts, then links, then silent prices."""
        zone = ZoneInfo(core.settings.current.general.display_zone)
        found = [*self._of_accounts(core, zone), *self._of_links(core, zone)]
        found.sort(key=lambda trouble: ("danger", "warn", "info").index(trouble.token))
        return found[:LINES]

    def _of_accounts(self, core: Core, zone: ZoneInfo) -> list[Trouble]:
        from tradestream_gui.domain.accounts import TradingState  # not needed to paint

        accounts = core.accounts.accounts()
        found = []
        for account in accounts:
            state = core.accounts.state(account.account_id)
            if state.trading_state not in (TradingState.LOCKED, TradingState.HALTED, TradingState.REDUCING):
                continue
            held = len(core.lots.open_lots(account.account_id))
            name = f"{account.name}: " if len(accounts) > 1 else ""
            until = ""
            if state.locked_until is not None:
                until = f" Opens again in {countdown_text(state.locked_until - core.clock.now())}."
            stays = "" if not held else " 1 position is open." if held == 1 else f" {held} positions are open."
            word = f"{state.trading_state.value} {time_text(state.since, zone)}"
            token = "warn" if state.trading_state is TradingState.REDUCING else "danger"
            found.append(Trouble(token, word, f"{name}{one_line(state.reason, REASON_CHARS)}. {ENTRIES}{stays}{until}"))
        return found

    def _of_links(self, core: Core, zone: ZoneInfo) -> list[Trouble]:
        feed, now = core.subscriptions.feed.name, core.clock.now()
        found = []
        for name, link in self._links.items():
            detail = one_line(link.detail).rstrip(".")
            why = f"{detail[:1].upper()}{detail[1:]}." if detail else ""
            if name == feed and link.state == "off":
                words = "No source of prices is set up: none is shown, and entries are refused until there is one."
                found.append(Trouble("info", "NO PRICES", words))
            elif link.state in ("down", "sign-in needed"):
                rest = "Prices are old." if name == feed else "Stops that rest at the broker stay there."
                word = f"{broker_name(name).upper()} {link.state.upper()} {time_text(link.since, zone)}"
                found.append(Trouble("danger", word, f"{why} {ENTRIES} {rest}".strip()))
        for name in self._frozen.feeds():
            since, which = self._frozen.silent_since(name), self._frozen.words(name)
            if since is not None:
                words = f"No word for {age_text(now - since)}: prices are old and greyed. {ENTRIES}"
                found.append(Trouble("warn", f"{broker_name(name).upper()} SILENT", words))
            elif which:
                words = f"{broker_name(name)} is connected, but these stand still while their market moves: {which}."
                words = f"{words} {THERE}"
                found.append(Trouble("warn", "PRICES FROZEN", words))
        return found

    def _on_broker_link(self, fact: BrokerLinkChanged) -> None:
        self._note_link(fact.broker, fact.state, fact.detail)

    def _on_feed_link(self, fact: FeedLinkChanged) -> None:
        self._note_link(fact.feed, fact.state, fact.detail)

    def _note_link(self, name: str, state: str, detail: str) -> None:
        if self._core is not None:
            self._links[name] = _Link(state, detail, self._core.clock.now())
            self.refresh()

    def _on_stale(self, fact: StreamWentStale) -> None:
        self._frozen.stale(fact)
        self.refresh()

    def _on_revived(self, fact: StreamRevived) -> None:
        self._frozen.revived(fact)
        self.refresh()

    def _on_fact(self, fact: object) -> None:
        self.refresh()

    def _on_second(self) -> None:
        if self.tells_time():
            self.refresh()


class _Line(QWidget):
    """An icon, a word in capitals and a sentence; filled where it is danger, edged where it is less."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._token = "danger"
        self._word = plain_label("")
        self._words = plain_label("")
        self._words.setMinimumWidth(1)
        self._words.setWordWrap(True)
        self._row = row = QHBoxLayout(self)
        row.setSpacing(10)
        row.addWidget(self._word, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignTop)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def show_trouble(self, trouble: Trouble | None) -> None:
        self.setVisible(trouble is not None)
        if trouble is None:
            return
        if self._words.text() != trouble.words:
            self._words.setText(trouble.words)
            self.setToolTip(tooltip(trouble.words))
        self._word.setText(trouble.word)
        self.setAccessibleName(trouble.word)
        self.setAccessibleDescription(trouble.words)
        if trouble.token != self._token:
            self._token = trouble.token
            self._adopt_look()

    def _ink(self) -> str:
        return "on_danger" if self._token == "danger" else self._token

    def _adopt_look(self) -> None:
        tall = self._look.px(LINE_PX)
        self.setMinimumHeight(tall)
        edge = (tall - QFontMetrics(self._look.font(12)).height()) // 2
        self._row.setContentsMargins(self._look.px(36), edge, self._look.px(12), edge)
        inks = (self._ink(), "on_danger" if self._token == "danger" else "text")
        weights = (QFont.Weight.DemiBold, QFont.Weight.Medium)
        for label, token, weight in zip((self._word, self._words), inks, weights, strict=True):
            label.setFont(self._look.font(12, weight))
            palette = label.palette()
            palette.setColor(palette.ColorRole.WindowText, self._look.color(token))
            label.setPalette(palette)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        look, painter = self._look, QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(self.rect(), look.color("danger" if self._token == "danger" else "raised"))
        if self._token != "danger":
            painter.fillRect(0, 0, look.px(3), self.height(), look.color(self._token))
        side = look.px(ICON_PX)
        area = QRectF(look.px(14), (look.px(LINE_PX) - side) / 2, side, side)
        look.icons.paint(painter, "info" if self._token == "info" else "alert", area, look.color(self._ink()))
        painter.end()
