"""What never changes a reading (case, markdown, emoji, mentions, white space), and what is read back as it was said."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.alerts.fuzz import SEEDS, faults_of, run
from tests.alerts.reading import in_words, read
from tests.alerts.reading_cases import FUTURE_OPENS, OPTION_OPENS, POSITIONS
from tests.any_text import ANY_CHARACTER
from tradestream_gui.alerts.wording import alert_words
from tradestream_gui.alerts.words.lexicon import WORDS
from tradestream_gui.alerts.words.phrases import PHRASES
from tradestream_gui.domain.alerts import (
    ActionKind,
    AlertAction,
    AlertSide,
    Level,
    LevelUnit,
    PriceRange,
    Quantity,
    QuantityUnit,
)  # fmt: skip
from tradestream_gui.domain.instruments import AssetClass, Right

ALERTS = [text for rows in (OPTION_OPENS, FUTURE_OPENS, POSITIONS) for text, _ in rows]
STARRED = {"12/18**", "IWM*", "244p*"}
EXPIRIES = [date(2026, 11, 23), date(2026, 12, 18), date(2027, 1, 15), date(2028, 1, 21)]

prices = st.decimals("0.05", "30", places=2)
symbols = st.sampled_from(["AAPL", "SPY", "NVDA", "BRK.B", "COIN", "GOOGL", "F", "NOW"])
roots = st.sampled_from(["ES", "NQ", "MES", "MNQ", "RTY", "YM", "GC", "CL"])
counts = st.none() | st.integers(1, 99).map(lambda n: Quantity(QuantityUnit.COUNT, Fraction(n)))
letters = st.sampled_from("ABC").map(lambda letter: Quantity(QuantityUnit.LETTER, None, letter))


@st.composite
def option_opens(draw: st.DrawFn) -> AlertAction:
    strike = draw(st.decimals("100", "900", places=1))
    low = draw(prices)
    price = draw(st.sampled_from([low, PriceRange(low, low + Decimal("0.10"))]))
    stop = draw(st.none() | st.just(Level(LevelUnit.PRICE, (low * Decimal("0.6")).quantize(Decimal("0.01")))))
    return AlertAction(
        kind=ActionKind.OPEN, asset=AssetClass.OPTION, side=AlertSide.LONG, symbol=draw(symbols), strike=strike,
        right=draw(st.sampled_from(Right)), expiry=draw(st.sampled_from(EXPIRIES)), quantity=draw(counts), price=price,
        stop=stop if stop and stop.value and stop.value > 0 else None,
        targets=draw(st.sampled_from([(), (Level(LevelUnit.PERCENT, Decimal(30)),)])),
    )  # fmt: skip


@st.composite
def future_opens(draw: st.DrawFn) -> AlertAction:
    price = draw(st.decimals("3000", "29999", places=2))
    side = draw(st.sampled_from(AlertSide))
    away = Decimal(10) if side is AlertSide.SHORT else Decimal(-10)
    units = st.sampled_from([LevelUnit.POINTS, LevelUnit.TICKS])
    distances = st.tuples(units, st.integers(2, 90).map(Decimal)).map(lambda pair: Level(*pair))
    stop = draw(st.just(Level(LevelUnit.PRICE, price + away)) | distances)
    target = draw(st.just(Level(LevelUnit.PRICE, price - away)) | distances)
    return AlertAction(
        kind=ActionKind.OPEN, asset=AssetClass.FUTURE, side=side, symbol=draw(roots), quantity=draw(counts | letters),
        price=price, stop=stop, targets=(target,),
    )  # fmt: skip


def without_notes(action: AlertAction) -> tuple[object, ...]:
    return (
        action.kind, action.asset, action.side, action.symbol, action.strike, action.right, action.expiry,
        action.quantity, action.price, action.targets, action.stop,
    )  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(option_opens() | future_opens())
def test_an_intent_said_in_words_is_read_back_as_itself(action: AlertAction) -> None:
    reading = read(alert_words(action))
    assert [without_notes(found) for found in reading.actions] == [without_notes(action)], alert_words(action)


CHANGES = {
    "white space": lambda text: "  " + text.replace(" ", "   ") + " \n",
    "no-break space": lambda text: text.replace(" ", "\u00a0"),
    "bold": lambda text: f"**{text}**",
    "underline": lambda text: f"__{text}__",
    "spoiler": lambda text: f"||{text}||",
    "emoji before": lambda text: f"🔥 {text}",
    "emoji after": lambda text: f"{text} 🚀🚀",
    "custom emoji": lambda text: f"<:up:123456789012345678> {text}",
    "role mention": lambda text: f"<@&123456789012345678> {text}",
    "user mention after": lambda text: f"{text} <@123456789012345678>",
    "full-width digits": lambda text: text.translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
    "smart quotes": lambda text: text.replace("'", "\u2019"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_dress_changes_nothing(change: str) -> None:
    for text in ALERTS:
        if text in STARRED or (change in ("bold", "underline", "spoiler") and "\n" in text):
            continue
        assert in_words(read(CHANGES[change](text))) == in_words(read(text)), (change, text)


def test_case_changes_nothing_where_capitals_do_not_make_the_symbol() -> None:
    for text in ALERTS:
        if not text.startswith("."):
            assert in_words(read(text.upper())) == in_words(read(text)), text


def test_digits_of_mentions_links_and_times_are_never_read() -> None:
    assert in_words(read("<@&450> <#315> BTO AAPL 315c 12/18 @ 2.50 <t:1763650000:R>")) == in_words(
        read("BTO AAPL 315c 12/18 @ 2.50")
    )
    assert in_words(read("https://example.org/chart?side=long&symbol=ES&price=6326")) == "NONE"


def test_struck_out_and_quoted_text_is_not_said() -> None:
    assert in_words(read("~~BTO AAPL 315c 12/18 @ 2.50~~")) == "NONE"
    assert in_words(read("> BTO AAPL 315c 12/18 @ 2.50\nnice one")) == "NONE"


def test_ten_to_the_five_mutated_messages_raise_nothing_and_claim_nothing() -> None:
    assert run(100_000, seed=20) == 0


@settings(max_examples=300, deadline=None)
@given(st.text(ANY_CHARACTER, max_size=300) | st.lists(st.sampled_from(SEEDS), max_size=3).map(" ".join))
def test_any_text_at_all_is_read_without_a_fault(text: str) -> None:
    assert faults_of(text) == []


@pytest.mark.parametrize(
    "unit", ["1", "@@@@ ", "((((", "\"'", "**", "~~", "1.1.", "a:", "12/18 ", "AAPL 315c ", "stop ", "<@", "SL TP "]
)
def test_work_grows_in_step_with_the_length_of_hostile_text(unit: str) -> None:
    """Counts the pieces of work, not the time: tokens and pieces are bounded by the characters."""
    from tradestream_gui.alerts.words.pieces import pieces_of
    from tradestream_gui.alerts.words.text import plain_text_of
    from tradestream_gui.alerts.words.tokens import tokens_of

    text = (unit * 4000)[:4000]
    tokens = tokens_of(plain_text_of(text).text)
    assert len(pieces_of(tokens)) <= len(tokens) <= len(text)
    assert read(text).actions == () or len(read(text).actions) < 400


def test_a_phrase_has_two_words_and_a_word_has_one() -> None:
    assert [phrase for phrase in PHRASES if len(phrase.split(" ")) < 2] == []
    assert [word for word in WORDS if " " in word] == []
