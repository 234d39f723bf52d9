"""Foreign text made harmless: Qt by itself would read what Discord or a broker sent as HTML with links and pictures."""

import re
from collections.abc import Iterable
from functools import cache

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFontDatabase, QGuiApplication
from PyQt6.QtWidgets import QLabel, QWidget

from tradestream_gui.ui.shell.fonts import mono_font

MONO_PX = 12
SHOWN_CHARACTERS = 2000  # Discord's own limit for one message
STAND_IN = "◆"  # shown for an emoji where no font has it
# Emoji and other pictographs, which the bundled fonts do not have; of these they have ✓.
_PICTURES = re.compile("[\u2600-\u2712\u2714-\u27bf\U0001f000-\U0010ffff]")
_AS_TEXT = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "\n": "<br>"}
)  # Python's own `html` brings two thousand names of characters along
# Bidirectional controls let a message show "BUY" where it says "SELL"; the tag block hides text altogether. Of the
# control characters a line break and a tab stay.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]+"
)


def plain(text: str, limit: int = SHOWN_CHARACTERS) -> str:
    """The text without control and direction characters, cut to `limit` characters with an ellipsis."""
    if text.isascii() and text.isprintable() and len(text) <= limit:
        return text
    kept = _HIDDEN.sub("", text)
    if QGuiApplication.instance() is None or not _system_shows_pictures():
        kept = _PICTURES.sub(STAND_IN, kept)
    return kept if len(kept) <= limit else kept[: max(limit - 1, 0)] + "…"


def one_line(text: str, limit: int = 240) -> str:
    """The text in one line, for table cells and titles."""
    return plain(" ".join(text.split()), limit)


def tooltip(text: str, limit: int = SHOWN_CHARACTERS) -> str:
    """The text for a tool tip, which Qt would otherwise read as HTML; line breaks stay."""
    return "<qt>" + plain(text, limit).translate(_AS_TEXT) + "</qt>" if text else ""


def explain(widget: QWidget, text: str) -> None:
    """A tool tip that a screen reader reads too: of a tip alone it would read Qt's marks."""
    widget.setToolTip(tooltip(text))
    widget.setAccessibleDescription(plain(text))


def dotted(parts: Iterable[str]) -> str:
    """One after the other; where they are wrapped, a dot stays at the end of its line."""
    return plain("\u00a0· ".join(parts))


def hold_figures_together(label: QLabel) -> None:
    """A wrapped line ends before a figure, never between its arrow, its sign and its amount."""
    text = label.text()
    for mark, sign in (("\u25b2", "+"), ("\u25bc", "\u2212")):
        text = text.replace(f"{mark} {sign}", f"{mark}\u00a0{sign}").replace(f"{sign}$", f"{sign}\u2060$")
    label.setText(text)


def plain_label(text: str = "", *, role: str = "", parent: QWidget | None = None) -> QLabel:
    """Shows text as it is; `role` is a style of base.qss: h1, h2, strong, figure, caption, help, error or mono."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setOpenExternalLinks(False)
    if role:
        label.setProperty("role", role)
    if role == "mono":
        label.setFont(mono_font(MONO_PX))  # the style sheet gives family and size, and has no word for ligatures
    label.setText(plain(text))
    return label


@cache
def _system_shows_pictures() -> bool:
    """Whether this machine has a font for emoji; Qt aborts when it is asked before there is an application."""
    return any("emoji" in family.lower() for family in QFontDatabase.families())
