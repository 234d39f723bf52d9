"""Every message that a profile stored: found by its words, or read room by room."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tradestream_gui.adapters.storage.archive import SqliteArchive
from tradestream_gui.adapters.storage.readers import MAX_PAGE, HistoryReader
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.ports.history import FoundMessages, MessageFilter, RoomMessages


class ProfileArchive:
    """Reads a room on threads of its own, so that no search waits for a busy room's years."""

    def __init__(self, databases: Sequence[Path]) -> None:
        self._databases = databases
        self._search = SqliteArchive(databases)
        self._readers: tuple[HistoryReader, ...] = ()
        self._is_closed = False

    async def find(self, words: str, *, limit: int, leave_out: Callable[[MessageKey], bool]) -> FoundMessages:
        return await self._search.find(words, limit=limit, leave_out=leave_out)

    async def room(self, channel_id: str, *, limit: int) -> RoomMessages:
        if self._is_closed:
            raise StoreFailed("the program is being closed")
        self._readers = self._readers or tuple(HistoryReader(database) for database in self._databases)
        newest: dict[MessageKey, MessageRevision] = {}
        try:
            for reader in self._readers:
                for each in await _room_of(reader, channel_id, limit):
                    known = newest.get(each.message_key)
                    if known is None or each.revision > known.revision:
                        newest[each.message_key] = each
        except (ValueError, TypeError, ArithmeticError) as error:
            raise StoreFailed(f"a stored message could not be understood: {error}") from error
        found = sorted(newest.values(), key=lambda each: each.sent_at, reverse=True)
        return RoomMessages(tuple(found[:limit]), has_more=len(found) > limit)

    async def close(self) -> None:
        self._is_closed = True
        for reader in self._readers:
            await reader.close()
        await self._search.close()


async def _room_of(reader: HistoryReader, channel_id: str, limit: int) -> Sequence[MessageRevision]:
    """The newest version of each message, one message more than the limit: that tells that there are more."""
    found: dict[MessageKey, MessageRevision] = {}
    older: int | None = None
    while True:
        page = await reader.messages(MessageFilter(channel_id=channel_id), limit=MAX_PAGE, older=older)
        for each in page.rows:
            found.setdefault(each.message_key, each)
        if page.older is None or len(found) > limit:
            return tuple(found.values())[: limit + 1]
        older = page.older
