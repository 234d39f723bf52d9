"""Groups of trades: each trade in exactly one, sums equal to the total to the cent."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analytics.given import alert_by, trade_with
from tradestream_gui.analytics.grouping import GroupBy, day_statistics, group_trades, net_by_day
from tradestream_gui.domain.orders import MANUAL

NEW_YORK = ZoneInfo("America/New_York")
ANALYSTS = [alert_by("JMoney"), alert_by("Tara", "options-room"), alert_by("Waxui", "options-room"), MANUAL]
HOURS = st.integers(0, 24 * 70)


@given(st.lists(st.tuples(st.integers(-100_000, 100_000), st.sampled_from(ANALYSTS), HOURS), max_size=30))
def test_the_groups_of_every_kind_add_up_to_the_total(rows: list[tuple[int, object, int]]) -> None:
    start = datetime(2026, 8, 20, 13, 0, tzinfo=UTC)
    trades = [
        trade_with(str(Decimal(cents) / 100), number=number, origin=origin, at=start + timedelta(hours=hours))  # type: ignore[arg-type] # sampled origins
        for number, (cents, origin, hours) in enumerate(rows)
    ]
    total = sum((trade.net for trade in trades), Decimal(0))
    for by in GroupBy:
        groups = group_trades(trades, by, NEW_YORK)
        assert sum((group.metrics.net for group in groups), Decimal(0)) == total
        assert sum(len(group.trades) for group in groups) == len(trades)
        assert len({group.label for group in groups}) == len(groups)


def test_hours_are_those_of_the_traders_zone_and_of_the_entry() -> None:
    trade = trade_with("350", at=datetime(2026, 9, 15, 14, 2, tzinfo=UTC))
    (group,) = group_trades([trade], GroupBy.HOUR, NEW_YORK)
    assert group.label == "09:00"


def test_periods_come_in_order_and_the_running_one_is_partial() -> None:
    trades = [
        trade_with(net, number=number, at=datetime(2026, 1, day, 15, tzinfo=UTC))
        for number, (net, day) in enumerate([("100", 5), ("900", 2), ("-50", 6), ("20", 12)])
    ]
    weeks = group_trades(trades, GroupBy.WEEK, NEW_YORK, today=date(2026, 1, 13))
    assert [(week.label, week.metrics.net, week.partial) for week in weeks] == [
        ("2026-W01", Decimal(900), False),
        ("2026-W02", Decimal(50), False),
        ("2026-W03", Decimal(20), True),
    ]
    assert [group.label for group in group_trades(trades, GroupBy.WEEKDAY, NEW_YORK)] == ["Monday", "Tuesday", "Friday"]
    assert [group.label for group in group_trades(trades, GroupBy.MONTH, NEW_YORK)] == ["2026-01"]


def test_analysts_come_best_first() -> None:
    nets = zip(("-100", "50", "70"), (ANALYSTS[0], ANALYSTS[1], MANUAL), strict=True)
    trades = [trade_with(net, origin=origin) for net, origin in nets]
    groups = group_trades(trades, GroupBy.ANALYST, NEW_YORK)
    assert [group.label for group in groups] == ["manual", "Tara", "JMoney"]


def test_the_best_days_share_of_the_profit() -> None:
    trades = [
        trade_with(net, number=day, at=datetime(2026, 1, day, 15, tzinfo=UTC))
        for net, day in (("600", 5), ("-200", 6), ("600", 7), ("0", 8))
    ]
    seen = day_statistics(net_by_day(trades))
    assert seen.best == (date(2026, 1, 5), Decimal(600))
    assert seen.worst == (date(2026, 1, 6), Decimal(-200))
    assert (seen.green.value, seen.green.n) == (Decimal("0.5"), 4)
    assert seen.consistency.value == Decimal("0.6")


@pytest.mark.parametrize("nets", [{}, {date(2026, 1, 5): Decimal(-5)}])
def test_without_profit_there_is_no_consistency(nets: dict[date, Decimal]) -> None:
    seen = day_statistics(nets)
    assert seen.consistency.value is None
    assert seen.consistency.reason
