"""Teaching step by step: what is said of one message is taken over for those that nobody has labelled yet."""

from dataclasses import replace

from tests.alerts.reading import FRIDAY_MORNING, profile_named
from tradestream_gui.alerts.teaching.taught import LabelRole, marked
from tradestream_gui.alerts.teaching.teach_session import TeachSession, messages_of
from tradestream_gui.domain.alerts import ActionKind

FIRST = "hoot spooz 6326 nest 6316 prey 6333"
SECOND = "hoot NQ 25600 nest 25570 prey 25640 / 25660"
ROLES = (LabelRole.LONG, LabelRole.SYMBOL, LabelRole.ENTRY, None, LabelRole.STOP, None, LabelRole.TARGET)


def _session() -> TeachSession:
    session = TeachSession(replace(profile_named("default"), name="owl", examples=()))
    for text in (FIRST, SECOND):
        session.add(text, FRIDAY_MORNING)
    return session


def _roles(session: TeachSession, number: int) -> list[LabelRole | None]:
    return [mark.label.role if mark.label else None for mark in marked(session.examples[number])]


def _label_first(session: TeachSession) -> None:
    for mark, role in zip(marked(session.examples[0]), ROLES, strict=True):
        if role is not None:
            session.set_label(0, mark.token.start, role)


def test_the_second_message_is_labelled_by_the_first() -> None:
    session = _session()
    _label_first(session)
    assert _roles(session, 1) == [*ROLES, LabelRole.TARGET]


def test_a_persons_own_labels_are_never_overwritten() -> None:
    session = _session()
    session.set_label(1, 0, LabelRole.SHORT)
    _label_first(session)
    assert _roles(session, 1)[0] is LabelRole.SHORT


def test_what_a_name_stands_for_holds_wherever_it_stands() -> None:
    session = _session()
    _label_first(session)
    session.add("hoot spooz 6400 nest 6390 prey 6410", FRIDAY_MORNING)
    session.set_meaning(0, 5, "ES")
    meanings = [
        mark.label.means
        for example in session.examples
        for mark in marked(example)
        if mark.label is not None and mark.token.text == "spooz"
    ]
    assert meanings == ["ES", "ES"]


def test_a_message_that_is_no_alert_has_no_roles_and_gets_them_back_as_an_alert() -> None:
    session = _session()
    _label_first(session)
    session.add(SECOND, FRIDAY_MORNING, is_alert=False)
    assert session.examples[1].kind is None
    assert _roles(session, 1) == [None] * 8
    assert session.add(SECOND, FRIDAY_MORNING) == 1
    assert session.examples[1].kind is ActionKind.OPEN
    assert _roles(session, 1) == [*ROLES, LabelRole.TARGET]


def test_pasted_text_is_split_at_blank_lines_or_else_at_lines() -> None:
    assert messages_of("one\ntwo") == ("one", "two")
    assert messages_of("one\nmore\n\ntwo\n\n\n") == ("one\nmore", "two")
    assert messages_of("  \n ") == ()
