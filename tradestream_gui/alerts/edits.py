"""What an edit of a message changes once that message was acted upon."""

from dataclasses import replace

from tradestream_gui.alerts.corrections import as_correction
from tradestream_gui.domain.alerts import AlertAction, Reading


def is_same(earlier: Reading, later: Reading) -> bool:
    """Whether both versions ask for the same: only the words differ."""
    return [_bare(action) for action in _wanted(earlier)] == [_bare(action) for action in _wanted(later)]


def after_acting(earlier: Reading, later: Reading) -> Reading | None:
    """The edit as a correction of the entry that the message made; None when it is no such thing."""
    before, now = _wanted(earlier), later.actions
    if len(before) != 1 or len(now) != 1 or not before[0].kind.opens:
        return None
    correction = as_correction(before[0], now[0])
    return None if correction is None else replace(later, actions=(correction,))


def _wanted(reading: Reading) -> tuple[AlertAction, ...]:
    return reading.actions or reading.candidate


def _bare(action: AlertAction) -> AlertAction:
    return replace(action, evidence=(), size_words=tuple(sorted(action.size_words)))
