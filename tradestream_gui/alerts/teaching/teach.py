"""Teaching by example: from labelled messages to a proposed profile, the tightest that reads them all as they say."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tradestream_gui.alerts.forms.form_text import text_of
from tradestream_gui.alerts.forms.form_values import draft_of
from tradestream_gui.alerts.forms.forms import faults_of
from tradestream_gui.alerts.grammar.dates import EASTERN, IsTradingDay
from tradestream_gui.alerts.grammar.drafted import action_of
from tradestream_gui.alerts.parser import parse
from tradestream_gui.alerts.profiles.profile_check import check_example, differs, told
from tradestream_gui.alerts.teaching.taught import TaughtExample, filled_of, marked, unit_of, with_words
from tradestream_gui.alerts.teaching.teach_forms import forms_of
from tradestream_gui.domain.alert_forms import FormRole, MessageForm
from tradestream_gui.domain.alert_profile import AlertProfile, ProfileExample
from tradestream_gui.domain.alerts import AlertAction, AlertText, LevelUnit

MAX_EXAMPLES = 60
MAX_FORMS = 40


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the examples teach. With `faults` it must not be saved; `cautions` are for the person to judge."""

    profile: AlertProfile
    learned: tuple[str, ...]
    faults: tuple[str, ...]
    cautions: tuple[str, ...]
    fired_wrongly: tuple[str, ...]
    """Texts of examples that are not alerts and that the profile acts upon all the same."""

    @property
    def may_be_saved(self) -> bool:
        return not self.faults and not self.fired_wrongly


@dataclass(frozen=True, slots=True)
class _Variant:
    """How freely the examples are generalised."""

    verbs: bool
    merged: bool


_VARIANTS = (_Variant(True, True), _Variant(False, True), _Variant(True, False), _Variant(False, False))
"""From the freest to the tightest; the first that leaves alone what is not an alert is proposed."""


def propose(base: AlertProfile, examples: Sequence[TaughtExample], is_trading_day: IsTradingDay) -> Proposal:
    """Deterministic: the same examples give the same profile. `base` is what the room is read by now, with the name,
    title, match and usual instrument that the result shall have."""
    if len(examples) > MAX_EXAMPLES:
        return Proposal(base, (), (f"at most {MAX_EXAMPLES} examples at a time, not {len(examples)}",), (), ())
    found = [_proposal(base, examples, variant, is_trading_day) for variant in _VARIANTS]
    for proposal in found:
        if proposal.may_be_saved:
            return proposal
    return min(found, key=lambda each: (len(each.faults), len(each.fired_wrongly)))


def expected_of(example: TaughtExample, profile: AlertProfile, is_trading_day: IsTradingDay) -> AlertAction | None:
    """The action that the labels say; None for a message that is not an alert."""
    if example.kind is None:
        return None
    draft = draft_of(_shape(example), filled_of(example), profile, _alert(example), is_trading_day)
    return action_of(draft, example.text)


def as_profile_example(example: TaughtExample, profile: AlertProfile, is_trading_day: IsTradingDay) -> ProfileExample:
    """The labelled example as it stands in the profile's file from then on."""
    action = expected_of(example, profile, is_trading_day)
    return ProfileExample(
        text=example.text,
        sent_at=example.sent_at.astimezone(EASTERN).strftime("%Y-%m-%d %H:%M:%S"),
        actions_json=json.dumps([told(action)] if action else [], sort_keys=True, default=str),
        reply_text=example.reply_text,
        held=False,
    )


