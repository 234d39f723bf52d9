"""Every theme can be read, also with colour-blind eyes."""

from pathlib import Path

import pytest
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QStyle,
    QStyleOptionButton,
    QTabBar,
    QTextEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.shell.colour_science import contrast, distance
from tradestream_gui.ui.shell.theme import OWN_PROFIT_COLOURS, THEME_NAMES, Theme, load_theme, style_sheet
from tradestream_gui.upkeep.settings.model import ProfitColours

TEXTS = [
    "text",
    "text_2",
    "muted",
    "disabled",
    "accent",
    "buy",
    "info",
    "sell",
    "up",
    "down",
    "ok",
    "warn",
    "danger",
    "stale",
    "focus",
]
GROUNDS = ("canvas", "panel", "raised", "input", "selected")
ON = (("on_accent", "accent"), ("on_accent", "buy"), ("on_sell", "sell"), ("on_danger", "danger"))
BANDS = ("demo", "paper", "live")
ROLES = ("", "ghost", "primary", "buy", "sell", "buy-off", "sell-off", "danger")
BLIND = (None, "protan", "deutan", "tritan")


@pytest.fixture(params=THEME_NAMES)
def theme(request: pytest.FixtureRequest, themes_dir: Path) -> Theme:
    return load_theme(themes_dir / f"{request.param}.toml")


def test_the_measure_agrees_with_published_pairs() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert distance("#0ECB81", "#F6465D", "deutan") == pytest.approx(9, abs=1)


def test_text_is_readable_on_every_ground(theme: Theme) -> None:
    poor = {
        f"{text} on {ground}": round(found, 2)
        for text in TEXTS
        for ground in GROUNDS
        if (found := contrast(theme.tokens[text], theme.tokens[ground])) < 4.5
    }
    assert not poor


def test_what_cannot_be_used_differs_from_what_can_and_stays_readable(theme: Theme) -> None:
    words, dimmed = theme.tokens["text"], theme.tokens["disabled"]
    assert contrast(words, dimmed) >= 2.0
    for ground in ("canvas", "panel", "raised", "input"):
        assert contrast(theme.tokens["disabled_icon"], theme.tokens[ground]) >= 3.0, ground
        assert contrast(dimmed, theme.tokens[ground]) >= (7.0 if theme.name == "high-contrast" else 4.5), ground
    is_dashed = theme.disabled_border == "dashed"
    assert is_dashed is (theme.name == "high-contrast"), "there the grounds do not tell them apart"


def test_text_on_filled_buttons_and_bands_is_readable(theme: Theme) -> None:
    pairs = [*ON, *(("on_band", band) for band in BANDS)]
    poor = [pair for pair in pairs if contrast(theme.tokens[pair[0]], theme.tokens[pair[1]]) < 4.5]
    assert not poor


def test_borders_of_controls_and_the_focus_ring_stand_out(theme: Theme) -> None:
    for token in ("border_strong", "focus"):
        for ground in ("canvas", "panel", "raised", "selected", "input"):
            assert contrast(theme.tokens[token], theme.tokens[ground]) >= 3.0, f"{token} on {ground}"


def test_an_input_is_told_from_what_is_around_it_by_its_edge(
    theme: Theme, themes_dir: Path, resources_dir: Path, qtbot: QtBot
) -> None:
    template = (themes_dir / "base.qss").read_text(encoding="utf-8")
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.setStyleSheet(style_sheet(theme, template=template, icons_dir=resources_dir / "icons"))
    inputs = [kind(ground) for kind in (QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QTextEdit)]
    for field in (*inputs, QCheckBox(ground), QRadioButton(ground)):
        field.resize(120, 40)
        shown, kind = edge_of(field).name(), type(field).__name__
        for around in ("input", "canvas", "panel", "raised"):
            assert contrast(shown, theme.tokens[around]) >= 3.0, f"{kind} on {around}"
    for field in inputs:
        used = edge_of(field)
        field.setEnabled(False)
        assert edge_of(field) != used, f"a {type(field).__name__} that is off looks it"


