"""The bus: facts reach their listeners in the order in which they were published, also those that were held."""

from dataclasses import dataclass

import pytest

from tradestream_gui.bus import EventBus


@dataclass(frozen=True, slots=True)
class Said:
    word: str


def _listening() -> tuple[EventBus, list[str]]:
    def on_failure(fact: object, error: Exception) -> None:
        raise error

    bus, heard = EventBus(on_failure), list[str]()
    bus.subscribe(Said, lambda fact: heard.append(fact.word))
    return bus, heard


def test_held_facts_wait_until_they_are_delivered() -> None:
    bus, heard = _listening()
    with bus.holding():
        bus.publish(Said("first"))
        with bus.holding():
            bus.publish(Said("second"))
        bus.deliver()
        bus.publish(Said("third"))
    assert not heard
    bus.deliver()
    assert heard == ["first", "second", "third"]
    bus.deliver()
    assert len(heard) == 3


def test_a_later_fact_never_overtakes_a_held_one() -> None:
    bus, heard = _listening()
    with bus.holding():
        bus.publish(Said("held"))
    bus.publish(Said("later"))
    assert heard == ["held", "later"]


def _break_off(bus: EventBus) -> None:
    with bus.holding():
        bus.publish(Said("before the fault"))
        raise ValueError("midway")


def test_what_a_broken_section_published_is_not_lost() -> None:
    bus, heard = _listening()
    with pytest.raises(ValueError, match="midway"):
        _break_off(bus)
    bus.publish(Said("after it"))
    assert heard == ["before the fault", "after it"]


def test_a_handler_that_holds_lets_the_rest_of_the_round_go_on() -> None:
    bus, heard = _listening()

    def on_said(fact: Said) -> None:
        if fact.word == "ask":
            with bus.holding():
                bus.publish(Said("answer"))

    bus.subscribe(Said, on_said)
    bus.publish(Said("ask"))
    assert heard == ["ask", "answer"]
