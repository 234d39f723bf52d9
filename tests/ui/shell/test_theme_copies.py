"""A widget that fades a theme colour for itself fades nobody else's."""

from pathlib import Path

from tradestream_gui.ui.shell.theme import load_theme


def test_a_faded_colour_leaves_the_theme_as_it_was(root: Path) -> None:
    theme = load_theme(root / "themes" / "dark.toml")
    theme.color("demo").setAlphaF(0.1)
    assert theme.color("demo").alpha() == 255
