"""The application as it is made in a process of its own, on a machine that speaks another language."""

import os
import subprocess
import sys
from pathlib import Path

ICON = Path(__file__).parents[3] / "resources" / "app" / "tradestream-64.png"
CHILD = """
import locale, sys
from pathlib import Path
from PyQt6.QtWidgets import QDoubleSpinBox
from tradestream_gui.ui.shell.application import make_application
app = make_application(Path(sys.argv[1]))
print(locale.setlocale(locale.LC_TIME), app.applicationName(), app.windowIcon().isNull(), app.quitOnLastWindowClosed())
field = QDoubleSpinBox()
field.setGroupSeparatorShown(True)
field.setRange(0, 9999)
field.setValue(1234.5)
print(field.text())
"""


def test_dates_and_numbers_keep_the_programs_own_words_and_marks_whatever_the_machine_speaks() -> None:
    ours = os.environ | {"LC_ALL": "de_DE.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(ICON)], env=ours, capture_output=True, text=True, timeout=60, check=True
    )
    assert child.stdout.split() == ["C", "TradeStream", "False", "False", "1,234.50"]
