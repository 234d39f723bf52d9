"""Messages that are known by a fingerprint alone: sixteen bytes each, for a day of many thousands."""

from array import array
from bisect import bisect_left
from hashlib import blake2b


class KnownTexts:
    """Which texts belong to which names, without either; the only writer. Names are kept in order of their marks."""

    def __init__(self) -> None:
        self._names = array("Q")
        self._texts = array("Q")

    def add(self, name: str, text: str) -> None:
        mark = _mark(name)
        place = bisect_left(self._names, mark)
        self._names.insert(place, mark)
        self._texts.insert(place, _mark(text))

    def knows(self, name: str) -> bool:
        return self._place(name) is not None

    def is_same(self, name: str, text: str) -> bool:
        """Whether the name is known with this very text."""
        place = self._place(name)
        return place is not None and self._texts[place] == _mark(text)

    def _place(self, name: str) -> int | None:
        mark = _mark(name)
        place = bisect_left(self._names, mark)
        return place if place < len(self._names) and self._names[place] == mark else None


def _mark(words: str) -> int:
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "little")
