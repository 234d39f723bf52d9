"""The real window in a process of its own: opens a position and kills itself by the drill's button; its next life,
which something else opens, writes down what the page shows then."""

import asyncio
import sys
from pathlib import Path

from PyQt6.QtWidgets import QApplication, QPushButton

from tests.support import eventually
from tradestream_gui.app import StartMoments, run_window
from tradestream_gui.cli import Launch, build_parser, launch_from
from tradestream_gui.domain.drills import DrillKind
from tradestream_gui.ui.shell.dialogs import QuestionDialog
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.tabs.config import ConfigTab
from tradestream_gui.ui.tabs.config.drill_card import DrillCard
from tradestream_gui.ui.tabs.config.extras import show_drill

SHOWN, PICTURE = "shown.txt", "shown.png"
PATIENCE_S = 60.0


class Life:
    """One life of the window, from the moment at which all of it stands."""

    def __init__(self, launch: Launch) -> None:
        assert launch.data_dir is not None
        self._folder = launch.data_dir
        self._is_back = launch.resume
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._come_back() if self._is_back else self._kill())

    async def _kill(self) -> None:
        card = _card(_window())
        await eventually(lambda: card.open_one.isVisible(), within_s=PATIENCE_S)
        card.open_one.click()
        await eventually(lambda: "stop " in card.held.text(), within_s=PATIENCE_S)
        core = card._core
        assert core is not None
        await eventually(
            lambda: any(order.is_working and order.reduces for order in core.blotter.open_orders()), within_s=PATIENCE_S
        )
        card.starts[DrillKind.PROCESS].click()
        await eventually(lambda: bool(_questions()), within_s=PATIENCE_S)
        _button(_questions()[0], "Kill it now").click()

    async def _come_back(self) -> None:
        window = _window()
        card = window.findChild(DrillCard)
        assert card is not None, "the page stands there without being asked for"
        await eventually(lambda: card.result.isVisible(), within_s=PATIENCE_S)
        await asyncio.sleep(0.5)
        window.grab().save(str(self._folder / PICTURE))
        await asyncio.to_thread(_write, self._folder / SHOWN, card.result.text())
        window.close()


def _write(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, "utf-8")
    part.replace(path)


def _window() -> MainWindow:
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow))


def _card(window: MainWindow) -> DrillCard:
    tab = window.show_tab("config")
    assert isinstance(tab, ConfigTab)
    show_drill(tab)
    card = tab.findChild(DrillCard)
    assert card is not None
    return card


def _questions() -> list[QuestionDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QuestionDialog) and one.isVisible()]


def _button(dialog: QuestionDialog, text: str) -> QPushButton:
    return next(one for one in dialog.findChildren(QPushButton) if one.text() == text)


if __name__ == "__main__":
    launched = launch_from(build_parser().parse_args(sys.argv[1:]))
    sys.exit(run_window(launched, StartMoments(ready=Life(launched).begin)))
