"""Whether a profile reads its own examples as they say, one by one."""

import json
from dataclasses import dataclass
from datetime import datetime

from tradestream_gui.alerts.alert_json import JsonValue, action_json
from tradestream_gui.alerts.grammar.dates import EASTERN, IsTradingDay
from tradestream_gui.alerts.parser import parse
from tradestream_gui.domain.alert_profile import AlertProfile, ProfileExample
from tradestream_gui.domain.alerts import AlertAction, AlertText, Reading

UNSAID = frozenset(("asset", "side"))
"""What an example may leave unsaid although the reading fills it."""


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One example with what the profile makes of it; `words` say what differs, or what was read."""

    example: ProfileExample
    passes: bool
    words: str


def check_examples(profile: AlertProfile, is_trading_day: IsTradingDay) -> tuple[ExampleResult, ...]:
    return tuple(check_example(profile, example, is_trading_day) for example in profile.examples)


def check_example(profile: AlertProfile, example: ProfileExample, is_trading_day: IsTradingDay) -> ExampleResult:
    try:
        sent_at = datetime.fromisoformat(example.sent_at).replace(tzinfo=EASTERN)
    except ValueError:
        return ExampleResult(example, False, f"ts {example.sent_at!r} is no date and time")
    alert = AlertText(example.text, (), example.reply_text, sent_at, "", "")
    reading = parse(alert, profile, is_trading_day)
    words = differs(reading, json.loads(example.actions_json), held=example.held)
    shown = f"held for a look: {said(reading)}" if reading.held else said(reading)
    return ExampleResult(example, not words, words or shown)


def differs(reading: Reading, wanted: list[dict[str, JsonValue]], *, held: bool) -> str:
    """What the reading has otherwise than wanted, in words; "" when it is the same."""
    if reading.held != held:
        reasons = "; ".join(reason.words for reason in reading.reasons)
        return f"held: {reasons}" if reading.held else f"not held but read as {said(reading)}"
    given = [told(action) for action in reading.actions]
    if len(given) != len(wanted):
        return f"{said(reading)} instead of {len(wanted)} action{'' if len(wanted) == 1 else 's'}"
    for row, want in zip(given, wanted, strict=True):
        for key in dict.fromkeys((*want, *row)):
            if key in want and row.get(key) != want[key]:
                return f"{key} is {row.get(key)!r} instead of {want[key]!r}"
            if key not in want and key not in UNSAID:
                return f"{key} is {row[key]!r}, which the example does not say"
    return ""


def told(action: AlertAction) -> dict[str, JsonValue]:
    """The fields of an action that it fills, by the keys of the `parse` command."""
    return {key: value for key, value in action_json(action).items() if value not in (None, [])}


def said(reading: Reading) -> str:
    """`OPEN future long ES price 6326 sl 6316`, or that nothing is read."""
    actions = reading.actions or reading.candidate
    if not actions:
        return "nothing"
    return "; ".join(_action_words(told(action)) for action in actions)


def _action_words(row: dict[str, JsonValue]) -> str:
    named = {"action": "", "asset": "", "side": "", "symbol": "", "strike": "", "right": "", "expiry": "",
             "qty": "size ", "price": "at ", "pts": "target ", "sl": "stop ", "trigger": "above or below "}  # fmt: skip
    words = []
    for key, prefix in named.items():
        value = row.get(key)
        if value is not None:
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            words.append(f"{prefix}{shown}")
    return " ".join(words)
