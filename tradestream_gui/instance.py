"""The instance lock of a profile, made from its folders; light enough to come before the window."""

import secrets

from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.file_lock import FileLock
from tradestream_gui.paths import Paths
from tradestream_gui.upkeep.instance_lock import InstanceLock


def instance_lock(paths: Paths) -> InstanceLock:
    return InstanceLock(paths.state_dir, FileLock(paths.lock_file), write=write_atomically, token=secrets.token_bytes)
