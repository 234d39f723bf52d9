"""The fixed shape of a room's messages: words and typed places in their order, as taught by examples."""

from dataclasses import dataclass
from enum import Enum

from tradestream_gui.domain.alerts import ActionKind, LevelUnit


class FormRole(Enum):
    """What a place in a form is filled with; the value is its name in a profile file."""

    SYMBOL = "symbol"
    DIRECTION = "direction"
    """Long or short, by the room's `direction_words`."""
    RIGHT = "right"
    STRIKE = "strike"
    """A number, with its right glued to it or not."""
    EXPIRY = "expiry"
    ENTRY = "entry"
    STOP = "stop"
    TARGET = "target"
    SIZE = "size"
    NUMBER = "number"
    """A number that says nothing about the trade."""


class SaidDirection(Enum):
    """What one of a room's own words says about the direction."""

    LONG = "long"
    SHORT = "short"
    CALL = "call"
    PUT = "put"


@dataclass(frozen=True, slots=True)
class FormPart:
    """One place of a form: a role to be filled, or else one of `words`, which are in lower case. An `optional`
    part may be missing; a part that `repeats` takes all values of its kind that follow."""

    role: FormRole | None
    words: tuple[str, ...] = ()
    optional: bool = False
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class MessageForm:
    """A whole message of the room from its first word to its last; marks, mentions and line ends do not count.

    `free_end` lets words without any number follow. The units say how a bare number is meant.
    """

    kind: ActionKind
    parts: tuple[FormPart, ...]
    stop_unit: LevelUnit = LevelUnit.PRICE
    target_unit: LevelUnit = LevelUnit.PRICE
    free_end: bool = False

    @property
    def roles(self) -> tuple[FormRole, ...]:
        return tuple(part.role for part in self.parts if part.role is not None)
