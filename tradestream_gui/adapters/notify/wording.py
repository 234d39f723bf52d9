"""Posts as plain text: the moment on the user's clock, what happened, and the words for it."""

from collections.abc import Awaitable, Callable, Sequence
from zoneinfo import ZoneInfo

from tradestream_gui.ports.notify import Post

MAX_TITLE, MAX_WORDS = 160, 600
Secret = Callable[[], Awaitable[tuple[str, str]]]
"""Gives a secret with "", or "" with the words why there is none."""


def one_line(text: str, limit: int) -> str:
    """Without line ends and control characters, cut at the limit: a foreign text makes no second line or header."""
    flat = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"


def as_line(post: Post, zone: ZoneInfo) -> str:
    at = post.at.astimezone(zone)
    words = one_line(post.words, MAX_WORDS)
    return f"{at:%H:%M:%S %Z}  {one_line(post.title, MAX_TITLE)}{f': {words}' if words else ''}"


def together(posts: Sequence[Post], zone: ZoneInfo, limit: int) -> str:
    """Line by line, oldest first; what does not fit is counted."""
    lines = [as_line(post, zone) for post in posts]
    for count in range(len(lines), 0, -1):
        left = len(lines) - count
        text = "\n".join(lines[:count]) + (f"\n… and {left} more in the log" if left else "")
        if len(text) <= limit:
            return text
    return f"{lines[0][: limit - 1]}…"
