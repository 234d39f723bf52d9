"""Temporary files of tests stand in memory where the system offers that: thousands of databases wait for no disk."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 2 << 30
"""A whole run leaves less than a quarter of this at any moment."""


def keep_in_memory() -> None:
    """For this process and those that it starts; a folder that was asked for stays the one that is used."""
    if os.environ.get("TMPDIR") or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ENOUGH_BYTES:
        return
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None  # it is looked for anew
