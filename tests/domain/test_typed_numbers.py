"""Numbers as hands type them: a comma only marks thousands, whatever a keyboard's country means by it."""

from decimal import Decimal

import pytest

from tradestream_gui.domain.money import typed_decimal
from tradestream_gui.domain.price_alerts import read_price_alert


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("6331.25", "6331.25"), ("6,331.25", "6331.25"), ("1,234,567", "1234567"), (" .5 ", "0.5"), ("7.", "7"),
        ("-2.5", "-2.5"), ("\u22122.5", "-2.5"), ("0", "0"),
    ],
)  # fmt: skip
def test_a_number_is_read_with_marks_of_thousands_or_without(text: str, number: str) -> None:
    assert typed_decimal(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["2,50", "0,5", "1,23,456", "1234,567", "1,234,5", "6331,25", ",5", "", "-", ".", "1e3", "nan", "1" * 40, "\u0663"],
)
def test_what_may_be_another_number_than_was_meant_is_none(text: str) -> None:
    assert typed_decimal(text) is None


def test_a_price_alert_at_a_decimal_comma_is_refused_and_says_how_to_write_it() -> None:
    assert read_price_alert("ES above 6,350.25")[2] == "6350.25"
    with pytest.raises(ValueError, match="a comma marks thousands"):
        read_price_alert("ES above 6350,25")
