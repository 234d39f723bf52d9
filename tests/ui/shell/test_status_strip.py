"""The line at the foot: seconds where somebody waits for them, minutes while the market is shut for long."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from PyQt6.QtWidgets import QApplication

from tests.trading.stage import Stage, open_stage
from tradestream_gui.domain.orders import Side
from tradestream_gui.ui.shell.lag_meter import LagMeter
from tradestream_gui.ui.shell.signal_hub import SignalHub
from tradestream_gui.ui.shell.status_strip import StatusStrip
from tradestream_gui.ui.widgets.steady_label import SteadyLabel

SATURDAY = datetime(2026, 11, 21, 15, 0, 20, tzinfo=UTC)
SUNDAYS_OPEN = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)


def words(strip: StatusStrip) -> list[str]:
    return [label.text() for label in strip.findChildren(SteadyLabel)][:3]


async def at(stage: Stage, strip: StatusStrip, moment: datetime) -> list[str]:
    await stage.clock.leap_to(moment)
    strip.refresh()
    return words(strip)


async def test_a_shut_market_is_told_by_the_minute_and_its_last_hour_by_the_second(
    qapp: QApplication, tmp_path: Path
) -> None:
    stage = await open_stage(tmp_path, start=SATURDAY)
    hub, strip = SignalHub(stage.bus), StatusStrip(LagMeter())
    strip.attach(stage.core, hub)
    assert words(strip)[:2] == ["10:00 ET  ·  Sat 21 Nov 2026", "Futures open in 32 h 00 min"]
    assert strip.is_resting()
    assert (await at(stage, strip, SATURDAY + timedelta(seconds=39)))[0].startswith("10:00 ET")
    assert (await at(stage, strip, SATURDAY + timedelta(seconds=40)))[:2] == [
        "10:01 ET  ·  Sat 21 Nov 2026",
        "Futures open in 31 h 59 min",
    ]
    hour_before = await at(stage, strip, SUNDAYS_OPEN - timedelta(minutes=59, seconds=58))
    assert hour_before[:2] == ["17:00:02 ET  ·  Sun 22 Nov 2026", "Futures open in 59:58"]
    assert not strip.is_resting()
    opened = await at(stage, strip, SUNDAYS_OPEN + timedelta(seconds=1))
    assert opened[:2] == ["18:00:01 ET  ·  Sun 22 Nov 2026", "Futures close in 22:59:59"]
    hub.detach()
    await stage.close()


async def test_a_position_held_over_the_weekend_keeps_the_windows_seconds(qapp: QApplication, tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    hub, strip = SignalHub(stage.bus), StatusStrip(LagMeter())
    strip.attach(stage.core, hub)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    assert (await at(stage, strip, SATURDAY))[2] == "1 position  ·  1 working order"
    assert not strip.is_resting()
    hub.detach()
    await stage.close()
