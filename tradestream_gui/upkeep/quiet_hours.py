"""Quiet hours, which may pass midnight."""

from datetime import datetime, time


def is_quiet(begins: str | None, ends: str | None, local: datetime) -> bool:
    """Whether a wall time lies in the quiet hours; without both ends there are none."""
    if begins is None or ends is None:
        return False
    start, end, now = time.fromisoformat(begins), time.fromisoformat(ends), local.time()
    return start <= now < end if start <= end else now >= start or now < end
