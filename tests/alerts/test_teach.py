"""Taught by example: three labelled messages make a profile that reads the rest of the room and leaves talk alone."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.alerts.reading import FRIDAY_MORNING, in_words, profile_named
from tradestream_gui.alerts.forms.form_text import text_of
from tradestream_gui.alerts.forms.form_tokens import form_tokens
from tradestream_gui.alerts.grammar.dates import EASTERN
from tradestream_gui.alerts.grammar.trading_days import is_us_trading_day
from tradestream_gui.alerts.parser import parse
from tradestream_gui.alerts.profiles.profile_check import check_examples
from tradestream_gui.alerts.profiles.profile_text import profile_text
from tradestream_gui.alerts.profiles.profiles import profiles_of_text
from tradestream_gui.alerts.teaching.taught import Label, LabelRole, TaughtExample
from tradestream_gui.alerts.teaching.teach import Proposal, propose
from tradestream_gui.alerts.teaching.teach_history import HistoryTrial, Verdict
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import ActionKind, AlertText

ROLES = {role.value: role for role in LabelRole}


def base(symbol: str | None = None) -> AlertProfile:
    return replace(profile_named("default"), name="owl", title="Owl's room", examples=(), default_symbol=symbol)


def taught(text: str, labels: str, kind: ActionKind | None = ActionKind.OPEN) -> TaughtExample:
    """`labels` as `word=role` or `word=role:means`, for the first token of that text that has none yet."""
    found: list[Label] = []
    for pair in labels.split():
        word, _, said = pair.partition("=")
        role, _, means = said.partition(":")
        token = next(
            token
            for token in form_tokens(text)
            if token.raw == word and token.start not in {label.start for label in found}
        )
        found.append(Label(token.start, token.end, ROLES[role], means))
    return TaughtExample(text, FRIDAY_MORNING, kind, tuple(found))


def no_alert(text: str) -> TaughtExample:
    return TaughtExample(text, FRIDAY_MORNING, None)


def learn(*examples: TaughtExample, symbol: str | None = None) -> Proposal:
    return propose(base(symbol), examples, is_us_trading_day)


def read(text: str, profile: AlertProfile) -> str:
    return in_words(parse(AlertText(text, (), None, FRIDAY_MORNING, "", ""), profile, is_us_trading_day))


OWL = (
    taught("hoot spooz 6326 nest 6316 prey 6333", "hoot=long spooz=symbol:ES 6326=entry 6316=stop 6333=target"),
    taught("screech spooz 6340.50 nest 6350 prey 6330/6320",
           "screech=short spooz=symbol:ES 6340.50=entry 6350=stop 6330=target 6320=target"),
    taught("Hoot NQ 25600 floor 25570 prey 25640 double", "Hoot=long NQ=symbol 25600=entry 25570=stop 25640=target "
           "double=size:2"),
)  # fmt: skip


def test_three_messages_teach_a_format_nobody_has_seen() -> None:
    proposal = learn(*OWL)
    assert proposal.may_be_saved, (proposal.faults, proposal.fired_wrongly)
    profile = proposal.profile
    assert read("hoot spooz 6401.25 nest 6390 prey 6410, 6420", profile) == (
        "OPEN future long ES price=6401.25 pts=6410,6420 sl=6390"
    )
    assert read("SCREECH NQ 25700 nest 25730 prey 25650", profile) == (
        "OPEN future short NQ price=25700 pts=25650 sl=25730"
    )
    assert '"hoot" means long' in proposal.learned
    assert '"spooz" means ES' in proposal.learned


def test_the_general_grammar_does_not_read_it_untaught() -> None:
    for example in OWL:
        assert read(example.text, base()) == "NONE"


@pytest.mark.parametrize(
    "text",
    [
        "what a hoot, spooz nearly at 6326",
        "hoot spooz 6326 looks ready, nest would be 6316 prey 6333",
        "no hoot spooz 6326 nest 6316 prey 6333",
        "hoot spooz 6326 nest 6316 prey 6333 was yesterday's plan",
        "prey 6333 hit!",
        "hoot spooz",
        "6326 6316 6333",
    ],
)
def test_talk_in_the_rooms_own_words_never_trades(text: str) -> None:
    assert not parse(AlertText(text, (), None, FRIDAY_MORNING, "", ""), learn(*OWL).profile, is_us_trading_day).actions


def test_the_taught_profile_keeps_its_examples_and_survives_its_file() -> None:
    profile = learn(*OWL, no_alert("what a hoot today")).profile
    (again,) = profiles_of_text(profile_text(profile), "owl.toml")
    assert again == profile
    results = check_examples(again, is_us_trading_day)
    assert [result.passes for result in results] == [True] * 4


def test_the_same_examples_propose_the_same_profile() -> None:
    assert learn(*OWL) == learn(*OWL)


def test_a_usual_instrument_stands_in_where_the_messages_name_none() -> None:
    first = taught("hoot 6326 nest 6316", "hoot=long 6326=entry 6316=stop")
    refused = learn(first)
    assert not refused.may_be_saved
    assert any("instrument" in fault for fault in refused.faults)
    proposal = learn(first, symbol="ES")
    assert proposal.may_be_saved
    assert read("hoot 6400 nest 6390", proposal.profile) == "OPEN future long ES price=6400 sl=6390"


def test_a_stop_in_points_is_known_by_its_distance() -> None:
    proposal = learn(taught("hoot spooz 6326 nest 10 prey 12",
                            "hoot=long spooz=symbol:ES 6326=entry 10=stop 12=target"))  # fmt: skip
    assert read("hoot spooz 6400 nest 8 prey 20", proposal.profile) == ("OPEN future long ES price=6400 pts=+20 sl=+8")


def test_an_options_room_is_taught_too() -> None:
    proposal = learn(
        taught("talon SPY 670c 12/4 toll 3.20 shed 2.10", "SPY=symbol 670c=strike 12/4=expiry 3.20=entry 2.10=stop"),
        taught("talon AMD 240p 0dte toll 1.85 shed 1.20", "AMD=symbol 240p=strike 0dte=expiry 1.85=entry 1.20=stop"),
        taught("moult SPY", "moult=word SPY=symbol", ActionKind.CLOSE),
        taught("pluck SPY 4.10", "pluck=word SPY=symbol 4.10=entry", ActionKind.TRIM),
    )
    assert proposal.may_be_saved, proposal.faults
    assert read("talon NVDA 190c 12/18 toll 4.4 shed 3", proposal.profile) == (
        "OPEN option long NVDA 190 C 2026-12-18 price=4.4 sl=3"
    )
    assert read("moult NVDA", proposal.profile).startswith("CLOSE NVDA")
    assert read("pluck AMD 2.50", proposal.profile) == "TRIM AMD price=2.50"


def test_what_is_not_an_alert_makes_the_proposal_tighter() -> None:
    loose = learn(
        taught("hoot spooz 6326 nest 6316 go", "hoot=long spooz=symbol:ES 6326=entry 6316=stop"),
        taught("hoot spooz 6330 nest 6320 lovely setup", "hoot=long spooz=symbol:ES 6330=entry 6320=stop"),
    )
    chatter = "hoot spooz 6326 nest 6316 banter"
    assert read(chatter, loose.profile).startswith("OPEN")
    tight = learn(
        taught("hoot spooz 6326 nest 6316 go", "hoot=long spooz=symbol:ES 6326=entry 6316=stop"),
        taught("hoot spooz 6330 nest 6320 lovely setup", "hoot=long spooz=symbol:ES 6330=entry 6320=stop"),
        no_alert(chatter),
    )
    assert tight.may_be_saved
    assert read(chatter, tight.profile) == "NONE"
    assert read("hoot spooz 6400 nest 6390 go", tight.profile).startswith("OPEN")


def test_the_same_message_as_alert_and_as_none_cannot_be_saved() -> None:
    text = "hoot spooz 6326 nest 6316"
    proposal = learn(
        taught(text, "hoot=long spooz=symbol:ES 6326=entry 6316=stop"), no_alert(text.replace("6326", "6327"))
    )
    assert not proposal.may_be_saved
    assert proposal.fired_wrongly == (text.replace("6326", "6327"),)


@pytest.mark.parametrize(
    ("example", "said"),
    [
        (taught("hoot spooz 6326 nest 6316", "hoot=long spooz=symbol 6326=entry 6316=stop"), "stands for"),
        (taught("hoot spooz 6326 nest 6316", "hoot=long spooz=symbol:QQQQQ 6326=entry 6316=stop"), "neither"),
        (taught("long ES 6326 nest 6316", "long=short ES=symbol 6326=entry 6316=stop"), "already means long"),
        (taught("hoot ES 6326 nest 900", "hoot=long ES=symbol 6326=entry 900=stop"), "fits neither"),
        (taught("hoot ES 6326 nest 6336", "hoot=long ES=symbol 6326=entry 6336=stop"), "wrong side"),
        (taught("if hoot ES 6326 nest 6316", "hoot=long ES=symbol 6326=entry 6316=stop"), "takes the force out"),
        (taught("hoot ES 6326 jumbo", "hoot=long ES=symbol 6326=entry jumbo=size"), "how much"),
        (taught("6326 roost", "6326=entry roost=word", ActionKind.OPEN), "instrument"),
    ],
)
def test_what_cannot_be_taught_is_said(example: TaughtExample, said: str) -> None:
    proposal = learn(example)
    assert not proposal.may_be_saved
    assert any(said in fault for fault in proposal.faults), proposal.faults


def test_a_number_without_a_role_is_pointed_out() -> None:
    proposal = learn(taught("hoot ES 6326 nest 6316 risk 250", "hoot=long ES=symbol 6326=entry 6316=stop"))
    assert any("250 has no role" in caution for caution in proposal.cautions)


def test_a_taught_word_is_no_reason_to_break_what_was_read_before() -> None:
    before = learn(*OWL).profile
    proposal = propose(before, [no_alert(OWL[0].text)], is_us_trading_day)
    assert not proposal.may_be_saved


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("hoot spooz 6400 nest 6390 prey 6410", Verdict.HIT),
        ("maybe hoot spooz 6400 nest 6390 prey 6410", Verdict.MISS),
        ("hoot spooz 6400 nest 6410 prey 6420", Verdict.MISS),
        ("gm owls", Verdict.QUIET),
        ("BTO SPY 670c 12/4 @ 3.20", Verdict.HIT),
        ("hoot spooz 6326 nest 6316 prey 6333", Verdict.HIT),
    ],
)
def test_the_history_shows_hits_misses_and_what_is_left_alone(text: str, verdict: Verdict) -> None:
    trial = HistoryTrial(learn(*OWL).profile, base(), is_us_trading_day)
    assert trial.judge(AlertText(text, (), None, FRIDAY_MORNING, "", "")).verdict is verdict


def test_a_marked_message_that_fires_is_shown_as_wrong() -> None:
    text = "hoot spooz 6326 nest 6316"
    proposal = learn(
        taught(text, "hoot=long spooz=symbol:ES 6326=entry 6316=stop"), no_alert("hoot spooz 6327 nest 6316")
    )
    trial = HistoryTrial(proposal.profile, base(), is_us_trading_day)
    judged = trial.judge(AlertText("Hoot spooz  6327 nest 6316", (), None, FRIDAY_MORNING, "", ""))
    assert judged.verdict is Verdict.WRONG


def test_the_forms_are_readable() -> None:
    profile = learn(*OWL).profile
    assert [text_of(form) for form in profile.forms] == [
        "[direction] [symbol] [entry] nest [stop] prey [target]...",
        "[direction] [symbol] [entry] floor [stop] prey [target] [size]",
    ]


ROOMS = {
    "words for everything": learn(*OWL),
    "a usual instrument": learn(
        taught("hoot 6326 nest 6316", "hoot=long 6326=entry 6316=stop"), symbol="ES"
    ),
    "numbers alone": learn(taught("6326 / 6316 / 6340", "6326=entry 6316=stop 6340=target"), symbol="ES"),
    "common words": learn(
        taught("NQ 25600 25570 25640 long", "NQ=symbol 25600=entry 25570=stop 25640=target long=long")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROOMS)
def test_a_taught_room_changes_nothing_in_what_other_rooms_say(name: str, shared: Path) -> None:
    profile, changed, count = ROOMS[name].profile, [], 0
    for line in (shared / "alerts" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        at = datetime.fromisoformat(row["ts"])
        alert = AlertText(row["text"], (), None, at if at.tzinfo else at.replace(tzinfo=EASTERN), "", "")
        before, now = (parse(alert, each, is_us_trading_day) for each in (base(), profile))
        count += 1
        if (before.actions, before.held) != (now.actions, now.held):
            changed.append(row["id"])
    assert count > 600
    assert changed == []
