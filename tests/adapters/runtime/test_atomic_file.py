"""A file is replaced whole, or not at all."""

import os
import subprocess
import sys
from pathlib import Path

from tradestream_gui.adapters.runtime.atomic_file import write_atomically

ROOT = Path(__file__).parents[3]
WRITER = """
import sys
from pathlib import Path
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
print("ready", flush=True)
while True:
    for letter in (b"a", b"b"):
        write_atomically(Path(sys.argv[1]), letter * 300_000)
"""


def test_a_writer_killed_at_any_moment_leaves_one_of_the_two_contents(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    write_atomically(path, b"a" * 300_000)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for _ in range(5):
        command = [sys.executable, "-c", WRITER, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
            assert child.stdout is not None
            child.stdout.readline()
            child.kill()
        assert path.read_bytes() in (b"a" * 300_000, b"b" * 300_000)


def test_a_left_over_part_of_a_killed_writer_does_not_stop_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.with_name(".kept.part").write_bytes(b"half")
    write_atomically(path, b"whole")
    assert path.read_bytes() == b"whole"
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600
