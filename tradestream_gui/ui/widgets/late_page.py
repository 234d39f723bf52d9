"""A page whose content is made when it is first looked at: many days go by without it, and a table holds much."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

W = TypeVar("W", bound=QWidget)


class LatePage(QWidget, Generic[W]):
    """`make` gets this page as the parent of what it makes; what stands in it is there before the page is painted."""

    grown = pyqtSignal(QWidget)  # this page, once its content stands in it

    def __init__(self, make: Callable[[QWidget], W]) -> None:
        super().__init__()
        self._make = make
        self._made: W | None = None
        self._room = QVBoxLayout(self)
        self._room.setContentsMargins(0, 0, 0, 0)

    @property
    def made(self) -> W | None:
        """The content; None as long as nobody has looked at it."""
        return self._made

    def content(self) -> W:
        """The content, made now if it has to be."""
        if self._made is None:
            self._made = self._make(self)
            self._room.addWidget(self._made)
            self._made.show()  # a page that is in sight already shows its children no more by itself
            self._room.activate()
            _stand_after(self, self._made)
            self.grown.emit(self)
        return self._made

    # overridden Qt methods

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self.content()


def _stand_after(page: QWidget, content: QWidget) -> None:
    """Tab comes to the content where the page stands: Qt puts what is made late behind all else in the window."""
    before = page
    page.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Qt puts nothing behind a widget that Tab does not stop at
    for widget in tuple(_stops(content)):
        QWidget.setTabOrder(before, widget)
        before = widget
    page.setFocusPolicy(Qt.FocusPolicy.NoFocus)


def _stops(content: QWidget) -> Iterator[QWidget]:
    """Where Tab stops in the content, one after the other."""
    widget: QWidget | None = content
    while widget is not None and (widget is content or content.isAncestorOf(widget)):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            yield widget
        widget = widget.nextInFocusChain()
