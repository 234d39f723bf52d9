"""What was decided about a message, with the reason in words and the numbers behind it."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId, MessageKey


class Outcome(Enum):
    """The one decision about a message revision in one account."""

    TRADED = "traded"
    DONE = "done"
    """Carried out without a new entry: a stop moved, a trim that our plan had already filled."""
    AWAITING = "awaiting approval"
    HELD = "held"
    REFUSED = "refused"
    WATCHED = "watched"
    MISSED = "missed"
    SKIPPED = "skipped"
    """A person said no, or the card ran out of time."""
    IGNORED = "ignored"
    """Not an alert."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One rail as it judged: its code, whether it passed, and both numbers in words."""

    code: str
    passed: bool
    words: str
    value: str
    limit: str

    @property
    def sentence(self) -> str:
        """The words with what was measured and its limit, as far as the words do not say it themselves."""
        said = re.search(rf"(?<![\w.]){re.escape(self.value)}(?![\w.])", self.words) is not None
        if said or self.value in ("", "none", "unknown", self.limit):
            return self.words
        limit = "" if self.limit in ("", "any", "none", "unknown") else f", limit {self.limit}"
        return f"{self.words}: {self.value}{limit}"


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision about one revision; a later one for the same revision (approval) replaces it on screen only."""

    message_key: MessageKey
    revision: int
    account_id: AccountId | None
    at: datetime
    outcome: Outcome
    code: str
    words: str
    reading_json: str
    """The parsed actions with the matched words, as the parser's JSON."""
    instrument_id: InstrumentId | None = None
    cl_ord_ids: tuple[ClOrdId, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    layers: tuple[tuple[str, str], ...] = ()
    """(value, layer): which layer gave each value: alert, analyst, channel, account, defaults."""
    expires_at: datetime | None = None
    """When a card that waits for approval runs out."""


@dataclass(frozen=True, slots=True)
class AlertQuote:
    """Bid and ask of an alerted contract at one moment of its life: they judge the analyst later."""

    message_key: MessageKey
    instrument_id: InstrumentId
    at: datetime
    moment: str
    """`received`, `decided`, `sent`, `filled`, `sample`, `closed`."""
    bid: Decimal | None
    ask: Decimal | None
    last: Decimal | None
    kind: str
