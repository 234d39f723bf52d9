"""Foreign text is shown as text, whatever it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QTextLayout
from PyQt6.QtWidgets import QApplication

from tests.any_text import ANY_CHARACTER
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import STAND_IN, hold_figures_together, one_line, plain, plain_label, tooltip

WIDTHS = range(200, 420, 4)


def test_html_in_a_message_stays_text(qapp: QApplication) -> None:
    text = "<b>BUY</b> <a href='x'>here</a> <img src=x>"
    label = plain_label(text)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == text
    assert not label.openExternalLinks()


def test_a_tool_tip_escapes_html_and_keeps_lines() -> None:
    assert tooltip("<b>x</b>\ny") == "<qt>&lt;b&gt;x&lt;/b&gt;<br>y</qt>"
    assert tooltip("") == ""


def test_characters_that_turn_or_hide_text_are_dropped() -> None:
    assert plain("\u202eLLES\u202c") == "LLES"
    assert plain("BU\u200bY\u2066!") == "BUY!"
    assert plain("a\x00b\x1b[31mc") == "ab[31mc"


def test_words_signs_and_lines_stay() -> None:
    text = "Größe: 2 × ES\n▲ +$25 – fine…"
    assert plain(text) == text


def test_one_line_folds_white_space() -> None:
    assert one_line("BTO\n SPX\t6000C") == "BTO SPX 6000C"


@given(st.text(ANY_CHARACTER, max_size=400), st.integers(min_value=1, max_value=300))
def test_the_text_never_exceeds_its_limit_nor_gains_characters(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert len(shown) <= limit
    assert set(shown) <= set(text) | {"…", STAND_IN}
    assert plain(shown, limit) == shown


def test_an_emoji_that_no_font_has_becomes_one_diamond_and_the_rest_keeps_its_place() -> None:
    assert plain("\U0001f6a8 ES long 6326: A") in ("◆ ES long 6326: A", "\U0001f6a8 ES long 6326: A")


@pytest.mark.parametrize("figure", ["▼ −$20.00", "▲ +$20.00"])
def test_a_wrapped_line_never_ends_within_a_figure(look: Look, figure: str) -> None:
    label = plain_label(f"Bring the stop nearer. Would have made {figure} with one contract.")
    cut = [wide for wide in WIDTHS if any(end[-1] in "▼▲−+" for end in ends_of_lines(label.text(), look, wide))]
    assert cut, "by itself Qt breaks it there"
    hold_figures_together(label)
    for wide in WIDTHS:
        assert not [end for end in ends_of_lines(label.text(), look, wide) if end[-1] in "▼▲−+"], f"at {wide} px"


def ends_of_lines(text: str, look: Look, wide: int) -> list[str]:
    """The last characters of each line when the text has so many pixels."""
    layout = QTextLayout(text, look.font(13))
    layout.beginLayout()
    ends = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(wide)
        ends.append(text[: line.textStart() + line.textLength()].rstrip("\u2060 ")[-3:])
    layout.endLayout()
    return ends
