"""212 alerts in one second: a runaway source reaches the broker with ten orders at most, and the account halts."""

import logging
from dataclasses import replace
from pathlib import Path

from tests.sim.day import Day
from tests.sim.plans import DayPlan
from tests.sim.program import sim_settings
from tests.sim.venue import CALM, PERSONALITIES, SIM
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.orders import OrderRole

ALERTS = 212
RAILS = (("entries_per_minute", 10), ("breaker_denials", 20))


async def test_212_alerts_in_a_second_make_at_most_ten_orders_and_halt_the_account(tmp_path: Path) -> None:
    logging.disable(logging.ERROR)
    day = Day(DayPlan(5, PERSONALITIES[0], CALM), tmp_path)
    day.settings = sim_settings(RAILS)
    day.market.start()
    await day.open()
    await day.clock.run(3)
    began_s = day.clock.elapsed_s
    assert day.program is not None
    for number in range(ALERTS):
        posted = day.rooms._keep(day.rooms._open())
        message = replace(posted.message, channel_id=f"room{number % 20}")
        day.program.core.alerts.on_message(message)
        await day.clock.run(1 / ALERTS)
    halted = [at_s for at_s, _, state, _ in day.witness.states if state == TradingState.HALTED.value]
    reason = day.program.core.accounts.state(SIM).reason
    await day.clock.run(5)
    entries = [order for order in day.venue.exchange.orders if order.role is OrderRole.ENTRY]
    await day.clock.do(day.program.close())
    logging.disable(logging.NOTSET)
    assert 0 < len(entries) <= 10
    assert halted, reason
    assert halted[0] - began_s <= 1.0
    assert "RUNAWAY" in reason
