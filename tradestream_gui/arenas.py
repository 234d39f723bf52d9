"""Keeps the C library from giving each thread a heap of its own."""

import ctypes
import sys

_M_ARENA_MAX = -8


def share_one_heap() -> None:
    """Of Python's threads one runs at a time, so that one heap serves all; of several each keeps what was freed in it.
    Only glibc makes several: elsewhere nothing is done."""
    if sys.platform == "linux":
        set_option = getattr(ctypes.CDLL(None), "mallopt", None)
        if set_option is not None:
            set_option(_M_ARENA_MAX, 1)
