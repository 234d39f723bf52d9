"""Words that change all the time are drawn and spoken anew, and the window is laid out anew only when it must be."""

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tradestream_gui.ui.shell.ink import ink
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.steady_label import SteadyLabel


class _Layouts(QObject):
    """Counts how often a widget is asked to lay its children out."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        self.count += event is not None and event.type() is QEvent.Type.LayoutRequest
        return False


def _shown(look: Look, qtbot: QtBot, label: SteadyLabel) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    row.addWidget(label)
    row.addStretch(1)
    window.resize(600, 80)
    window.show()
    qtbot.waitExposed(window)
    QApplication.processEvents()
    return window


def test_words_that_fit_lay_nothing_out_and_longer_ones_get_their_room(look: Look, qtbot: QtBot) -> None:
    label = SteadyLabel("6,326.25", role="figure")
    window = _shown(look, qtbot, label)
    layouts = _Layouts(window)
    for words in ("6,326.50", "6,111.25", "1.25"):
        label.setText(words)
        QApplication.processEvents()
        assert (label.text(), label.accessibleName()) == (words, words)
    assert layouts.count == 0
    label.setText("16,326.25 and more")
    QApplication.processEvents()
    assert layouts.count > 0
    assert label.width() >= label.fontMetrics().horizontalAdvance("16,326.25 and more")


def test_new_words_are_drawn_in_the_colour_that_they_were_given(look: Look, qtbot: QtBot) -> None:
    label = SteadyLabel("MMM")
    window = _shown(look, qtbot, label)
    assert window.isVisible()
    before = label.grab().toImage()
    label.setText("lll")
    assert label.grab().toImage() != before
    ink(label, look.color("danger"))
    image = label.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert look.color("danger").name() in seen


def test_markup_is_drawn_as_it_is_written(look: Look, qtbot: QtBot) -> None:
    label = SteadyLabel("<b>x</b>")
    window = _shown(look, qtbot, label)
    assert window.isVisible()
    assert label.width() >= label.fontMetrics().horizontalAdvance("<b>x</b>")
