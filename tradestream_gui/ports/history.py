"""What reading the kept history gives: pages, newest first, and what a check of the audit chain found."""

from dataclasses import dataclass
from typing import Generic, TypeVar

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
class AuditReport:
    """What checking the audit chain found; `problem` is empty when all is whole."""

    entries: int
    facts: int
    head: str
    problem: str

    @property
    def is_whole(self) -> bool:
        return not self.problem
