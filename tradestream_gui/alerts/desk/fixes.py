"""What a held message may be missing, as texts that have it: one key completes the alert in the author's own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tradestream_gui.domain.alerts import AlertAction, FieldEvidence

MOST = 4
_RIGHT = frozenset(("RIGHT_MISSING", "NO_RIGHT"))
_EXPIRY = frozenset(("NO_EXPIRY", "EXPIRY_UNCLEAR"))
_VERB = frozenset(("BARE_CONTRACT", "SPEAKER_UNCLEAR"))
_WHICH = frozenset(("WHICH_POSITION", "WHICH_CONTRACT", "NO_POSITION"))


@dataclass(frozen=True, slots=True)
class Fix:
    """A word for the fix, and the whole text with it. Whoever offers it reads that text first."""

    label: str
    text: str


def fixes_of(
    text: str, action: AlertAction | None, codes: Sequence[str], today: date, symbols: Sequence[str]
) -> tuple[Fix, ...]:
    """Candidates for what the codes say is missing; `symbols` are what the author has open in the channel."""
    found: list[Fix] = []
    named = set(codes)
    strike, price = _evidence(action, "strike"), _evidence(action, "price")
    if named & _RIGHT and strike is not None:
        found += [Fix(label, _inserted(text, strike.end, mark)) for label, mark in (("Call", "c"), ("Put", "p"))]
    if named & _EXPIRY and strike is not None:
        found += [Fix(label, _dated(text, action, strike, on)) for label, on in _dates(today)]
    if named & _VERB:
        found.append(Fix("It opens", f"BTO {text}"))
    if "PRICE_MISSING" in named:
        found.append(Fix("At the market", _inserted(text, _end_of_contract(action), " at market,")))
    if "SIZE_MISSING" in named and price is not None:
        found += [Fix(f"Size {letter}", _inserted(text, price.end, f": {letter}")) for letter in "ABC"]
    if "ASSET_UNCLEAR" in named:
        found.append(Fix("Shares", f"{text} shares"))
    if named & _WHICH:
        found += [Fix(symbol, f"{text} {symbol}") for symbol in symbols]
    return tuple(found[:MOST])


def _evidence(action: AlertAction | None, name: str) -> FieldEvidence | None:
    return next((each for each in action.evidence if each.field == name), None) if action is not None else None


def _end_of_contract(action: AlertAction | None) -> int:
    """Behind everything that names what is traded, which way and how many."""
    named = ("symbol", "side", "qty", "strike", "right", "expiry")
    return max((each.end for each in (action.evidence if action is not None else ()) if each.field in named), default=0)


def _inserted(text: str, at: int, words: str) -> str:
    return f"{text[:at]}{words}{text[at:]}"


def _dated(text: str, action: AlertAction | None, strike: FieldEvidence, on: date) -> str:
    """The date instead of the unclear one, else behind the strike and its right."""
    written = f"{on:%m/%d/%Y}"
    unclear = _evidence(action, "expiry")
    if unclear is not None:
        return f"{text[: unclear.start]}{written}{text[unclear.end :]}"
    right = _evidence(action, "right")
    return _inserted(text, max(strike.end, right.end if right is not None else 0), f" {written}")


def _dates(today: date) -> tuple[tuple[str, date], ...]:
    friday = today + timedelta(days=(4 - today.weekday()) % 7)
    return (
        ("Today", today),
        (f"Fri {friday:%m/%d}", friday),
        (f"Fri {friday + timedelta(days=7):%m/%d}", friday + timedelta(days=7)),
    )
