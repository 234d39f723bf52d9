"""Analytics over what a profile's databases hold, without starting a core: for exports."""

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from tradestream_gui.adapters.storage.offline import read_state
from tradestream_gui.analytics.service import AnalyticsService
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.paths import resource_path
from tradestream_gui.ports.journal import StoredState

ZONE = ZoneInfo("America/New_York")


def stored_analytics(databases: Sequence[Path]) -> AnalyticsService:
    """All stored fills and trades of the databases; raises StoreFailed and StoreTooNew."""
    states = [read_state(path) for path in databases]
    reference = ReferenceData.load(resource_path)
    first = min((fill.at for state in states for fill in state.fills), default=None)
    if first is not None and first.date() < reference.calendar.covers_from:
        reference = reference.read_on(first.date())
    calendar = reference.calendar

    def instrument_of(instrument_id: InstrumentId) -> Instrument:
        found = reference.instrument(instrument_id)
        if found is None:
            raise StoreFailed(f"{named(instrument_id)} in the database names no instrument that this version knows")
        return found

    analytics = AnalyticsService(
        instrument_of=instrument_of,
        trade_date_of=calendar.trade_date,
        account_day=calendar.account_day,
        zone=ZONE,
    )
    for state in states:
        _restore(analytics, state)
    return analytics


def _restore(analytics: AnalyticsService, state: StoredState) -> None:
    analytics.restore(
        orders=state.orders,
        fills=state.fills,
        plans=state.exit_plans,
        messages=state.messages,
        decisions=state.decisions,
        extremes=state.extremes,
    )
