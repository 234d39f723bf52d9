"""An answered message as a labelled example of its room's profile."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tradestream_gui.alerts.grammar.dates import EASTERN
from tradestream_gui.domain.alert_profile import AlertProfile, ProfileExample
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.messages import MessageRevision

_NO_ALERT = frozenset({Outcome.IGNORED, Outcome.SKIPPED})


def said_by_answer(decision: Decision) -> list[dict[str, Any]] | None:
    """The actions that the message stands for as it was answered: none where it was left alone or rejected; None where
    nobody has answered yet."""
    if decision.outcome in (Outcome.HELD, Outcome.AWAITING):
        return None
    if decision.outcome in _NO_ALERT and decision.code != "EXPIRED":
        return []
    told = json.loads(decision.reading_json) if decision.reading_json else {}
    return [bare(action) for action in told.get("actions") or told.get("candidate") or ()] or None


def bare(action: Mapping[str, Any]) -> dict[str, Any]:
    """An action's filled fields without the words behind them."""
    return {key: value for key, value in action.items() if key != "evidence" and value not in (None, [])}


def with_example(
    profile: AlertProfile, revision: MessageRevision, actions: Sequence[Mapping[str, Any]]
) -> AlertProfile:
    """The profile with the message as an example, instead of an older one with the same text."""
    example = ProfileExample(
        text=revision.text,
        sent_at=revision.sent_at.astimezone(EASTERN).strftime("%Y-%m-%d %H:%M:%S"),
        actions_json=json.dumps([dict(action) for action in actions], sort_keys=True),
        reply_text=revision.reply_text,
        held=False,
    )
    kept = tuple(each for each in profile.examples if each.text != revision.text)
    return replace(profile, examples=(*kept, example))
