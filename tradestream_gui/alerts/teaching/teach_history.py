"""A proposed profile against what the channel has posted: what it reads, what it nearly reads, what it must not."""

from dataclasses import dataclass
from enum import Enum

from tradestream_gui.alerts.forms.form_tokens import form_tokens
from tradestream_gui.alerts.forms.forms import TAKES_BACK, likeness
from tradestream_gui.alerts.grammar.dates import IsTradingDay
from tradestream_gui.alerts.parser import parse
from tradestream_gui.alerts.profiles.profile_check import said
from tradestream_gui.alerts.words.lexicon import WORDS, W
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import AlertText, Reading

NEARLY = 0.6
"""From this share of a form's parts on, a message that is not read is shown as a miss."""
_DOUBTFUL = TAKES_BACK | {W.WATCH, W.STATUS, W.PROMO, W.FLOW, W.OTHERS, W.TEACHING}


class Verdict(Enum):
    HIT = "hit"
    MISS = "miss"
    WRONG = "would have fired wrongly"
    """It acts although a person said that the message is no alert."""
    DOUBTFUL = "look at this"
    """It opens where the room's reading so far did not, beside a word that usually takes an order back."""
    QUIET = "left alone"


@dataclass(frozen=True, slots=True)
class Judged:
    """One message of the history; `words` say what is read, or what keeps it from being read."""

    verdict: Verdict
    words: str
    reading: Reading


class HistoryTrial:
    """Judges one message at a time, so that a caller can do it in small steps."""

    def __init__(self, proposed: AlertProfile, before: AlertProfile, is_trading_day: IsTradingDay) -> None:
        self._proposed = proposed
        self._before = before
        self._is_trading_day = is_trading_day
        self._no_alerts = frozenset(
            _plain(example.text) for example in proposed.examples if example.actions_json == "[]" and not example.held
        )
        self._taught = frozenset(_plain(example.text) for example in proposed.examples) - self._no_alerts

    def judge(self, alert: AlertText) -> Judged:
        reading = parse(alert, self._proposed, self._is_trading_day)
        if reading.actions:
            return Judged(self._verdict(alert, reading), said(reading), reading)
        if reading.held:
            reasons = "; ".join(reason.words for reason in reading.reasons)
            return Judged(Verdict.MISS, f"held: {reasons}", reading)
        near = self._nearness(alert.text)
        if near and _plain(alert.text) not in self._no_alerts:
            return Judged(Verdict.MISS, near, reading)
        return Judged(Verdict.QUIET, "; ".join(reason.words for reason in reading.reasons), reading)

    def _verdict(self, alert: AlertText, reading: Reading) -> Verdict:
        text = _plain(alert.text)
        if text in self._no_alerts:
            return Verdict.WRONG
        if text in self._taught or not any(action.kind.opens for action in reading.actions):
            return Verdict.HIT
        if parse(alert, self._before, self._is_trading_day).actions:
            return Verdict.HIT
        words = (WORDS.get(word) for word in text.split())
        return Verdict.DOUBTFUL if "?" in text or any(word in _DOUBTFUL for word in words) else Verdict.HIT

    def _nearness(self, text: str) -> str:
        """What keeps a message that looks like one of the room's forms from being one; "" when it looks like none."""
        tokens = form_tokens(text)
        best = max((likeness(form, tokens, self._proposed) for form in self._proposed.forms), default=(0.0, ""))
        return best[1] if best[0] >= NEARLY else ""


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
