"""The Config tab on a running core, opened at one page."""

from pytestqt.qtbot import QtBot

from tradestream_gui.core import Core
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.signal_hub import SignalHub
from tradestream_gui.ui.tabs.config import ConfigTab


def config_page(
    core: Core, hub: SignalHub, page: str, look: Look, qtbot: QtBot, *, height: int = 900
) -> ConfigTab:
    tab = ConfigTab(look)
    qtbot.addWidget(tab)
    tab.resize(1400, height)
    tab.show()
    tab.attach(core, hub)
    tab.show_page(page)
    return tab
