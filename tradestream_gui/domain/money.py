"""Exact money: Decimal amounts in US dollars, rounded to cents in one place only."""

import re
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

CENT = Decimal("0.01")
ZERO = Decimal(0)
MINUS = "\u2212"
"""As figures are written: a hyphen is shorter, and stands lower."""


def to_cents(amount: Decimal) -> Decimal:
    """The amount rounded half-even to whole cents."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


def decimal_from_text(text: str) -> Decimal:
    """A finite Decimal from canonical text; raises ValueError that names the text when it is not one."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None
    if not value.is_finite():
        raise ValueError(f"{text!r} is not a finite number")
    return value


def typed_decimal(text: str) -> Decimal | None:
    """The number that a hand has typed; None for what is none. A comma only marks thousands, as in `6,331.25`: `2,50`
    is no number, since one hand means 2.5 by it and another 250."""
    found = _TYPED.fullmatch(text.strip().replace(MINUS, "-"))
    return None if found is None else Decimal(found[0].replace(",", ""))


_TYPED = re.compile(r"-?(?:(?:[0-9]{1,3}(?:,[0-9]{3}){1,8}|[0-9]{1,27})(?:\.[0-9]{0,27})?|\.[0-9]{1,27})")
"""As many digits as Python's own decimals carry."""


def plain_text(value: Decimal) -> str:
    """Canonical text of a Decimal: no exponent, no trailing zeros, `0` for zero."""
    if value == 0:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(qty: int) -> str:
    """A held quantity as sentences write it: `+3`, and `−2` with the minus of the tables."""
    return f"{qty:+d}".replace("-", MINUS)


def percent_words(share: Decimal | float, decimals: int = 0) -> str:
    """0.034 with one decimal as `3.4 %`."""
    return f"{share:.{decimals}%}".replace("%", " %")
