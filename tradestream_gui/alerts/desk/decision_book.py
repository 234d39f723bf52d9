"""All decisions and the cards that wait for a person; the only writer of both."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from sys import intern

from tradestream_gui.alerts.desk.executor import Carried
from tradestream_gui.alerts.desk.judgement import ACTED, Verdict
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.alerts import Reading
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.events import AlertDecided
from tradestream_gui.domain.ids import InstrumentId, MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.routing import Route
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.journal import Journal

WAITING = frozenset({Outcome.AWAITING, Outcome.HELD})
"""Outcomes that a person may still answer."""


@dataclass(frozen=True, slots=True)
class Card:
    """A message that waits for a person; `expires_at` None means as long as the program runs. `amends` is the
    earlier alert that this one corrects."""

    revision: MessageRevision
    reading: Reading
    route: Route
    expires_at: datetime | None
    code: str = ""
    amends: MessageKey | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A card that a person said no to, with the decisions before and after: what is needed to take the no back."""

    card: Card
    before: Decision
    ended: Decision


class DecisionBook:
    """Newest decision of every message. A decision is appended to the journal before it is published."""

    def __init__(
        self, *, bus: EventBus, clock: Clock, journal: Journal, reading_json: Callable[[Reading], str]
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._journal = journal
        self._reading_json = reading_json
        self._decisions: dict[MessageKey, Decision] = {}
        self._cards: dict[MessageKey, Card] = {}
        self._made: dict[MessageKey, Decision] = {}
        """Made and stored with an intent, not put yet."""
        self._acted: dict[MessageKey, Decision] = {}

    def restore(self, decisions: Iterable[Decision]) -> None:
        """Takes over what is stored; a card that waited when the program ended has run out."""
        for decision in decisions:
            self._keep(decision)
        for decision in tuple(self._decisions.values()):
            if decision.outcome is Outcome.AWAITING:
                words = "the program was closed before it was approved"
                ended = replace(decision, at=self._clock.now(), outcome=Outcome.SKIPPED, code="EXPIRED", words=words)
                self._decisions[decision.message_key] = ended
                self._journal.append([ended])

    def decision(self, message_key: MessageKey) -> Decision | None:
        return self._decisions.get(message_key)

    def acted(self, message_key: MessageKey) -> Decision | None:
        """The last decision by which the message changed something; later edits leave it standing."""
        return self._acted.get(message_key)

    def forget(self, message_key: MessageKey) -> None:
        """For talk, about which there is nothing to know."""
        del self._decisions[message_key]

    def cards(self) -> tuple[MessageKey, ...]:
        return tuple(self._cards)

    def card(self, message_key: MessageKey) -> Card | None:
        return self._cards.get(message_key)

    def take_card(self, message_key: MessageKey) -> Card | None:
        return self._cards.pop(message_key, None)

    def put_back(self, card: Card, before: Decision) -> Decision:
        """The card waits again, as long as it did, and the decision before is made anew."""
        self._cards[card.revision.message_key] = card
        again = replace(before, at=self._clock.now())
        self._made[card.revision.message_key] = again
        return self.put(card.revision, again)

    def take_expired(self) -> tuple[Card, ...]:
        now = self._clock.now()
        expired = [card for card in self._cards.values() if card.expires_at is not None and now >= card.expires_at]
        for card in expired:
            del self._cards[card.revision.message_key]
        return tuple(expired)

    def finish(
        self,
        revision: MessageRevision,
        reading: Reading | None,
        route: Route | None,
        verdict: Verdict,
        instrument_id: InstrumentId | None,
        approval_life: timedelta,
        amends: MessageKey | None = None,
        held_as: str = "",
    ) -> Decision:
        """Decides without carrying anything out; a held or awaiting message becomes a card. `held_as` is the code
        that the card had which a person, or time, now ends."""
        expires_at = self._clock.now() + approval_life if verdict.outcome is Outcome.AWAITING else None
        if verdict.outcome in WAITING and reading is not None and route is not None:
            self._cards[revision.message_key] = Card(revision, reading, route, expires_at, verdict.code, amends)
        carried = Carried(verdict.outcome, verdict.code, verdict.words, instrument_id)
        layers = route.layers if route else ()
        if held_as:
            layers = (*layers, ("held as", held_as))
        return self.put(revision, self.make(revision, reading, route, carried, layers, expires_at))

    def make(
        self,
        revision: MessageRevision,
        reading: Reading | None,
        route: Route | None,
        carried: Carried,
        layers: tuple[tuple[str, str], ...],
        expires_at: datetime | None = None,
    ) -> Decision:
        """The same decision made again, as after its intent was stored, is the one that stands already. Talk is
        read alike: its reading is kept once."""
        made = Decision(
            message_key=revision.message_key,
            revision=revision.revision,
            account_id=route.account_id if route else None,
            at=self._clock.now(),
            outcome=carried.outcome,
            code=carried.code,
            words=carried.words,
            reading_json=intern(self._reading_json(reading)) if reading else "",
            instrument_id=carried.instrument_id,
            cl_ord_ids=carried.cl_ord_ids,
            checks=carried.checks,
            layers=layers,
            expires_at=expires_at,
        )
        earlier = self._made.get(revision.message_key) or self._decisions.get(revision.message_key)
        if earlier is not None and replace(made, at=earlier.at) == earlier:
            return earlier
        self._made[revision.message_key] = made
        return made

    def hold_refused(
        self,
        revision: MessageRevision,
        reading: Reading,
        route: Route,
        refused: Carried,
        layers: tuple[tuple[str, str], ...],
    ) -> Decision:
        """What risk refused now and may let pass later stays before a person, with the numbers behind it."""
        held = replace(refused, outcome=Outcome.HELD)
        self._cards[revision.message_key] = Card(revision, reading, route, None, held.code)
        return self.put(revision, self.make(revision, reading, route, held, layers))

    def amended(
        self, revision: MessageRevision, earlier: Decision, reading: Reading, code: str, words: str
    ) -> Decision:
        """The message stays what it led to; its later version adds what came of that."""
        return self.put(
            revision,
            replace(
                earlier,
                revision=revision.revision,
                at=self._clock.now(),
                code=code,
                words=f"{earlier.words}; {words}",
                reading_json=self._reading_json(reading),
                expires_at=None,
            ),
        )

    def put(self, revision: MessageRevision, decision: Decision) -> Decision:
        self._made.pop(decision.message_key, None)
        self._keep(decision)
        self._journal.append([revision, decision])
        self._bus.publish(AlertDecided(decision))
        return decision

    def _keep(self, decision: Decision) -> None:
        self._decisions[decision.message_key] = decision
        if decision.outcome in ACTED:
            self._acted[decision.message_key] = decision
