"""What an exit plan makes of one entry: its stop, its targets with their shares, its trail, in prices."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tradestream_gui.domain.exits import TrailRule
from tradestream_gui.domain.instruments import Instrument, Toward
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.policies import DistanceUnit, ExitTemplate, OneContract
from tradestream_gui.domain.tickets import EntryTicket


@dataclass(frozen=True, slots=True)
class Bracket:
    """An exit plan laid on an entry price; prices are in the instrument's unit and on its ticks."""

    plan: ExitTemplate
    instrument: Instrument
    side: Side
    entry: Decimal

    def stop_at(self, distance: Decimal) -> Decimal:
        """The stop at a distance in the plan's unit, on the side of the loss and never nearer than asked."""
        away = self.plan.stop_unit.in_price(distance, self.entry, None)
        toward = Toward.DOWN if self.side is Side.BUY else Toward.UP
        return self.instrument.round_to_tick(self.entry - self.side.sign * away, toward)

    def targets(self, stop: Decimal | None) -> tuple[tuple[Decimal, Decimal], ...]:
        """(price, share) from the nearest; those that count in R need a stop, and none lies below zero."""
        risk = None if stop is None else abs(self.entry - stop)
        found = [
            (self._beyond(target.unit, target.distance, risk), target.share)
            for target in self.plan.targets
            if risk is not None or target.unit is not DistanceUnit.R
        ]
        return tuple((price, share) for price, share in found if price > 0)

    def trail(self, stop: Decimal | None) -> TrailRule | None:
        """The plan's trail; None without one, or where it counts in R and there is no stop."""
        trail = self.plan.trail
        if trail is None or (stop is None and trail.unit is DistanceUnit.R):
            return None
        risk = None if stop is None else abs(self.entry - stop)
        return TrailRule(
            self.instrument.round_to_tick(trail.unit.in_price(trail.distance, self.entry, risk)),
            trail.unit.in_price(trail.activate_after, self.entry, risk),
            trail.unit.in_price(trail.step, self.entry, risk),
        )

    def on(self, ticket: EntryTicket, at: datetime) -> EntryTicket:
        """The ticket with everything that the plan says about leaving; its stop stays its own."""
        targets = self.targets(ticket.protective_stop)
        return replace(
            ticket,
            allocations=targets,
            break_even_after=self.plan.break_even_after if targets else None,
            break_even_offset=self.plan.break_even_offset,
            trail=self.trail(ticket.protective_stop),
            close_at=at + self.plan.close_after if self.plan.close_after else None,
            hold_one_contract=self.plan.one_contract is OneContract.HOLD,
        )

    def _beyond(self, unit: DistanceUnit, distance: Decimal, risk: Decimal | None) -> Decimal:
        return self.instrument.round_to_tick(self.entry + self.side.sign * unit.in_price(distance, self.entry, risk))
