"""How the window looks now: theme, text size, row height and motion, with one signal when any of it changes."""

from pathlib import Path
from typing import Protocol

from PyQt6.QtCore import QObject, Qt, pyqtBoundSignal, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QIcon
from PyQt6.QtWidgets import QApplication

from tradestream_gui.ui.shell.fonts import load_fonts, mono_font, ui_font
from tradestream_gui.ui.shell.icons import Icons
from tradestream_gui.ui.shell.theme import (
    FOLLOW_SYSTEM,
    OWN_PROFIT_COLOURS,
    Density,
    Theme,
    apply_theme,
    clamp_scale,
    load_theme,
)
from tradestream_gui.ui.shell.tone import Tone

ICON_PX = 20


class Desktop(Protocol):
    """What the desktop says of its colours; Qt's style hints are one."""

    @property
    def colorSchemeChanged(self) -> pyqtBoundSignal: ...  # Qt's name

    def colorScheme(self) -> Qt.ColorScheme: ...  # Qt's name


class Look(QObject):
    """The only owner of the current theme; widgets keep a reference, read from it and repaint on `changed`."""

    changed = pyqtSignal()

    def __init__(
        self,
        app: QApplication,
        *,
        themes_dir: Path,
        resources_dir: Path,
        theme: str = "dark",
        desktop: Desktop | None = None,
    ) -> None:
        super().__init__()
        self._app = app
        self._desktop: Desktop | None = desktop or app.styleHints()
        self._themes_dir = themes_dir
        self.resources_dir = resources_dir
        self.icons_dir = resources_dir / "icons"
        self.icons = Icons(self.icons_dir)
        self._template = (themes_dir / "base.qss").read_text(encoding="utf-8")
        self.missing_fonts = load_fonts(resources_dir / "fonts")
        self.choice = theme
        """The theme's name, or that the desktop's is followed."""
        self.profit_colours = OWN_PROFIT_COLOURS
        self._plain = self._load(theme)
        self.theme = self._plain
        self.scale = 1.0
        self.density = Density.COMPACT
        self.reduce_motion = False
        if self._desktop is not None:
            self._desktop.colorSchemeChanged.connect(self._on_scheme)
        self._apply()

    def set_theme(self, name: str) -> None:
        """Changes to a bundled theme, or to the desktop's light or dark one from now on; raises ThemeBroken, and keeps
        the present one, when its file is not usable."""
        self._plain = self._load(name)
        self.choice = name
        self._recolour()

    def set_profit_colours(self, name: str) -> None:
        """How gains and losses are coloured, in every theme."""
        self.profit_colours = name
        self._recolour()

    def set_scale(self, scale: float) -> None:
        """Text and row size, 0.8 to 2.0; values outside are clamped."""
        self.scale = clamp_scale(scale)
        self._apply()

    def set_density(self, density: Density) -> None:
        self.density = density
        self.changed.emit()

    def set_reduce_motion(self, reduce_motion: bool) -> None:
        self.reduce_motion = reduce_motion
        self.changed.emit()

    def color(self, token: str) -> QColor:
        return self.theme.color(token)

    def tone(self, tone: Tone | None) -> QColor:
        return self.theme.tone(tone)

    def px(self, pixels: float) -> int:
        """A length that grows with the text."""
        return round(pixels * self.scale)

    def font(self, px: int = 13, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        return ui_font(px * self.scale, weight)

    def mono(self, px: int = 12, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        return mono_font(px * self.scale, weight)

    def icon(self, name: str, tone: Tone | None = Tone.SECONDARY) -> QIcon:
        """A bundled icon in the colour of a tone, dimmed when its button is disabled."""
        return self.icons.icon(name, self.tone(tone), self.color("disabled_icon"), self.px(ICON_PX))

    def row_height(self) -> int:
        return self.px(self.density.value)

    def _load(self, name: str) -> Theme:
        if name == FOLLOW_SYSTEM:
            is_light = self._desktop is not None and self._desktop.colorScheme() is Qt.ColorScheme.Light
            name = "light" if is_light else "dark"
        return load_theme(self._themes_dir / f"{name}.toml")

    def _recolour(self) -> None:
        self.theme = self._plain.with_profit_colours(self.profit_colours)
        self._apply()

    def _on_scheme(self, _: object) -> None:
        if self.choice == FOLLOW_SYSTEM and self._load(self.choice).name != self._plain.name:
            self.set_theme(self.choice)

    def _apply(self) -> None:
        apply_theme(self._app, self.theme, template=self._template, icons_dir=self.icons_dir, scale=self.scale)
        self.changed.emit()
