"""How the window looks now: theme, text size, row height and motion, with one signal when any of it changes."""

from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QIcon
from PyQt6.QtWidgets import QApplication

from tradestream_gui.ui.shell.fonts import load_fonts, mono_font, ui_font
from tradestream_gui.ui.shell.icons import Icons
from tradestream_gui.ui.shell.theme import Density, Theme, apply_theme, clamp_scale, load_theme
from tradestream_gui.ui.shell.tone import Tone

ICON_PX = 20


class Look(QObject):
    """The only owner of the current theme; widgets keep a reference, read from it and repaint on `changed`."""

    changed = pyqtSignal()

    def __init__(self, app: QApplication, *, themes_dir: Path, resources_dir: Path, theme: str = "dark") -> None:
        super().__init__()
        self._app = app
        self._themes_dir = themes_dir
        self.resources_dir = resources_dir
        self.icons_dir = resources_dir / "icons"
        self.icons = Icons(self.icons_dir)
        self._template = (themes_dir / "base.qss").read_text(encoding="utf-8")
        self.missing_fonts = load_fonts(resources_dir / "fonts")
        self.theme = load_theme(themes_dir / f"{theme}.toml")
        self.scale = 1.0
        self.density = Density.COMPACT
        self.reduce_motion = False
        self._apply()

    def set_theme(self, name: str) -> None:
        """Changes to a bundled theme; raises ThemeBroken, and keeps the present one, when its file is not usable."""
        self.use_theme(load_theme(self._themes_dir / f"{name}.toml"))

    def use_theme(self, theme: Theme) -> None:
        self.theme = theme
        self._apply()

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
        """A bundled icon in the colour of a tone, muted when its button is disabled."""
        return self.icons.icon(name, self.tone(tone), self.color("border_strong"), self.px(ICON_PX))

    def row_height(self) -> int:
        return self.px(self.density.value)

    def _apply(self) -> None:
        apply_theme(self._app, self.theme, template=self._template, icons_dir=self.icons_dir, scale=self.scale)
        self.changed.emit()
