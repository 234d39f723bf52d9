"""Photographs the window in its states: `python -m tests.pictures DIR [--theme dark] [--scale 1.5] [--state NAME]`."""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tests.pictures.sheets import SHEETS
from tests.pictures.states import STATES
from tests.pictures.studio import Studio
from tradestream_gui.ui.shell.theme import THEME_NAMES

ALL = (*STATES, *SHEETS)


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.ui.shell.event_loop import make_event_loop

    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    loop = make_event_loop(app)
    asyncio.set_event_loop(loop)
    themes = THEME_NAMES if options.theme == "all" else (options.theme,)
    width, height = (int(side) for side in options.size.split("x"))
    studio = Studio(app, options.folder, themes=themes, scale=options.scale, size=(width, height))
    wanted = [state for state in ALL if not options.state or state.name in options.state]
    try:
        with tempfile.TemporaryDirectory() as home:
            for state in wanted:
                pictures = loop.run_until_complete(studio.photograph(state, Path(home) / state.name))
                print(f"{state.name}: {pictures} pictures", flush=True)
    finally:
        loop.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--theme", choices=(*THEME_NAMES, "all"), default="all")
    parser.add_argument("--scale", type=float, default=1.0, help="text size, 0.8 to 2.0")
    parser.add_argument("--size", default="1600x960", help="of the window, at least 1280x720")
    parser.add_argument("--state", action="append", choices=[state.name for state in ALL], help="only these")
    return parser


if __name__ == "__main__":
    sys.exit(main())
