"""Which room is taught: the channel, whose messages, the profile's name, and what the room usually trades."""

import asyncio
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, pyqtSignal
from PyQt6.QtGui import QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QGridLayout, QLineEdit, QWidget

from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.ids import ChannelId
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, one_line, plain_label
from tradestream_gui.ui.tabs.config.room_history import READING, RoomHistory, held_room, read_room
from tradestream_gui.ui.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from tradestream_gui.core import Core

ANYONE = "Anyone there"
HISTORY = 5_000
"""So many of the newest messages are tried."""
ROW_PX, LEAST_PX = 440, 250
"""At 100 %: from the first on all four fields stand in one row; no less than the second is needed for two."""


@dataclass(frozen=True, slots=True)
class Room:
    channel_id: str
    author_id: str
    name: str
    symbol: str


class RoomBar(QWidget):
    """Says `chosen` when another room is to be taught, `loaded` when its stored messages are there and `named` when
    only its name or instrument changed. What is stored is read when somebody looks, and not before."""

    chosen = pyqtSignal()
    loaded = pyqtSignal()
    named = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self._channels: list[str] = []
        self._authors: list[str] = []
        self._history = RoomHistory()
        self._asked = 0
        self._is_read = asyncio.Event()
        self.channel, self.author = ChoiceBox(), ChoiceBox()
        self.name, self.symbol = QLineEdit(), QLineEdit()
        self.symbol.setPlaceholderText("none")
        self._look = look
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        self._fields: list[tuple[QWidget, QWidget, int]] = []
        self._in_a_row = 0
        fields: tuple[tuple[str, QWidget, int, str], ...] = (
            ("Channel", self.channel, 3, "The channel whose messages are taught"),
            ("Written by", self.author, 3, "Whose messages are taught"),
            ("Profile", self.name, 3, "Name of the profile: small letters, digits and hyphens"),
            ("Usual instrument", self.symbol, 1, "What the room trades where a message names nothing, such as ES"),
        )
        for title, field, stretch, words in fields:
            self._fields.append((plain_label(title, role="caption"), field, stretch))
            field.setAccessibleName(title)
            explain(field, words)
        self.symbol.setMinimumWidth(look.px(90))
        self._arrange()
        look.changed.connect(self._arrange)
        self.channel.currentIndexChanged.connect(self._on_channel)
        self.author.currentIndexChanged.connect(self._on_author)
        self.name.textEdited.connect(self.named)
        self.symbol.textEdited.connect(self.named)

    def _arrange(self) -> None:
        """Four in a row, or two where the page is narrow."""
        count = 4 if self.width() >= self._look.px(ROW_PX) else 2
        if count == self._in_a_row:
            return
        self._in_a_row = count
        for at, (caption, field, stretch) in enumerate(self._fields):
            row, place = at // count * 2, at % count
            self._grid.addWidget(caption, row, place)
            self._grid.addWidget(field, row + 1, place)
            self._grid.setColumnStretch(at, stretch if at < count else 0)

    def minimumSizeHint(self) -> QSize:
        """As wide as two of them: the others go below."""
        return QSize(self._look.px(LEAST_PX), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._read()

    def attach(self, core: "Core") -> None:
        self._core = core
        rules = core.alerts.rules
        named = {message.channel_id: message.channel_name for message in core.alerts.messages()}
        self._channels = [str(channel_id) for channel_id in rules.channels]
        self._channels += [channel_id for channel_id in named if channel_id not in self._channels]
        before = self.channel.blockSignals(True)
        self.channel.clear()
        for channel_id in self._channels:
            channel = rules.channels.get(ChannelId(channel_id))
            self.channel.addItem(one_line(named.get(channel_id) or (channel.name if channel else channel_id), 60))
        self.channel.blockSignals(before)
        self._on_channel()

    def choose_channel(self, channel_id: str) -> None:
        if channel_id in self._channels:
            self.channel.setCurrentIndex(self._channels.index(channel_id))

    @property
    def room(self) -> Room:
        at, who = self.channel.currentIndex(), self.author.currentIndex()
        return Room(
            self._channels[at] if 0 <= at < len(self._channels) else "",
            self._authors[who] if 0 <= who < len(self._authors) else "",
            self.name.text().strip(),
            self.symbol.text().strip().upper(),
        )

    def messages(self) -> tuple[MessageRevision, ...]:
        """The stored messages of the room, newest first; until they are read, those that are in memory."""
        author_id = self.room.author_id
        return tuple(each for each in self._history.messages if author_id in ("", each.author_id))

    async def whole(self) -> tuple[MessageRevision, ...]:
        """`messages`, once they are read; those that came in meanwhile are among them."""
        self._read()
        await self._is_read.wait()
        return self.messages()

    def reach(self) -> str:
        """From when to when the channel's messages reach, or that they are being read."""
        return self._history.words(self._core) if self._core is not None and self._is_read.is_set() else READING

    def present_profile(self) -> AlertProfile | None:
        """What reads the room by now: what the route names, else what is matched."""
        core, room = self._core, self.room
        if core is None:
            return None
        author = room.author_id or next((each.author_id for each in self.messages()), "")
        route = core.alerts.rules.route(ChannelId(room.channel_id), author)
        return core.alerts.profiles.profile_for(route.profile if route else "", room.channel_id, room.author_id)

    def base_profile(self) -> AlertProfile | None:
        """The profile that teaching starts from, under the name and for the room that it shall have."""
        present, room = self.present_profile(), self.room
        if present is None:
            return None
        symbol = room.symbol or None
        if present.name == room.name:
            return replace(present, default_symbol=symbol)
        return replace(
            present, name=room.name, title=self._title(room), match=((room.channel_id, room.author_id),), examples=(),
            default_symbol=symbol,
        )  # fmt: skip

    # inside

    def _title(self, room: Room) -> str:
        author = f", {self.author.currentText()}" if room.author_id else ""
        return f"{self.channel.currentText()}{author}"

    def _on_channel(self) -> None:
        self._is_read.clear()
        if self._core is not None:
            self._history = held_room(self._core, self.room.channel_id, HISTORY)
        self._list_authors()
        self._on_author()
        if self.isVisible():
            self._read()

    def _list_authors(self) -> None:
        """Everybody who wrote there; the one who is chosen stays chosen."""
        names = {each.author_id: each.author_name for each in reversed(self._history.messages)}
        chosen = self.room.author_id if self.room.author_id in names else ""
        self._authors = ["", *names]
        before = self.author.blockSignals(True)
        self.author.clear()
        for words in (ANYONE, *names.values()):
            self.author.addItem(one_line(words, 60))
        self.author.setCurrentIndex(self._authors.index(chosen))
        self.author.blockSignals(before)

    def _read(self) -> None:
        core = self._core
        if core is not None:
            self._asked += 1
            self._is_read.clear()
            core.tasks.spawn(self._load(core, self.room.channel_id, self._asked), "read a room's history")

    async def _load(self, core: "Core", channel_id: str, number: int) -> None:
        history = await read_room(core, channel_id, HISTORY)
        if number != self._asked:
            return
        self._history = history
        self._is_read.set()
        self._list_authors()
        self.loaded.emit()

    def _on_author(self) -> None:
        present = self.present_profile()
        named = present is not None and self._is_own(present)
        self.name.setText(present.name if present is not None and named else self._slug())
        self.symbol.setText((present.default_symbol or "") if present is not None else "")
        self.chosen.emit()

    def _is_own(self, profile: AlertProfile) -> bool:
        """Whether the profile is the room's own, or the one that the settings name for it: teaching goes on there."""
        core, room = self._core, self.room
        if (room.channel_id, room.author_id) in profile.match:
            return True
        author = room.author_id or next((each.author_id for each in self.messages()), "")
        route = core.alerts.rules.route(ChannelId(room.channel_id), author) if core else None
        return route is not None and route.profile == profile.name

    def _slug(self) -> str:
        words = f"{self.channel.currentText()} {self.author.currentText() if self.author.currentIndex() > 0 else ''}"
        return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:40].strip("-") or "my-room"
