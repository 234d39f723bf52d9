"""What reading the kept history gives: pages and found messages, newest first, and what a check of the audit found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from tradestream_gui.domain.decisions import Decision
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import MessageRevision

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """Rows from the newest to the oldest; `older` asks for the next page, None at the end."""

    rows: tuple[RowT, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Empty parts do not filter. `words` must all occur, the last one as a beginning."""

    words: str = ""
    source: str = ""
    channel_id: str = ""
    author_id: str = ""


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as it is kept: its versions, oldest first, and the last decision about it."""

    versions: tuple[MessageRevision, ...]
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class FoundMessages:
    """The newest first; `has_more` where only the newest are among them."""

    messages: tuple[StoredMessage, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class RoomMessages:
    """The newest version of each message of a channel, the newest sent first; `has_more` where older ones are stored.
    What was taken back is among them and says so."""

    messages: tuple[MessageRevision, ...]
    has_more: bool


class MessageArchive(Protocol):
    """Every message that was ever stored, read beside the journal and never through it: no order waits for a search."""

    async def find(self, words: str, *, limit: int, leave_out: Callable[[MessageKey], bool]) -> FoundMessages:
        """Messages of which a version has all the words, the last one as a beginning; none for words without a
        letter or a figure. Raises StoreFailed."""

    async def room(self, channel_id: str, *, limit: int) -> RoomMessages:
        """The newest `limit` messages of a channel. Raises StoreFailed."""

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What checking the audit chain found; `problem` is empty when all is whole."""

    entries: int
    facts: int
    head: str
    problem: str

    @property
    def is_whole(self) -> bool:
        return not self.problem
