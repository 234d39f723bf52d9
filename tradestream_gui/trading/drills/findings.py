"""What a drill compares in the end: fills and books, the broker's positions and ours, stops before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.drills import DrillFill, StopSeen
from tradestream_gui.domain.ids import AccountId, ExecId
from tradestream_gui.domain.money import signed
from tradestream_gui.ports.broker import ExecutionReport
from tradestream_gui.ports.drills import BrokerLists
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.lot_book import LotBook


@dataclass(frozen=True, slots=True)
class Findings:
    """Reads the books of one account and the broker's lists."""

    account_id: AccountId
    accounts: AccountBook
    blotter: Blotter
    lots: LotBook
    lists: BrokerLists

    async def differences(self) -> tuple[str, ...]:
        """Where books and broker do not agree now, and a state that the outage has left behind."""
        there = {one.instrument_id: one.signed_qty for one in await self.lists.positions(self.account_id)}
        held = {lot.instrument_id for lot in self.lots.open_lots(self.account_id)} | set(there)
        held |= {instrument_id for owner, instrument_id in self.lots.external() if owner == self.account_id}
        found = []
        for instrument_id in sorted(held):
            ours = self.lots.net_qty(self.account_id, instrument_id)
            ours += self.lots.external_qty(self.account_id, instrument_id)
            if ours != there.get(instrument_id, 0):
                elsewhere = signed(there.get(instrument_id, 0))
                found.append(f"{named(instrument_id)}: {signed(ours)} here, {elsewhere} at the broker")
        state = self.accounts.state(self.account_id)
        if state.trading_state in (TradingState.REDUCING, TradingState.HALTED):
            found.append(f"the account is {state.trading_state.value} now: {state.reason}")
        return tuple(found)

    def fills(
        self, executions: Sequence[ExecutionReport], booked: Mapping[ExecId, Sequence[datetime]]
    ) -> tuple[DrillFill, ...]:
        """`booked`: when each was booked since the drill began; one that was booked without being heard of counts
        once."""
        return tuple(
            DrillFill(
                exec_id=one.exec_id,
                instrument_id=one.instrument_id,
                side=one.side,
                last_qty=one.last_qty,
                last_px=one.last_px,
                at=one.at,
                booked_at=next(iter(booked.get(one.exec_id, ())), None),
                times_booked=len(booked.get(one.exec_id, ()))
                or int(self.blotter.is_booked(self.account_id, one.exec_id)),
            )
            for one in executions
        )


def more_entries(before: Sequence[tuple[str, int]], after: Sequence[tuple[str, int]]) -> int:
    """How many alerts have more than one entry now, and more than they had."""
    had = dict(before)
    return sum(1 for key, count in after if count > max(had.get(key, 0), 1))


def joined(before: Sequence[StopSeen], after: Sequence[StopSeen]) -> tuple[StopSeen, ...]:
    """The looks before a kill and after it as one, of the lots that are still open."""
    then = {stop.lot_id: stop for stop in before}
    return tuple(_with(stop, then.get(stop.lot_id)) for stop in after)


def _with(stop: StopSeen, then: StopSeen | None) -> StopSeen:
    if then is None:
        return stop
    return replace(stop, looks=stop.looks + then.looks, covered=stop.covered + then.covered)
