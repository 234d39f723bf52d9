"""The search field that the find key means: that of the region in focus, else that of the tab in sight."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QApplication, QDockWidget, QLineEdit, QWidget

MARK = "finds"
"""A property of the fields that narrow or search what stands below them."""


def mark_find_field(field: QLineEdit | QAbstractButton) -> None:
    """A button opens the field that it stands for."""
    field.setProperty(MARK, True)


def go_to_find_field(tab: QWidget | None) -> bool:
    """Puts the keyboard there, with what was typed before selected; False where there is none. `tab` is in sight."""
    for place in (_dock_in_focus(), tab):
        field = None if place is None else _find_field(place)
        if isinstance(field, QAbstractButton):
            field.click()
            return True
        if field is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            field.selectAll()
            return True
    return False


def _dock_in_focus() -> QDockWidget | None:
    place: QWidget | None = QApplication.focusWidget()
    while place is not None and not isinstance(place, QDockWidget):
        place = place.parentWidget()
    return place


def _find_field(place: QWidget) -> QLineEdit | QAbstractButton | None:
    """The first of the place that can be seen."""
    marked: list[QLineEdit | QAbstractButton] = [*place.findChildren(QLineEdit), *place.findChildren(QAbstractButton)]
    return next((field for field in marked if field.property(MARK) and field.isVisible() and field.isEnabled()), None)
