"""Finds messages in all databases of a profile: each once, with what every database knows of it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter
from pathlib import Path

from tradestream_gui.adapters.storage.readers import HistoryReader, Kept, search_query
from tradestream_gui.domain.decisions import Decision
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.ports.history import FoundMessages, MessageFilter, StoredMessage

PAGE = 500
"""Rows that are read at once: most searches end with the first page."""


class SqliteArchive:
    """Opens its databases with the first question, for reading only and on threads of their own."""

    def __init__(self, databases: Sequence[Path]) -> None:
        self._databases = databases
        self._readers: tuple[HistoryReader, ...] = ()
        self._is_closed = False

    async def find(self, words: str, *, limit: int, leave_out: Callable[[MessageKey], bool]) -> FoundMessages:
        if not search_query(words):
            return FoundMessages((), has_more=False)
        if self._is_closed:
            raise StoreFailed("the program is being closed")
        self._readers = self._readers or tuple(HistoryReader(database) for database in self._databases)
        try:
            return await self._find(words, limit, leave_out)
        except (ValueError, TypeError, ArithmeticError) as error:
            raise StoreFailed(f"a stored message could not be understood: {error}") from error

    async def close(self) -> None:
        self._is_closed = True
        for reader in self._readers:
            await reader.close()

    async def _find(self, words: str, limit: int, leave_out: Callable[[MessageKey], bool]) -> FoundMessages:
        keys: dict[MessageKey, None] = {}
        for reader in self._readers:
            keys.update(dict.fromkeys(await _keys(reader, words, limit, leave_out)))
        kept = [await reader.kept_of(tuple(keys)) for reader in self._readers]
        found = sorted((_joined(parts) for parts in zip(*kept, strict=True)), key=_came_at, reverse=True)
        return FoundMessages(tuple(found[:limit]), has_more=len(found) > limit)


async def _keys(
    reader: HistoryReader, words: str, limit: int, leave_out: Callable[[MessageKey], bool]
) -> Sequence[MessageKey]:
    """One more than the limit tells that there are more."""
    found: dict[MessageKey, None] = {}
    older: int | None = None
    while True:
        page = await reader.messages(MessageFilter(words=words), limit=PAGE, older=older)
        found.update((row.message_key, None) for row in page.rows if not leave_out(row.message_key))
        if page.older is None or len(found) > limit:
            return tuple(found)[: limit + 1]
        older = page.older


def _joined(parts: Sequence[Kept]) -> StoredMessage:
    """What the databases have of one message; each of them may have copies of the other's."""
    versions: dict[int, MessageRevision] = {}
    decisions: list[Decision] = []
    for kept, decided in parts:
        versions.update((one.revision, one) for one in kept)
        decisions += decided
    last = max(reversed(decisions), key=attrgetter("at"), default=None)
    return StoredMessage(tuple(versions[number] for number in sorted(versions)), last)


def _came_at(message: StoredMessage) -> datetime:
    return message.versions[0].received_at
