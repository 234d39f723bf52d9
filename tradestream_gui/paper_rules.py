"""What the simulated exchange goes by, made from the reference tables and the settings."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from tradestream_gui.adapters.brokers.paper import PaperRules
from tradestream_gui.assembly.assemble import schedule_of
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.matching import STANDARD_FILLS
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.market.reference_tables import Margin
from tradestream_gui.upkeep.settings.service import SettingsService


def paper_rules(reference: ReferenceData, settings: SettingsService) -> PaperRules:
    """The exchange's rules by the first account's fee schedule and slippage, which hold for all its accounts."""
    schedule = schedule_of(settings, reference)
    account, slippage = settings.current.accounts[0].id, settings.current.accounts[0].slippage_ticks

    def commission(
        instrument: Instrument, *, qty_before: int, qty: int, price: Decimal, at: datetime
    ) -> Decimal | None:
        return reference.fees.fill_fee(
            instrument, schedule(AccountId(account)), at.date(), qty_before=qty_before, qty=qty, price=price
        )

    def day_margin(instrument: Instrument) -> Decimal | None:
        row = max((row for row in reference.margins if instrument.root in row.roots), key=_valid_from, default=None)
        return row.day if row else None

    return PaperRules(
        instrument_of=reference.instrument,
        calendar=reference.calendar,
        last_trade_at=reference.last_trade_at,
        commission=commission,
        day_margin=day_margin,
        fills=replace(STANDARD_FILLS, market_slippage_ticks=slippage, stop_slippage_ticks=slippage),
    )


def _valid_from(row: Margin) -> date:
    return row.valid_from
