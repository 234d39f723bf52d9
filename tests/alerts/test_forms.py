"""A room's own forms: the whole message fits or nothing is read; a form without structure is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.alerts.reading import FRIDAY_MORNING, in_words
from tests.any_text import ANY_CHARACTER
from tradestream_gui.alerts.alert_json import action_json
from tradestream_gui.alerts.forms.form_tokens import form_tokens
from tradestream_gui.alerts.grammar.trading_days import is_us_trading_day
from tradestream_gui.alerts.parser import parse
from tradestream_gui.alerts.profiles.profile_text import profile_text
from tradestream_gui.alerts.profiles.profiles import ProfileError, load_profiles, profiles_of_text
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import AlertText, Reading
from tradestream_gui.paths import resource_path

ROOM = """
name = "owl"
title = "Owl's room"

[direction_words]
hoot = "long"
screech = "short"
"🟢" = "long"

[name_roots]
spooz = "ES"

[[form]]
text = "[direction] [symbol] [entry] nest|floor [stop] prey [target]... ([size]) *"

[[form]]
text = "[symbol] [strike] ([right]) [expiry] pay [entry] abort [stop]"

[[form]]
kind = "CLOSE"
text = "roosting [symbol] ([entry])"
"""


def room(text: str = ROOM) -> AlertProfile:
    return profiles_of_text(text, "owl.toml")[0]


def read(text: str, profile: AlertProfile | None = None) -> Reading:
    return parse(AlertText(text, (), None, FRIDAY_MORNING, "", ""), profile or room(), is_us_trading_day)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hoot spooz 6326 nest 6316 prey 6333", "OPEN future long ES price=6326 pts=6333 sl=6316"),
        ("HOOT Spooz 6326.25, floor: 6,316 -> prey 6333 / 6340 / 6350", "NONE"),
        ("HOOT Spooz 6326.25, floor: 6,316 | prey 6333 / 6340 and 6350",
         "OPEN future long ES price=6326.25 pts=6333,6340,6350 sl=6316"),
        ("🟢 ES 6326 nest 6316 prey 6333 2x", "OPEN future long ES qty=2 price=6326 pts=6333 sl=6316"),
        ("screech NQ 25610\nnest 25640\nprey 25570 B", "OPEN future short NQ qty=B price=25610 pts=25570 sl=25640"),
        ("hoot ES6326 nest6316 prey6333 looking lovely", "OPEN future long ES price=6326 pts=6333 sl=6316"),
        ("SPY 670c 12/4 pay 3.20 abort 2.10", "OPEN option long SPY 670 C 2026-12-04 price=3.2 sl=2.1"),
        ("SPY 670 puts 0dte pay 3.20 abort 2.10", "OPEN option long SPY 670 P 2026-11-20 price=3.2 sl=2.1"),
        ("roosting ES 6340", "CLOSE ES price=6340"),
        ("hoot CL 59 nest 58 prey 60,10", "HELD"),
        ("hoot CL 59 nest 58 prey 60, 61", "OPEN future long CL price=59 pts=60,61 sl=58"),
        ("hoot spooz 6326 nest 6336 prey 6333", "HELD"),
        ("SPY 670 12/4 pay 3.20 abort 2.10", "HELD"),
    ],
)  # fmt: skip
def test_a_message_that_fits_a_form_is_read_by_it(text: str, said: str) -> None:
    assert in_words(read(text)).replace("price=3.20", "price=3.2").replace("sl=2.10", "sl=2.1") == said


@pytest.mark.parametrize(
    "text",
    [
        "not hoot spooz 6326 nest 6316 prey 6333",
        "if hoot spooz 6326 nest 6316 prey 6333",
        "hoot spooz 6326 nest 6316 prey 6333 if it breaks",
        "hoot spooz 6326 nest 6316 prey 6333 yesterday",
        "hoot spooz 6326 nest 6316 prey 6333?",
        "hoot spooz 6326 nest 6316 prey 6333 was 6300",
        "✅ hoot spooz 6326 nest 6316 prey 6333",
        "~~hoot~~ spooz 6326 nest 6316 prey 6333",
        "hoot 6326 nest 6316 prey 6333",
        "hoot spooz nest 6316 prey 6333",
        "what a hoot, the nest is prey",
        "",
    ],
)
def test_a_word_more_or_less_is_not_the_form(text: str) -> None:
    assert not read(text).actions


def test_two_forms_that_disagree_are_held() -> None:
    text = ROOM + '\n[[form]]\ntext = "[direction] [symbol] [entry] nest [target] prey [stop]"\n'
    reading = read("hoot spooz 6326 nest 6316 prey 6333", room(text))
    assert reading.held
    assert "FORM_AMBIGUOUS" in {reason.code for reason in reading.reasons}


def test_look_alike_letters_in_a_form_are_held() -> None:
    assert read("h\u043eot spooz 6326 nest 6316 prey 6333").actions == ()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ('text = "[entry]"', "needs an instrument"),
        ('text = "[symbol] [stop] go"', "needs an entry price"),
        ('text = "[symbol] [entry] go"', "nothing says long or short"),
        ('text = "[direction] [symbol] if [entry]"', "takes the force out"),
        ('kind = "CLOSE"\ntext = "[symbol] [entry]"', "needs a word of its own"),
        ('kind = "AMEND"\ntext = "[symbol] x"', "form.kind must be one of OPEN, ADD"),
        ('text = "[colour] x"', "is no place"),
        ('text = "[entry] a|"', "is no part of a form"),
        ('text = "[entry]"\nstop_unit = "pips"', "form.stop_unit must be one of"),
    ],
)
def test_a_form_without_enough_structure_is_refused_with_its_line(form: str, said: str) -> None:
    with pytest.raises(ProfileError, match=said.replace(".", r"\.")) as error:
        room(f'name = "x"\ntitle = "X"\n\n[[form]]\n{form}\n')
    assert "owl.toml, line " in str(error.value)


def test_a_mistake_names_its_line() -> None:
    with pytest.raises(ProfileError, match=r"owl\.toml, line 3: adds_allowed must be"):
        room('name = "x"\ntitle = "X"\nadds_allowed = 99\n')
    with pytest.raises(ProfileError, match="line 2"):
        room('name = "x"\ntitle = \n')


def test_without_a_word_for_it_stop_and_target_tell_the_side() -> None:
    profile = room('name = "x"\ntitle = "X"\ndefault_symbol = "ES"\n[[form]]\ntext = "[entry] [stop] [target]"\n')
    assert in_words(read("6326 / 6316 / 6340", profile)) == "OPEN future long ES price=6326 pts=6340 sl=6316"
    assert in_words(read("6326 / 6336 / 6310", profile)) == "OPEN future short ES price=6326 pts=6310 sl=6336"
    assert in_words(read("6326 / 6316 / 6310", profile)) == "HELD"


def test_points_and_percent_keep_their_unit() -> None:
    text = (
        'name = "x"\ntitle = "X"\n[[form]]\nstop_unit = "points"\ntext = "[direction] [symbol] [entry] [stop] [target]"'
    )
    action = read("long ES 6326 10 20%", room(text)).actions[0]
    assert action_json(action)["sl"] == "+10"
    assert action_json(action)["pts"] == ["20%"]


def test_what_is_written_of_a_shipped_profile_reads_as_the_same_profile() -> None:
    shipped = load_profiles(resource_path("profiles"))
    assert len(shipped) > 5
    for profile in shipped:
        assert profiles_of_text(profile_text(profile), "copy.toml") == (profile,)


def test_a_profile_with_forms_is_written_and_read_the_same() -> None:
    assert profiles_of_text(profile_text(room()), "copy.toml") == (room(),)


@given(st.text(ANY_CHARACTER, max_size=120))
def test_no_text_breaks_the_tokens_or_fires_without_its_numbers(text: str) -> None:
    for token in form_tokens(text):
        assert text[token.start : token.end].strip()
    for action in read(text).actions:
        assert not action.kind.opens or isinstance(action.price, Decimal)
