"""The kit, without its charts, needs none of the heavy packages: the first paint must not wait for them. A session that
trades holds nothing of the demo, and one that no text comes to by itself nothing that reads texts."""

import subprocess
import sys

CODE = """
import pkgutil, sys
import tradestream_gui.ui.models, tradestream_gui.ui.widgets
from importlib import import_module
names = ["tradestream_gui.ui.shell." + n for n in
         ("event_loop", "look", "theme", "icons", "plain", "dialogs", "frame_clock", "tone", "fonts")]
names += ["tradestream_gui.ui.models." + n for n in ("columns", "keyed_table", "row_order", "csv_text")]
names += ["tradestream_gui.ui.widgets." + n for n in ("table_view", "cell_delegate", "lamp", "toast", "empty_state")]
names += ["tradestream_gui.ui.format", "tradestream_gui.ui.charts.candles", "tradestream_gui.ui.charts.equity"]
for name in names:
    import_module(name)
heavy = ("numpy pandas pyqtgraph discord aiohttp httpx sqlalchemy ib_insync pydantic ruamel alembic keyring "
         "cryptography PyQt6.QtSvg")
print(" ".join(name for name in heavy.split() if name in sys.modules))
import_module("tradestream_gui.startup")
demo = "tradestream_gui.demo.day tradestream_gui.adapters.feeds.synthetic.feed html.entities"
print(" ".join(name for name in demo.split() if name in sys.modules))
late = ("tradestream_gui.alerts.parser tradestream_gui.alerts.words.lexicon tradestream_gui.alerts.grammar.exits "
        "tradestream_gui.assembly.webhook tradestream_gui.adapters.sources.webhook tradestream_gui.replay.run "
        "tradestream_gui.replay.dry_run tradestream_gui.analytics.league tradestream_gui.analytics.day_report")
print(" ".join(name for name in late.split() if name in sys.modules))
"""


def test_no_heavy_package_is_loaded_by_the_kit_and_neither_demo_nor_parser_by_a_session_that_trades() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["", "", ""]
