"""Foreign text made harmless: Qt by itself would read what Discord or a broker sent as HTML with links and pictures."""

from collections.abc import Iterable
from functools import cache

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFontDatabase, QGuiApplication
from PyQt6.QtWidgets import QLabel, QWidget

from tradestream_gui.ui.shell.fonts import mono_font

MONO_PX = 12
SHOWN_CHARACTERS = 2000  # Discord's own limit for one message
STAND_IN = "◆"  # shown for an emoji where no font has it
FIRST_PICTURE = 0x1F000
_IN_OUR_FONTS = "✓"
_LINE_BREAKS = {"\n", "\t"}
_AS_TEXT = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "\n": "<br>"}
)  # Python's own `html` brings two thousand names of characters along
# Bidirectional controls let a message show "BUY" where it says "SELL"; the tag block hides text altogether.
_HIDDEN_RANGES = (
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xE0000, 0xE007F),
)


def plain(text: str, limit: int = SHOWN_CHARACTERS) -> str:
    """The text without control and direction characters, cut to `limit` characters with an ellipsis."""
    if text.isascii() and text.isprintable() and len(text) <= limit:
        return text
    pictures = QGuiApplication.instance() is not None and _system_shows_pictures()
    kept = "".join(
        STAND_IN if not pictures and _is_picture(character) else character
        for character in text.replace("\r\n", "\n")
        if _is_visible(character)
    )
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


def _is_picture(character: str) -> bool:
    """Emoji and other pictographs, which the bundled fonts do not have."""
    code = ord(character)
    return code >= FIRST_PICTURE or (0x2600 <= code <= 0x27BF and character not in _IN_OUR_FONTS)


@cache
def _system_shows_pictures() -> bool:
    """Whether this machine has a font for emoji; Qt aborts when it is asked before there is an application."""
    return any("emoji" in family.lower() for family in QFontDatabase.families())


def _is_visible(character: str) -> bool:
    if character in _LINE_BREAKS:
        return True
    code = ord(character)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return False
    return not any(first <= code <= last for first, last in _HIDDEN_RANGES)