def edge_of(field: QWidget) -> QColor:
    """The colour in the middle of its left edge, of the box's for what has one."""
    style, mark = field.style(), field.rect()
    assert style is not None
    part = QStyle.SubElement
    options: tuple[tuple[type[QWidget], QStyle.SubElement], ...] = (
        (QCheckBox, part.SE_CheckBoxIndicator), (QRadioButton, part.SE_RadioButtonIndicator)
    )  # fmt: skip
    for kind, element in options:
        if isinstance(field, kind):
            option = QStyleOptionButton()
            option.initFrom(field)
            mark = style.subElementRect(element, option, field)
    return field.grab().toImage().pixelColor(mark.left(), mark.center().y())


@pytest.mark.parametrize("colours", ProfitColours)
@pytest.mark.parametrize("eyes", BLIND)
def test_profit_and_loss_are_told_apart_by_all_eyes(theme: Theme, eyes: str | None, colours: ProfitColours) -> None:
    least = 40 if colours is ProfitColours.BLUE_ORANGE else 20
    shown = theme.with_profit_colours(colours.value).tokens
    assert distance(shown["up"], shown["down"], eyes) >= least
    assert distance(shown["candle_up"], shown["candle_down"], eyes) >= least


@pytest.mark.parametrize("colours", ProfitColours)
def test_gains_and_losses_are_readable_in_all_their_colours(theme: Theme, colours: ProfitColours) -> None:
    shown = theme.with_profit_colours(colours.value).tokens
    for token in ("up", "down"):
        for ground in GROUNDS:
            assert contrast(shown[token], shown[ground]) >= 4.5, f"{token} on {ground}"


def test_every_theme_knows_the_colours_that_can_be_chosen(theme: Theme) -> None:
    assert {OWN_PROFIT_COLOURS, *theme.profit_colours} == {colours.value for colours in ProfitColours}
    tokens = {"up", "down", "candle_up", "candle_down"}
    assert all(set(others) == tokens for others in theme.profit_colours.values())
    swapped = theme.with_profit_colours("red-up").tokens
    assert (swapped["up"], swapped["down"]) == (theme.tokens["down"], theme.tokens["up"])


@pytest.mark.parametrize("eyes", BLIND)
def test_buy_and_sell_are_told_apart_by_all_eyes(theme: Theme, eyes: str | None) -> None:
    assert distance(theme.tokens["buy"], theme.tokens["sell"], eyes) >= 40


def test_all_themes_name_the_same_tokens(themes_dir: Path) -> None:
    names = {name: set(load_theme(themes_dir / f"{name}.toml").tokens) for name in THEME_NAMES}
    assert names["dark"] == names["light"] == names["high-contrast"]


def test_the_style_sheet_is_filled_in_whole(theme: Theme, themes_dir: Path, resources_dir: Path) -> None:
    template = (themes_dir / "base.qss").read_text(encoding="utf-8")
    sheet = style_sheet(theme, template=template, icons_dir=resources_dir / "icons", scale=1.5)
    assert "${" not in sheet
    assert "#" in sheet
    for part in sheet.split('url("')[1:]:
        assert Path(part.split('"')[0]).is_file()


def test_icons_grow_with_the_text_and_every_button_that_is_off_looks_it(
    theme: Theme, themes_dir: Path, resources_dir: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    template = (themes_dir / "base.qss").read_text(encoding="utf-8")
    ground = QWidget()
    qtbot.addWidget(ground)
    buttons = (QPushButton(ground), QToolButton(ground), QTabBar(ground))
    others = (QMenu(ground), QLineEdit(ground))
    off = [QPushButton(ground) for _ in ROLES]
    for button, role in zip(off, ROLES, strict=True):
        button.setProperty("role", role)
        button.setEnabled(False)
    before = qapp.styleSheet()
    try:
        for scale, side in ((1.5, 24), (1.0, 16)):
            qapp.setStyleSheet(
                style_sheet(theme, template=template, icons_dir=resources_dir / "icons", scale=scale)
            )
            for widget in (*buttons, *others, *off):
                widget.ensurePolished()
            assert [widget.iconSize().width() for widget in buttons] == [side, side, side]
            inks = {button.palette().color(QPalette.ColorRole.ButtonText).name() for button in off}
            assert inks == {theme.color("disabled").name()}, "a button without a border too"
            styles = [(widget, widget.style()) for widget in others]
            small = QStyle.PixelMetric.PM_SmallIconSize
            assert [style.pixelMetric(small, None, widget) for widget, style in styles if style] == [side, side]
    finally:
        qapp.setStyleSheet(before)
