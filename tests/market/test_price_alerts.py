"""The user's own price alerts: told once when the price is reached, kept over a restart, refused with reasons."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support import eventually
from tests.trading.stage import ES, MES, Stage, open_stage, reference_data
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.storage.price_alert_file import PriceAlertFile
from tradestream_gui.domain.events import Notice, NoticeKind
from tradestream_gui.domain.price_alerts import read_price_alert
from tradestream_gui.market.price_alerts import PriceAlertBook

D = Decimal


async def book(stage: Stage, folder: Path) -> PriceAlertBook:
    """A book over the stage's market with a file of its own."""
    made = PriceAlertBook(
        bus=stage.bus, clock=stage.clock, tasks=stage.tasks, board=stage.core.board, reference=reference_data(),
        store=PriceAlertFile(folder / "price_alerts.json", write_atomically),
        subscribe=stage.core.subscriptions.subscribe,
    )  # fmt: skip
    await made.start()
    return made


def is_kept() -> bool:
    return not any(task.get_name() == "keep the price alerts" for task in asyncio.all_tasks())


def told(stage: Stage) -> list[Notice]:
    return [notice for notice in stage.notices if notice.kind is NoticeKind.PRICE]


async def test_alert_is_told_once_when_the_price_is_reached(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    alerts = await book(stage, tmp_path)
    above = alerts.add_text("ES above 6,350")
    below = alerts.add_text("es below 6300.25")
    await stage.quote("6349.50", "6349.75", of=ES)
    assert told(stage) == []
    await stage.quote("6350.00", "6350.25", of=ES)
    await stage.quote("6351.00", "6351.25", of=ES)
    (notice,) = told(stage)
    assert (notice.title, notice.words) == ("ES Dec26 above 6,350", "Last price 6,350.00.")
    assert [alert.alert_id for alert in alerts.alerts()] == [below.alert_id]
    await stage.quote("6300.25", "6300.50", of=ES)
    assert [notice.title for notice in told(stage)][1:] == ["ES Dec26 below 6,300.25"]
    assert alerts.alerts() == ()
    assert above.alert_id != below.alert_id
    await stage.close()


async def test_alert_of_one_contract_is_not_reached_by_another(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    alerts = await book(stage, tmp_path)
    alerts.add_text("ES above 6350")
    await stage.quote("6360.00", "6360.25", of=MES)
    assert told(stage) == []
    await stage.close()


async def test_alerts_are_there_after_a_restart_and_those_of_expired_contracts_are_told(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    alerts = await book(stage, tmp_path)
    first = alerts.add_text("ES above 6350")
    second = alerts.add_text("NQ below 20000")
    third = alerts.add_text("ES above 6360")
    alerts.remove(third.alert_id)
    await eventually(is_kept)
    again = await book(stage, tmp_path)
    assert [alert.alert_id for alert in again.alerts()] == [first.alert_id, second.alert_id]
    assert again.alerts()[1].price == D(20000)
    assert int(again.add_text("ES above 6370").alert_id) > int(second.alert_id)
    await eventually(is_kept)
    (tmp_path / "later").mkdir()
    later = await open_stage(tmp_path / "later", start=stage.clock.now() + timedelta(days=60))
    kept = await book(later, tmp_path)
    assert kept.alerts() == ()
    assert len([notice for notice in told(later) if "has expired" in notice.words]) == 3
    await later.close()
    await stage.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ES", "write a symbol, above or below, and a price"),
        ("ES above", "write a symbol"),
        ("ES above six thousand", "write a symbol"),
        ("XYZXYZ above 5", "XYZXYZ names no contract"),
        ("ES above 6350.10", "trades in steps of 0.25: 6,350.00 would be the nearest"),
        ("ES above 6320", "is at 6,326.00 already, above 6,320"),
        ("ES below 6326", "already"),
        ("ES above 6340", "is set already"),
    ],
)
async def test_what_cannot_be_watched_is_refused_with_the_reason(text: str, words: str, tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    alerts = await book(stage, tmp_path)
    alerts.add_text("ES above 6340")
    with pytest.raises(ValueError, match=words):
        alerts.add_text(text)
    assert len(alerts.alerts()) == 1
    await stage.close()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("ES above 6350", ("ES", True, "6350")),
        (" es > 6,350.25 ", ("ES", True, "6350.25")),
        ("aapl<=271.5", ("AAPL", False, "271.5")),
        ("SPY is under $500", ("SPY", False, "500")),
        ("ZB at or above 118", ("ZB", True, "118")),
    ],
)
def test_line_is_read_in_the_usual_spellings(text: str, read: tuple[str, bool, str]) -> None:
    assert read_price_alert(text) == read


@pytest.mark.parametrize("content", [b"{", b"[1]", b'[{"id": "1"}]', b"\xff", b"[" * 5000])
async def test_file_that_cannot_be_read_is_put_aside_and_not_overwritten(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "price_alerts.json").write_bytes(content)
    file = PriceAlertFile(tmp_path / "price_alerts.json", write_atomically)
    assert file.load() == ()
    assert (tmp_path / "price_alerts.unreadable").read_bytes() == content
