"""Which colour each indicator has; several of one kind take one after another."""

from collections.abc import Sequence

from tradestream_gui.market.studies import Study, StudyKind

_MEANS = ("info", "focus", "muted")
_TOKENS = {
    StudyKind.VWAP: "demo",
    StudyKind.BOLLINGER: "text_2",
    StudyKind.RSI: "demo",
    StudyKind.MACD: "info",
    StudyKind.ATR: "warn",
}
SIGNAL = "sell"
"""The second line of the MACD."""


def study_tokens(studies: Sequence[Study]) -> list[str]:
    """The colour token of each study's first line."""
    found, means = [], 0
    for study in studies:
        if study.kind is StudyKind.EMA:
            found.append(_MEANS[means % len(_MEANS)])
            means += 1
        else:
            found.append(_TOKENS[study.kind])
    return found
