"""One paper account's money: positions and cash made from its executions, and nothing else."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from tradestream_gui.adapters.brokers.paper.state import PaperAccount, PaperExecution
from tradestream_gui.domain.accounts import Balance, BrokerPosition
from tradestream_gui.domain.ids import ClOrdId, InstrumentId, LotId
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import MANUAL, Fill
from tradestream_gui.domain.positions import Lot
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.ports.broker import ExecutionReport


class AccountBook:
    """The only writer of one account's positions and cash.

    Cash is the starting cash plus realised profit less fees; net liquidation adds the open profit at the side at
    which it could be closed now.
    """

    def __init__(self, account: PaperAccount) -> None:
        self.account = account
        self._lots: dict[InstrumentId, Lot] = {}
        self._instruments: dict[InstrumentId, Instrument] = {}
        self._executions: list[PaperExecution] = []

    @property
    def cash(self) -> Decimal:
        return self.account.starting_cash + sum((lot.net_pnl for lot in self._lots.values()), ZERO)

    @property
    def executions(self) -> tuple[ExecutionReport, ...]:
        """Every execution of the account's life, resets included."""
        return tuple(execution.report for execution in self._executions)

    @property
    def is_flat(self) -> bool:
        return all(lot.is_flat for lot in self._lots.values())

    def reset(self, starting_cash: Decimal) -> None:
        """A new beginning; refused by the caller while a position is open."""
        assert self.is_flat, "an account with open positions is not reset"
        self.account = replace(self.account, starting_cash=starting_cash, epoch=self.account.epoch + 1)
        self._lots.clear()

    def book(self, execution: PaperExecution, instrument: Instrument) -> None:
        self._executions.append(execution)
        if execution.epoch != self.account.epoch:
            return
        report = execution.report
        self._instruments[instrument.instrument_id] = instrument
        lot = self._lots.get(report.instrument_id) or Lot(
            LotId(report.instrument_id), report.account_id, report.instrument_id, MANUAL, report.side
        )
        self._lots[report.instrument_id] = lot.with_fill(
            Fill(
                exec_id=report.exec_id,
                cl_ord_id=report.cl_ord_id or ClOrdId(""),
                account_id=report.account_id,
                instrument_id=report.instrument_id,
                lot_id=lot.lot_id,
                side=report.side,
                last_qty=report.last_qty,
                last_px=report.last_px,
                commission=report.commission,
                at=report.at,
            ),
            instrument,
        )

    def signed_qty(self, instrument_id: InstrumentId) -> int:
        lot = self._lots.get(instrument_id)
        return lot.signed_qty if lot else 0

    def held(self) -> list[Instrument]:
        """Instruments with an open position."""
        return [self._instruments[key] for key, lot in self._lots.items() if not lot.is_flat]

    def position(self, instrument_id: InstrumentId) -> BrokerPosition:
        lot = self._lots.get(instrument_id)
        return BrokerPosition(
            self.account.account_id,
            instrument_id,
            lot.signed_qty if lot else 0,
            lot.avg_entry if lot else None,
        )

    def positions(self) -> tuple[BrokerPosition, ...]:
        return tuple(self.position(instrument.instrument_id) for instrument in self.held())

    def balance(
        self,
        at: datetime,
        quotes: dict[InstrumentId, Quote],
        day_margins: dict[InstrumentId, Decimal | None],
        reserved: Decimal | None,
    ) -> Balance:
        """`day_margins` are per contract of each held future; `reserved` is what working orders hold back."""
        open_pnl = self._open_pnl(quotes)
        margin = self._margin_used(day_margins)
        known = open_pnl is not None and margin is not None and reserved is not None
        return Balance(
            account_id=self.account.account_id,
            at=at,
            cash=self.cash,
            net_liquidation=None if open_pnl is None else self.cash + open_pnl,
            margin_used=margin,
            buying_power=self.cash + self._futures_pnl(quotes) - margin - reserved
            if known and margin is not None and reserved is not None
            else None,
        )

    def _open_pnl(self, quotes: dict[InstrumentId, Quote]) -> Decimal | None:
        total = ZERO
        for key, lot in self._lots.items():
            gain = lot.unrealized_pnl(quotes.get(key), self._instruments[key])
            if gain is None:
                return None
            total += gain
        return total

    def _futures_pnl(self, quotes: dict[InstrumentId, Quote]) -> Decimal:
        return sum(
            (
                lot.unrealized_pnl(quotes.get(key), self._instruments[key]) or ZERO
                for key, lot in self._lots.items()
                if self._instruments[key].asset_class is AssetClass.FUTURE
            ),
            ZERO,
        )

    def _margin_used(self, day_margins: dict[InstrumentId, Decimal | None]) -> Decimal | None:
        total = ZERO
        for instrument in self.held():
            lot = self._lots[instrument.instrument_id]
            if instrument.asset_class is AssetClass.FUTURE:
                margin = day_margins.get(instrument.instrument_id)
                if margin is None:
                    return None
                total += margin * lot.open_qty
            elif lot.signed_qty < 0 and instrument.right is Right.PUT and instrument.strike is not None:
                total += instrument.notional(instrument.strike, lot.open_qty)
            else:
                total += sum((instrument.notional(part.price, part.qty) for part in lot.open_parts), ZERO)
        return total
