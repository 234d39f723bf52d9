"""The two bundled type families: Inter for the interface, JetBrains Mono for raw messages and the log."""

from pathlib import Path

from PyQt6.QtGui import QFont, QFontDatabase
from PyQt6.QtWidgets import QAbstractScrollArea

UI_FAMILY, MONO_FAMILY = "Inter", "JetBrains Mono"
FONT_FILES = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "JetBrainsMono-Regular.ttf",
    "JetBrainsMono-Medium.ttf",
)
FALLBACKS = ("Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans", "sans-serif")
MONO_FALLBACKS = ("Cascadia Mono", "Menlo", "DejaVu Sans Mono", "monospace")
TABULAR = QFont.Tag("tnum")
LIGATURES = QFont.Tag("calt")
"""In which JetBrains Mono draws `->`, `!=` or `++` as one sign."""


def load_fonts(fonts_dir: Path) -> list[str]:
    """Makes the bundled fonts known to Qt; returns the files that are missing, for the log."""
    return [name for name in FONT_FILES if QFontDatabase.addApplicationFont(str(fonts_dir / name)) < 0]


def ui_font(px: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Inter with figures of equal width, so that columns of numbers stand still."""
    font = QFont([UI_FAMILY, *FALLBACKS])
    font.setPixelSize(max(round(px), 8))
    font.setWeight(weight)
    font.setFeature(TABULAR, 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def mono_font(px: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont([MONO_FAMILY, *MONO_FALLBACKS])
    font.setPixelSize(max(round(px), 8))
    font.setWeight(weight)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFeature(LIGATURES, 0)  # what was written is shown sign by sign
    return font


def set_text_font(edit: QAbstractScrollArea, font: QFont) -> None:
    """Under a style sheet the area in which Qt paints a text field's placeholder keeps its first font by itself."""
    edit.setFont(font)
    port = edit.viewport()
    if port is not None:
        port.setFont(font)