def _proposal(
    base: AlertProfile, examples: Sequence[TaughtExample], variant: _Variant, is_trading_day: IsTradingDay
) -> Proposal:
    profile, learned, faults = with_words(base, examples, verbs=variant.verbs)
    open_ones = [
        example for example in examples if example.kind is not None and not _is_read(profile, example, is_trading_day)
    ]
    shapes = [(example, _shape(example)) for example in open_ones]
    faults += [f"{_quoted(example)}: {words}" for example in open_ones for words in _unit_faults(example)]
    forms, unreadable = forms_of(shapes, merged=variant.merged)
    faults += unreadable
    faults += [f"{text_of(form)}: {fault}" for form in forms for fault in faults_of(form, profile.default_symbol)]
    fresh = [form for form in forms if form not in profile.forms]
    learned += [f'{form.kind.value} "{text_of(form)}"' for form in fresh]
    if len(profile.forms) + len(fresh) > MAX_FORMS:
        faults.append(f"more than {MAX_FORMS} forms: such a room writes too differently to be taught by examples")
    profile = replace(profile, forms=(*profile.forms, *fresh))
    faults += [words for example in examples if (words := _unread(profile, example, is_trading_day))]
    wrong = tuple(
        example.text for example in examples if example.kind is None and fires(profile, example, is_trading_day)
    )
    profile = _with_examples(profile, examples, is_trading_day)
    faults += _broken_examples(base, profile, is_trading_day)
    return Proposal(profile, tuple(learned), tuple(dict.fromkeys(faults)), _cautions(examples), wrong)


def fires(profile: AlertProfile, example: TaughtExample, is_trading_day: IsTradingDay) -> bool:
    return bool(parse(_alert(example), profile, is_trading_day).actions)


def _is_read(profile: AlertProfile, example: TaughtExample, is_trading_day: IsTradingDay) -> bool:
    return not _unread(profile, example, is_trading_day)


def _unread(profile: AlertProfile, example: TaughtExample, is_trading_day: IsTradingDay) -> str:
    """What the profile makes of the example otherwise than its labels say; "" when it is the same."""
    action = expected_of(example, profile, is_trading_day)
    if action is None:
        return ""
    words = differs(parse(_alert(example), profile, is_trading_day), [told(action)], held=False)
    return f"{_quoted(example)}: {words}" if words else ""


def _broken_examples(base: AlertProfile, profile: AlertProfile, is_trading_day: IsTradingDay) -> list[str]:
    """Examples of the profile as it was that would not pass any more."""
    return [
        f'"{example.text[:60]}" was read well before, now: {result.words}'
        for example in base.examples
        if check_example(base, example, is_trading_day).passes
        and example in profile.examples
        and not (result := check_example(profile, example, is_trading_day)).passes
    ]


def _with_examples(
    profile: AlertProfile, examples: Sequence[TaughtExample], is_trading_day: IsTradingDay
) -> AlertProfile:
    texts = {example.text for example in examples}
    kept = tuple(example for example in profile.examples if example.text not in texts)
    return replace(
        profile, examples=kept + tuple(as_profile_example(each, profile, is_trading_day) for each in examples)
    )


def _shape(example: TaughtExample) -> MessageForm:
    """The units that the example's levels are in; its parts are found when all examples are known."""
    assert example.kind is not None
    units = [unit_of(example, role) for role in (FormRole.STOP, FormRole.TARGET)]
    stop, target = (unit if isinstance(unit, LevelUnit) else LevelUnit.PRICE for unit in units)
    return MessageForm(example.kind, (), stop, target)


def _unit_faults(example: TaughtExample) -> list[str]:
    units = (unit_of(example, role) for role in (FormRole.STOP, FormRole.TARGET))
    return [unit for unit in units if isinstance(unit, str)]


def _cautions(examples: Sequence[TaughtExample]) -> tuple[str, ...]:
    out = []
    for example in examples:
        if example.kind is None:
            continue
        loose = [
            each.token.raw for each in marked(example) if each.label is None and isinstance(each.token.value, Decimal)
        ]
        if loose:
            out.append(f"{_quoted(example)}: {', '.join(loose)} has no role and would be passed over")
        if example.kind.opens and FormRole.STOP not in [each.role for each in filled_of(example)]:
            out.append(f"{_quoted(example)}: no stop; the exit plan of the settings would give one")
    return tuple(out)


def _alert(example: TaughtExample) -> AlertText:
    return AlertText(example.text, (), example.reply_text, example.sent_at, "", "")


def _quoted(example: TaughtExample) -> str:
    line = " ".join(example.text.split())
    return f'"{line[:57]}…"' if len(line) > 58 else f'"{line}"'
