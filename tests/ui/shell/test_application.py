"""The application as it is made in a process of its own, on a machine that speaks another language."""

import os
import subprocess
import sys
from pathlib import Path

ICON = Path(__file__).parents[3] / "resources" / "app" / "tradestream-64.png"
CHILD = """
import locale, sys
from pathlib import Path
from tradestream_gui.ui.shell.application import make_application
app = make_application(Path(sys.argv[1]))
print(locale.setlocale(locale.LC_TIME), app.applicationName(), app.windowIcon().isNull(), app.quitOnLastWindowClosed())
"""


def test_dates_keep_the_programs_own_words_whatever_the_machine_speaks() -> None:
    ours = os.environ | {"LC_ALL": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(ICON)], env=ours, capture_output=True, text=True, timeout=60, check=True
    )
    assert child.stdout.split() == ["C", "TradeStream", "False", "False"]
