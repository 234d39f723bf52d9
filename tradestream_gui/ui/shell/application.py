"""The one QApplication: the program's name and sign, and English months and numbers on every machine."""

import locale
import sys
from pathlib import Path

from PyQt6.QtCore import QLocale
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QApplication


def make_application(icon: Path) -> QApplication:
    """The application, made where there is none yet. Qt takes over the machine's language for dates as it is made;
    the program's words are English, and `ES Dez26` is the name of no contract. Number fields follow Qt's own locale:
    `1.500` is never fifteen hundred in one field and one and a half in another."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    locale.setlocale(locale.LC_TIME, "C")
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    app.setApplicationName("TradeStream")
    app.setDesktopFileName("tradestream")
    app.setQuitOnLastWindowClosed(False)
    app.setWindowIcon(QIcon(str(icon)))
    return app
