"""Inside of the display and the bus: the accessibility launcher, the demo and the reader, ended together."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tests.spoken.__main__ import LAUNCHER, SYSTEM_PYTHON

END_S = 15


def main(data_dir: str, speed: str, wait_s: str) -> int:
    demo = [sys.executable, "-m", "tradestream_gui", "--demo", "--speed", speed, "--data-dir", data_dir]
    with ExitStack() as ends:
        for command in ([str(LAUNCHER), "--launch-immediately"], demo):
            running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            ends.callback(running.wait, END_S)
            ends.callback(running.terminate)
        reader = Path(__file__).with_name("tree.py")
        return subprocess.run([SYSTEM_PYTHON, str(reader), "TradeStream", wait_s], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
