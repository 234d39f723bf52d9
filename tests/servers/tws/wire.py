"""Frames of the TWS socket: a four-byte length, then ASCII fields each ended by NUL."""

import struct
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum

GREETING = b"API\0"
UNSET_DOUBLE = "1.7976931348623157E308"
UNSET_INTEGER = "2147483647"
MAX_FRAME_BYTES = 1 << 20
"""No client message comes near it; a longer one is a broken stream."""


def text(value: object) -> str:
    """One field as TWS writes it: empty for None, 1 or 0 for a truth, plain digits for numbers."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case Decimal():
            return format(value, "f")
        case Enum():
            return str(value.value)
        case _:
            return str(value)


def frame(fields: tuple[object, ...]) -> bytes:
    body = "".join(text(field) + "\0" for field in fields).encode()
    return struct.pack(">I", len(body)) + body


class FrameReader:
    """Bytes in, messages out; keeps what is not complete yet. The client's first frame has no NUL at its end."""

    def __init__(self) -> None:
        self._bytes = b""
        self.greeted = False

    def feed(self, data: bytes) -> Iterator[list[str]]:
        self._bytes += data
        if not self.greeted:
            if len(self._bytes) < len(GREETING):
                return
            if not self._bytes.startswith(GREETING):
                raise ValueError("a client begins with API and NUL")
            self._bytes = self._bytes[len(GREETING) :]
            self.greeted = True
        while len(self._bytes) >= 4:
            (length,) = struct.unpack(">I", self._bytes[:4])
            if length > MAX_FRAME_BYTES:
                raise ValueError(f"a frame of {length} bytes")
            if len(self._bytes) < 4 + length:
                return
            body, self._bytes = self._bytes[4 : 4 + length], self._bytes[4 + length :]
            yield body.decode("ascii", "backslashreplace").removesuffix("\0").split("\0")
