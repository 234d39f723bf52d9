"""Canonical trades, each played in every order in which its first six events can reach the program."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from tests.sim.play import ENTRY, STEPS_S, Play
from tests.sim.small_core import SIM
from tests.trading.stage import MES
from tradestream_gui.domain.orders import MANUAL, OrderRole, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket

D = Decimal
STOP, T1, T2 = D(6316), D(6333), D(6338)
LIMIT, BELOW = D(6320), D("6319.75")
ONE, TWO = ((T1, D(1)),), ((T1, D("0.5")), (T2, D("0.5")))


@dataclass(frozen=True, slots=True)
class Trade:
    """`open` brings it to its moment, `act` is what happens then, told in any order. `linked`: the kind of broker."""

    name: str
    act: Callable[[Play], None]
    qty: int = 2
    targets: tuple[tuple[Decimal, Decimal], ...] = ()
    linked: bool = True
    limit: Decimal | None = None
    break_even_after: int | None = None
    may_exceed: bool = False

    @property
    def ticket(self) -> EntryTicket:
        return EntryTicket(
            account_id=SIM, instrument_id=MES, side=Side.BUY, order_qty=self.qty, time_in_force=TimeInForce.DAY,
            ord_type=OrdType.MARKET if self.limit is None else OrdType.LIMIT, limit_price=self.limit, origin=MANUAL,
            protective_stop=STOP, allocations=self.targets, break_even_after=self.break_even_after,
        )  # fmt: skip

    async def play(self, prefix: tuple[int, ...], step_s: float) -> Play:
        play = Play(linked=self.linked, step_s=step_s)
        play.may_exceed = self.may_exceed
        await play.enter(self.ticket)
        await play.run(self.act, prefix)
        await play.core.close()
        return play


def _to_the_target(play: Play) -> None:
    play.price(T1)
    play.twice()
    play.compare()


def _to_the_stop(play: Play) -> None:
    play.price(STOP)
    play.twice()
    play.compare()


def _first_and_second_target(play: Play) -> None:
    play.price(T1)
    play.price(T2)


def _move_crosses_the_target(play: Play) -> None:
    play.price(T1)
    play.core.exits.move_stop(play.lot.lot_id, STOP + 2)
    play.twice()
    play.compare()


def _first_target_then_stop(play: Play) -> None:
    play.price(T1)
    play.price(STOP)


def _trimmed(play: Play) -> None:
    play.core.exits.close(play.lot.lot_id, 1, "trimmed by hand")
    play.compare()


def _closed(play: Play) -> None:
    play.core.exits.close(play.lot.lot_id, play.lot.open_qty, "closed by hand")
    play.compare()


def _reversed(play: Play) -> None:
    def other_side(side: Side, qty: int) -> EntryTicket:
        stop = ENTRY - side.sign * (ENTRY - STOP)
        return EntryTicket(SIM, MES, side, OrdType.MARKET, qty, TimeInForce.DAY, MANUAL, protective_stop=stop)

    async def reverse() -> None:
        await play.core.reversal.reverse(SIM, MES, other_side, lambda: True)

    play.core.tasks.spawn(reverse(), "reverse")


def _cancel_crosses_a_fill(play: Play) -> None:
    play.fill(OrderRole.ENTRY, 1, LIMIT)
    play.core.desk.request_cancel(play.order(OrderRole.ENTRY), "cancelled by hand")
    play.twice()
    play.compare()


def _move_crosses_the_stop(play: Play) -> None:
    play.price(STOP)
    play.core.exits.move_stop(play.lot.lot_id, STOP + 2)
    play.twice()
    play.compare()


def _stop_refused(times: int, play: Play) -> None:
    play.core.wire.refuse[OrderRole.STOP] = times
    play.price(BELOW)
    play.compare()


def _overfilled(play: Play) -> None:
    play.price(BELOW)
    play.fill(OrderRole.ENTRY, 1, LIMIT)


def _link_breaks_at_the_target(play: Play) -> None:
    play.price(T1)
    play.break_link()
    play.twice()


def _link_breaks_at_the_stop(play: Play) -> None:
    play.price(STOP)
    play.break_link()
    play.twice()


def _phoned(play: Play) -> None:
    play.core.exchange.phone(SIM, MES, -play.lot.open_qty, play.core.clock.now())
    play.core.wire.tell()
    play.twice()
    play.compare()


TRADES = (
    Trade("bracket to its target", _to_the_target, targets=ONE),
    Trade("bracket to its stop", _to_the_stop, targets=ONE),
    Trade("first target, then second", _first_and_second_target, targets=TWO),
    Trade("first target, then the stop", _first_target_then_stop, targets=TWO, break_even_after=1),
    Trade("first target, then break-even", _to_the_target, targets=TWO, break_even_after=1),
    Trade("trimmed by hand", _trimmed, qty=3, targets=ONE),
    Trade("closed by hand", _closed, targets=ONE),
    Trade("turned round by hand", _reversed, targets=ONE),
    Trade("cancel crosses a fill", _cancel_crosses_a_fill, qty=3, limit=LIMIT),
    Trade("move of the stop crosses its fill", _move_crosses_the_stop, targets=ONE),
    Trade("move of the stop crosses the first target", _move_crosses_the_target, targets=TWO),
    Trade("stop refused once", partial(_stop_refused, 1), limit=LIMIT),
    Trade("stop refused twice", partial(_stop_refused, 2), limit=LIMIT),
    Trade("entry filled beyond its quantity", _overfilled, limit=LIMIT),
    Trade("link breaks at the target", _link_breaks_at_the_target, targets=TWO),
    Trade("link breaks at the stop", _link_breaks_at_the_stop, targets=ONE),
    Trade("closed by phone", _phoned, targets=ONE, may_exceed=True),
    Trade("plain broker: first target, then break-even", _to_the_target, targets=TWO, break_even_after=1, linked=False),
    Trade("plain broker: first target, then the stop", _first_target_then_stop, targets=TWO, linked=False),
    Trade("plain broker: to its stop", _to_the_stop, targets=ONE, linked=False),
    Trade("plain broker: trimmed by hand", _trimmed, qty=3, targets=ONE, linked=False),
    Trade("plain broker: closed by hand", _closed, targets=ONE, linked=False),
    Trade("plain broker: turned round by hand", _reversed, linked=False),
)


async def every_order(trade: Trade) -> AsyncIterator[Play]:
    """The trade once for each order of its events, all of them quickly and then all of them slowly."""
    for step_s in STEPS_S:
        prefix: tuple[int, ...] | None = ()
        while prefix is not None:
            play = await trade.play(prefix, step_s)
            prefix = _next(play.choices)
            yield play


def _next(choices: list[tuple[int, int]]) -> tuple[int, ...] | None:
    """The choices that lead to the order after this one; None after the last."""
    for at in range(len(choices) - 1, -1, -1):
        number, ways = choices[at]
        if number + 1 < ways:
            return (*(taken for taken, _ in choices[:at]), number + 1)
    return None
