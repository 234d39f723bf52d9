"""What a piece of text means to the trader; the theme, and nothing else, turns a tone into a colour."""

from enum import Enum


class Tone(Enum):
    """The value is the name of the colour token."""

    TEXT = "text"
    SECONDARY = "text_2"
    MUTED = "muted"
    PROFIT = "up"
    LOSS = "down"
    BUY = "buy"
    SELL = "sell"
    OK = "ok"
    INFO = "info"
    WARN = "warn"
    DANGER = "danger"
    STALE = "stale"
    ACCENT = "accent"
    DEMO = "demo"
    PAPER = "paper"
    LIVE = "live"


def profit_tone(amount: object) -> Tone:
    """PROFIT above zero, LOSS below, MUTED at zero or without a value."""
    if amount is None or amount == 0:
        return Tone.MUTED
    return Tone.PROFIT if amount > 0 else Tone.LOSS  # type: ignore[operator]  # any ordered number
