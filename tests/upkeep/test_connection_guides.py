"""What only an account of one's own can prove stands in the wizard and, in the same words, in the README."""

from pathlib import Path

import pytest

from tradestream_gui.upkeep.connection_guides import DISCORD_GUIDE, IBKR_GUIDE, PROJECTX_GUIDE, ConnectionGuide

README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.mark.parametrize("guide", [IBKR_GUIDE, PROJECTX_GUIDE, DISCORD_GUIDE], ids=lambda guide: guide.title)
def test_what_is_unproven_stands_in_the_readme_word_for_word(guide: ConnectionGuide) -> None:
    text = " ".join(README.read_text("utf-8").split())
    assert [words for words in guide.unproven if f"- {words}" not in text] == []
