"""Themes, fonts, icons and scale work together and say what is wrong with a broken theme."""

import re
from pathlib import Path

import pytest
from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QRawFont, QTextLayout
from PyQt6.QtWidgets import QApplication

from tradestream_gui.ui.shell.icons import parse_shapes
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain_label
from tradestream_gui.ui.shell.theme import THEME_NAMES, ThemeBroken, load_theme
from tradestream_gui.ui.shell.tone import Tone, profit_tone

UI_FOLDER = Path(__file__).resolve().parents[3] / "tradestream_gui" / "ui"


def test_the_bundled_fonts_are_there_and_used(look: Look) -> None:
    assert look.missing_fonts == []
    assert QFontInfo(look.font(13)).family() == "Inter"
    assert QFontInfo(look.mono(12)).family() == "JetBrains Mono"


def test_figures_are_equally_wide(look: Look) -> None:
    metrics = QFontMetrics(look.font(24))
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8888")


def test_written_signs_stay_the_signs_that_they_are(look: Look) -> None:
    label = plain_label("Ctrl++ -> !=", role="mono")
    label.ensurePolished()
    for font in (look.mono(12), label.font()):
        assert glyphs(font, "++->!=") == [glyph for sign in "++->!=" for glyph in glyphs(font, sign)]


def glyphs(font: QFont, text: str) -> list[int]:
    layout = QTextLayout(text, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return [glyph for run in layout.glyphRuns() for glyph in run.glyphIndexes()]


def test_every_character_that_the_window_shows_is_in_the_bundled_font(look: Look) -> None:
    font = QRawFont.fromFont(look.font(13))
    texts = "".join(
        literal for path in UI_FOLDER.rglob("*.py") for literal in re.findall(r'"[^"\n]*"', path.read_text("utf-8"))
    )
    used = {character for character in texts if ord(character) > 126} | set("\u2212\u2013\u2248\u2026")
    missing = {f"{character} U+{ord(character):04X}" for character in used if not font.supportsCharacter(character)}
    assert not missing


def test_licences_of_the_fonts_are_shipped(resources_dir: Path) -> None:
    for name in ("OFL-Inter.txt", "OFL-JetBrainsMono.txt"):
        text = (resources_dir / "fonts" / name).read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in text
        assert text.startswith("Copyright")


@pytest.mark.parametrize("name", THEME_NAMES)
def test_a_change_of_theme_reaches_palette_and_listeners(look: Look, qapp: QApplication, name: str) -> None:
    heard: list[str] = []
    look.changed.connect(lambda: heard.append(look.theme.name))
    look.set_theme(name)
    assert heard == [name]
    assert qapp.palette().window().color() == look.color("canvas")


def test_the_text_scale_moves_fonts_and_rows_and_stops_at_its_limits(look: Look) -> None:
    height, size = look.row_height(), look.font(13).pixelSize()
    look.set_scale(1.5)
    assert look.row_height() == round(height * 1.5)
    assert look.font(13).pixelSize() == round(size * 1.5)
    look.set_scale(9)
    assert look.scale == 2.0
    look.set_scale(0.1)
    assert look.scale == 0.8


def test_a_broken_theme_says_which_file_and_what_to_do(tmp_path: Path, themes_dir: Path) -> None:
    dark = (themes_dir / "dark.toml").read_text(encoding="utf-8")
    for text, told in (
        ("title = ", "broken"),
        (dark.replace('up = "#34D1C4"', 'up = "turquoisish"'), "up is no colour"),
        (dark.replace('sell = "#FF9350"', ""), "sell is missing"),
        (dark.replace('scheme = "dark"', 'scheme = "dark"\ndisabled_border = "wavy"'), "one of solid, dashed"),
    ):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ThemeBroken, match=told):
            load_theme(path)
    with pytest.raises(ThemeBroken, match="cannot be read"):
        load_theme(tmp_path / "none.toml")


def test_a_theme_that_cannot_be_used_leaves_the_present_one(look: Look) -> None:
    before = look.theme
    with pytest.raises(ThemeBroken):
        look.set_theme("absent")
    assert look.theme is before


def test_profit_has_a_tone_by_its_sign() -> None:
    assert [profit_tone(amount) for amount in (5, -5, 0, None)] == [Tone.PROFIT, Tone.LOSS, Tone.MUTED, Tone.MUTED]


def test_every_icon_draws_something_inside_its_square(look: Look) -> None:
    names = look.icons.names()
    assert len(names) > 60
    for name in names:
        image = look.icons.pixmap(name, 24, QColor("#FF0000"), 2.0).toImage()
        inked = [(x, y) for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() > 100]
        assert len(inked) > 20, name
        border = [spot for spot in inked if {0, 47} & set(spot)]
        assert not border, f"{name} touches the edge"


def test_every_icon_named_in_the_code_exists(look: Look) -> None:
    known = set(look.icons.names())
    code = "\n".join(path.read_text("utf-8") for path in UI_FOLDER.rglob("*.py"))
    named = set(re.findall(r'look\.icon\("([\w-]+)"', code)) | set(re.findall(r'icon="([\w-]+)"', code))
    assert named <= known, named - known


def test_the_path_language_of_icons_is_read_with_relative_steps() -> None:
    ((path, filled, stroke),) = parse_shapes('<path d="M2 2 l4 0 v4 h-4 z" fill="currentColor" stroke="none"/>')
    assert (filled, stroke) == (True, 0.0)
    bounds = path.boundingRect()
    assert (bounds.left(), bounds.top(), bounds.right(), bounds.bottom()) == (2, 2, 6, 6)


class Desk(QObject):
    """A desktop whose user switches between light and dark."""

    colorSchemeChanged = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self._scheme = Qt.ColorScheme.Unknown

    def colorScheme(self) -> Qt.ColorScheme:
        return self._scheme

    def switch(self, scheme: Qt.ColorScheme) -> None:
        self._scheme = scheme
        self.colorSchemeChanged.emit(scheme)


def test_the_desktops_scheme_is_followed_only_when_that_was_chosen(
    qapp: QApplication, themes_dir: Path, resources_dir: Path
) -> None:
    desk = Desk()
    look = Look(qapp, themes_dir=themes_dir, resources_dir=resources_dir, theme="system", desktop=desk)
    assert (look.choice, look.theme.name) == ("system", "dark")
    for scheme, name in ((Qt.ColorScheme.Light, "light"), (Qt.ColorScheme.Dark, "dark")):
        desk.switch(scheme)
        assert (look.choice, look.theme.name) == ("system", name)
    look.set_theme("high-contrast")
    desk.switch(Qt.ColorScheme.Light)
    assert look.theme.name == "high-contrast"


def test_other_profit_colours_hold_in_every_theme(look: Look) -> None:
    look.set_profit_colours("red-up")
    for name in THEME_NAMES:
        look.set_theme(name)
        plain = load_theme(look.icons_dir.parents[1] / "themes" / f"{name}.toml")
        assert look.tone(Tone.PROFIT) == plain.tone(Tone.LOSS)
        assert look.color("candle_down") == plain.color("candle_up")
        assert look.tone(Tone.BUY) == plain.tone(Tone.BUY)
