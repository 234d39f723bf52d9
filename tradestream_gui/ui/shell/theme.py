"""Themes: colour tokens from TOML, made into a palette first and a small style sheet second."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from string import Template

from PyQt6.QtGui import QColor, QFont, QPalette
from PyQt6.QtWidgets import QApplication

from tradestream_gui.ui.shell.fonts import ui_font
from tradestream_gui.ui.shell.tone import Tone

THEME_NAMES = ("dark", "light", "high-contrast")
FOLLOW_SYSTEM = "system"
"""Chosen in place of a theme: light or dark, as the desktop has it."""
OWN_PROFIT_COLOURS = "teal-coral"
"""Those of the theme itself; a theme names the others."""
SCALE_RANGE = (0.8, 2.0)  # font scale, 80 to 200 %
BORDERS = ("solid", "dashed")
ICON_PX = 16
"""At 100 %, as Qt has it by itself: a size is said only beside a text of another size, for every widget that it is said
of then holds a table of hints for each of its states."""
WITH_ICONS = "QPushButton, QToolButton, QTabBar, QLineEdit, QMenu"
_SIZE = re.compile(r"\$\{px(\d+)\}")


class ThemeBroken(Exception):
    """A theme file cannot be used; says which file, what is wrong in it and what to do."""


class Density(Enum):
    """The value is the height of a table row in pixels at 100 %."""

    COMPACT = 24
    COMFORTABLE = 28
    TOUCH = 32


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colour tokens; `name` is the file's stem, `is_dark` chooses the system frame and shadows."""

    name: str
    title: str
    is_dark: bool
    tokens: Mapping[str, str]
    colors: Mapping[str, QColor]
    profit_colours: Mapping[str, Mapping[str, str]]
    """By name: tokens that show gains and losses otherwise."""
    disabled_border: str = "solid"
    """How the border of a control that cannot be used now is drawn: solid or dashed."""

    def with_profit_colours(self, name: str) -> "Theme":
        """The theme with these; with its own ones where it does not know the name."""
        others = self.profit_colours.get(name, {})
        colors = {token: QColor(value) for token, value in others.items()}
        return replace(self, tokens={**self.tokens, **others}, colors={**self.colors, **colors})

    def color(self, token: str) -> QColor:
        """The colour of a token, a copy that the caller may change; an unknown token is a bug."""
        return QColor(self.colors[token])

    def tone(self, tone: Tone | None) -> QColor:
        """The colour of text with this meaning; None is plain text."""
        return QColor(self.colors[tone.value if tone is not None else "text"])

    def tint(self, token: str, alpha: float) -> QColor:
        """The token's colour, `alpha` between 0 (clear) and 1 (solid)."""
        color = QColor(self.colors[token])
        color.setAlphaF(alpha)
        return color

    def mixed(self, token: str, ground: str, strength: float) -> QColor:
        """An opaque colour between the ground (0) and the token (1)."""
        over, under, rest = self.colors[token], self.colors[ground], 1 - strength
        red, green = over.red() * strength + under.red() * rest, over.green() * strength + under.green() * rest
        return QColor(round(red), round(green), round(over.blue() * strength + under.blue() * rest))


def load_theme(path: Path) -> Theme:
    """Reads one theme file; raises ThemeBroken when it is not one."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        title, scheme, tokens = str(raw["title"]), str(raw["scheme"]), dict(raw["colors"])
        profit_colours = {str(name): dict(others) for name, others in raw.get("profit_colours", {}).items()}
        disabled_border = str(raw.get("disabled_border", "solid"))
    except OSError as error:
        raise ThemeBroken(f"theme {path} cannot be read ({error.strerror}): choose another theme") from error
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise ThemeBroken(f"theme {path} is broken ({error}): mend the file or choose another theme") from error
    colors = {token: QColor(str(value)) for token, value in tokens.items()}
    told = [*tokens.items(), *(pair for others in profit_colours.values() for pair in others.items())]
    wrong = [token for token, value in told if not QColor(str(value)).isValid()]
    if wrong:
        raise ThemeBroken(f'theme {path}: {", ".join(wrong)} is no colour: write it as "#RRGGBB"')
    if disabled_border not in BORDERS:
        raise ThemeBroken(f"theme {path}: disabled_border is {disabled_border!r}: write one of {', '.join(BORDERS)}")
    missing = [tone.value for tone in Tone if tone.value not in colors]
    if missing:
        raise ThemeBroken(f"theme {path}: {', '.join(missing)} is missing: copy it from dark.toml")
    return Theme(path.stem, title, scheme == "dark", tokens, colors, profit_colours, disabled_border)


def apply_theme(app: QApplication, theme: Theme, *, template: str, icons_dir: Path, scale: float = 1.0) -> None:
    """Gives the whole application the theme; `template` is the text of base.qss, `scale` is 0.8 to 2.0."""
    if app.style() is None or app.style().objectName() != "fusion":  # type: ignore[union-attr]  # style() may be None
        app.setStyle("Fusion")
    app.setFont(ui_font(13 * scale))
    app.setPalette(palette_of(theme))
    app.setStyleSheet(style_sheet(theme, template=template, icons_dir=icons_dir, scale=scale))


def style_sheet(theme: Theme, *, template: str, icons_dir: Path, scale: float = 1.0) -> str:
    """The template with every token and size filled in; a token that the theme lacks is a KeyError."""
    sizes = {f"px{px}": str(round(int(px) * scale)) for px in set(_SIZE.findall(template))}
    check, tick = (
        "check-dark" if QColor(theme.tokens[token]).lightness() < 128 else "check-light"
        for token in ("on_accent", "text")
    )
    icons = {
        "icon_up": (icons_dir / "style" / "arrow-up.png").as_posix(),
        "icon_down": (icons_dir / "style" / "arrow-down.png").as_posix(),
        "icon_check": (icons_dir / "style" / f"{check}.png").as_posix(),
        "icon_tick": (icons_dir / "style" / f"{tick}.png").as_posix(),
    }
    icon_px = round(ICON_PX * scale)
    icon_sizes = "" if icon_px == ICON_PX else f"{WITH_ICONS} {{ icon-size: {icon_px}px; }}"
    return Template(template).substitute(
        theme.tokens, **sizes, **icons, icon_sizes=icon_sizes, disabled_border=theme.disabled_border
    )


def palette_of(theme: Theme) -> QPalette:
    """Qt's palette from the tokens: whatever the style sheet does not name still fits the theme."""
    palette, role, color = QPalette(), QPalette.ColorRole, theme.color
    for qt_role, token in {
        role.Window: "canvas",
        role.WindowText: "text",
        role.Base: "panel",
        role.AlternateBase: "raised",
        role.Text: "text",
        role.PlaceholderText: "muted",
        role.Button: "raised",
        role.ButtonText: "text",
        role.BrightText: "danger",
        role.Highlight: "selected",
        role.HighlightedText: "text",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.Light: "hover",
        role.Midlight: "raised",
        role.Mid: "border",
        role.Dark: "border",
        role.Shadow: "canvas",
        role.Accent: "accent",
    }.items():
        palette.setColor(qt_role, color(token))
    for qt_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, qt_role, color("disabled"))
    return palette


def clamp_scale(scale: float) -> float:
    """The nearest scale that the window is drawn for."""
    return min(max(scale, SCALE_RANGE[0]), SCALE_RANGE[1])


def bold(font: QFont) -> QFont:
    """The same font at weight 600."""
    heavier = QFont(font)
    heavier.setWeight(QFont.Weight.DemiBold)
    return heavier
