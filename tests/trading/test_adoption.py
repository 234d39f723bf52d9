"""A position from elsewhere becomes a lot of ours by being given a stop: shown, protected, kept over a restart."""

from pathlib import Path

from tests.trading.stage import MES, SIM, WIDE, D, Stage, open_stage
from tradestream_gui.domain.orders import OrderRole, OriginKind, Side
from tradestream_gui.trading.adoption import Found


async def phoned(folder: Path, qty: int, *, limits: dict[str, object] | None = None) -> Stage:
    """A position that somebody opened at the broker."""
    stage = await open_stage(folder, limits=limits)
    phone = stage.venue.paper._exchange
    phone._enter(phone._own_order(SIM, MES, qty, stage.clock.now()))
    stage.venue.paper._keep_changes()
    await stage.run(2)
    assert stage.core.lots.external_qty(SIM, MES) == qty
    return stage


async def adopt(stage: Stage, stop: str) -> str:
    said: list[str] = []

    async def run() -> None:
        said.append(await stage.core.hand.adoption.adopt(SIM, MES, D(stop)))

    stage.tasks.spawn(run(), "adopt")
    await stage.run(2)
    return said[0]


async def test_it_gets_a_stop_of_its_size_and_is_no_longer_external(tmp_path: Path) -> None:
    stage = await phoned(tmp_path, 2)
    words = await adopt(stage, "6316")
    assert words.startswith("MES Dec26: +2 adopted at 6,3")
    (lot,) = stage.core.lots.open_lots(SIM, MES)
    assert (lot.side, lot.open_qty, lot.origin.kind, lot.assumed) == (Side.BUY, 2, OriginKind.ADOPTED, False)
    held = {one.instrument_id: one for one in await stage.venue.paper.positions(SIM)}
    assert lot.avg_entry == held[MES].avg_px
    assert stage.core.lots.external() == {}
    assert [(stop.leaves_qty, stop.stop_price) for stop in stage.exits(OrderRole.STOP)] == [(2, D("6316.00"))]
    await stage.run(60)
    assert stage.core.lots.external() == {}
    await stage.close()


async def test_it_is_ours_after_a_restart_too(tmp_path: Path) -> None:
    stage = await phoned(tmp_path, -2)
    await adopt(stage, "6336")
    later = await stage.killed()
    await later.run(30)
    (lot,) = later.core.lots.open_lots(SIM, MES)
    assert (lot.side, lot.open_qty, lot.assumed) == (Side.SELL, 2, False)
    assert later.core.lots.external() == {}
    assert [stop.leaves_qty for stop in later.exits(OrderRole.STOP)] == [2]
    await later.close()


async def test_two_presses_adopt_once(tmp_path: Path) -> None:
    stage = await phoned(tmp_path, 1)
    await adopt(stage, "6316")
    assert "nothing of it was opened elsewhere" in await adopt(stage, "6316")
    assert len(stage.core.lots.open_lots(SIM, MES)) == 1
    await stage.close()


async def test_a_stop_beyond_the_market_or_between_ticks_adopts_nothing(tmp_path: Path) -> None:
    stage = await phoned(tmp_path, 1)
    assert "must be below the bid" in await adopt(stage, "6330")
    assert "between two prices" in await adopt(stage, "6316.10")
    assert stage.core.lots.external_qty(SIM, MES) == 1
    assert not stage.venue.placed
    await stage.close()


async def test_a_loss_beyond_todays_room_is_not_adopted(tmp_path: Path) -> None:
    stage = await phoned(tmp_path, 2, limits={**WIDE, "daily_loss_limit": "50"})
    await stage.quote("6316.00", "6316.25")
    assert "would lock the account at once" in await adopt(stage, "6310")
    assert stage.core.lots.external_qty(SIM, MES) == 2
    await stage.close()


async def test_beside_a_lot_of_ours_on_the_same_side_the_entry_is_the_present_price(tmp_path: Path) -> None:
    stage = await phoned(tmp_path, 1)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    found = await stage.core.hand.adoption.look(SIM, MES)
    assert found == Found(1, None, None)
    assert "adopted at 6,326.00" in await adopt(stage, "6316")
    await stage.close()


async def test_a_broker_that_does_not_answer_adopts_nothing(tmp_path: Path) -> None:
    stage = await phoned(tmp_path, 1)
    stage.venue.is_deaf = True
    assert "does not answer" in await adopt(stage, "6316")
    assert stage.core.lots.external_qty(SIM, MES) == 1
    await stage.close()
