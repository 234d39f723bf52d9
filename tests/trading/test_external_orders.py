"""Working orders that others placed: shown, counted where they may open something, and never touched."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.trading.stage import ES, MES, SIM, WIDE, D, Stage, open_stage
from tests.trading.test_risk_gate import judged
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId, LotId
from tradestream_gui.domain.orders import MANUAL, Order, OrderRole, OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.ports.broker import OrderReport


async def phoned(
    stage: Stage, name: str, side: Side, qty: int, *, limit: str | None = None, stop: str | None = None,
    of: InstrumentId = MES,
) -> None:  # fmt: skip
    """Somebody places an order at the broker with another program."""
    now = stage.clock.now()
    order = Order(
        cl_ord_id=ClOrdId(name), account_id=SIM, instrument_id=of, lot_id=LotId(""), origin=MANUAL,
        role=OrderRole.ENTRY, side=side, ord_type=OrdType.LIMIT if limit else OrdType.STOP, order_qty=qty,
        time_in_force=TimeInForce.GTC, created_at=now, updated_at=now, limit_price=D(limit) if limit else None,
        stop_price=D(stop) if stop else None,
    )  # fmt: skip
    await stage.venue.paper.place(order)
    await stage.run()


def standing(stage: Stage) -> list[tuple[Side, int, Any]]:
    return [
        (one.side, one.order_qty, one.limit_price or one.stop_price) for one in stage.core.external_orders.orders(SIM)
    ]


def told(stage: Stage) -> list[str]:
    return [notice.words for notice in stage.notices if notice.title == "External order"]


async def test_it_is_known_as_soon_as_the_broker_reports_it_and_gone_when_the_broker_says_so(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await phoned(stage, "phone-1", Side.BUY, 2, limit="6300.00")
    assert standing(stage) == [(Side.BUY, 2, D("6300.00"))]
    assert told(stage) == [
        "BUY 2 MESZ6 was placed elsewhere: it is shown and counted, and never touched from here"
    ]
    assert not stage.core.blotter.open_orders()
    await stage.venue.paper.cancel(SIM, ClOrdId("phone-1"))
    await stage.run()
    assert standing(stage) == []
    await stage.close()


async def test_the_brokers_list_finds_what_no_report_told_and_forgets_what_it_lacks(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    deaf = stage.venue.paper._sink
    stage.venue.paper._sink = _Nobody()  # type: ignore[assignment]  # reports are lost on the way
    await phoned(stage, "phone-1", Side.SELL, 1, stop="6310.00")
    assert standing(stage) == []
    await stage.run(12)
    assert standing(stage) == [(Side.SELL, 1, D("6310.00"))]
    await stage.venue.paper.replace(
        SIM, ClOrdId("phone-1"), order_qty=1, limit_price=None, stop_price=D("6312.00"), ord_type=OrdType.STOP
    )
    await stage.run(12)
    assert standing(stage) == [(Side.SELL, 1, D("6312.00"))]
    await stage.venue.paper.cancel(SIM, ClOrdId("phone-1"))
    await stage.run(12)
    assert standing(stage) == []
    assert len(told(stage)) == 1
    stage.venue.paper._sink = deaf
    await stage.close()


async def test_a_list_from_before_a_report_neither_hides_nor_revives_an_order(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await phoned(stage, "phone-1", Side.BUY, 1, limit="6300.00")
    (report,) = stage.core.external_orders.orders(SIM)
    stage.core.external_orders.compare(SIM, [])
    assert stage.core.external_orders.orders(SIM) == (report,)
    stage.core.external_orders.note(replace(report, ord_status=OrdStatus.CANCELED))
    stage.core.external_orders.compare(SIM, [report])
    assert stage.core.external_orders.orders(SIM) == ()
    await stage.run(6)
    stage.core.external_orders.compare(SIM, [report])
    assert stage.core.external_orders.orders(SIM) == (report,)
    stage.core.external_orders.compare(AccountId("other"), [])
    assert stage.core.external_orders.orders() == (report,)
    assert stage.core.external_orders.orders(AccountId("other")) == ()
    await stage.close()


async def test_it_is_found_again_after_a_restart_and_told_of_once(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await phoned(stage, "phone-1", Side.BUY, 2, limit="6300.00")
    later = await stage.killed(after_s=30)
    assert standing(later) == [(Side.BUY, 2, D("6300.00"))]
    assert told(later) == []
    await later.run(30)
    assert standing(later) == [(Side.BUY, 2, D("6300.00"))]
    await later.close()


async def test_its_fill_becomes_an_external_position_and_the_order_goes(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await phoned(stage, "phone-1", Side.BUY, 2, limit="6320.00")
    await stage.quote("6318.00", "6318.25")
    await stage.run(2)
    assert standing(stage) == []
    assert stage.core.lots.external() == {(SIM, MES): 2}
    assert stage.core.exposure.of(SIM).qty_by_instrument == {MES: 2}
    await stage.close()


async def test_what_it_may_open_counts_in_exposure_and_limits_and_what_only_reduces_does_not(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits=WIDE | {"max_position_qty_future": 3})
    await phoned(stage, "phone-1", Side.BUY, 2, limit="6300.00")
    assert stage.core.exposure.of(SIM).qty_by_instrument == {MES: 2}
    assert stage.core.exposure.of(SIM).minis == D("0.2")
    decision = judged(stage, order_qty=2)
    assert (decision.order_qty, decision.fitting_qty) == (1, 1)
    await stage.venue.paper.cancel(SIM, ClOrdId("phone-1"))
    await stage.run()
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await phoned(stage, "phone-2", Side.SELL, 2, stop="6310.00")
    assert stage.core.exposure.of(SIM).qty_by_instrument == {MES: 2}
    await phoned(stage, "phone-3", Side.SELL, 3, stop="6309.00")
    assert stage.core.exposure.of(SIM).qty_by_instrument == {MES: 3}
    await phoned(stage, "phone-4", Side.SELL, 1, stop="6200.00", of=ES)
    assert stage.core.exposure.of(SIM).qty_by_instrument == {MES: 3, ES: 1}
    await stage.close()


async def test_kill_and_flatten_leave_it_and_say_how_many_stand(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    entry = await stage.enter(Side.BUY, 1, limit="6310", stop="6300")
    await phoned(stage, "phone-1", Side.BUY, 2, limit="6300.00")
    stage.core.kill.kill("by hand")
    stage.core.kill.flatten("by hand")
    await stage.run(10)
    assert stage.order(entry.cl_ord_id).ord_status is OrdStatus.CANCELED
    assert await stage.position() == 0
    assert standing(stage) == [(Side.BUY, 2, D("6300.00"))]
    assert [one.cl_ord_id for one in await stage.venue.paper.open_orders(SIM)] == ["phone-1"]
    words = {notice.title: notice.words for notice in stage.notices}
    ending = "; 1 order placed elsewhere stands: cancel there"
    assert words["KILL"] == "1 entries cancelled, 1 positions keep their stops" + ending
    assert words["Flatten"] == "Sim: flat" + ending
    await phoned(stage, "phone-2", Side.BUY, 1, limit="6301.00")
    stage.core.kill.kill("once more")
    await stage.run(0)
    assert stage.notices[-1].words.endswith("; 2 orders placed elsewhere stand: cancel there")
    await stage.close()


async def test_an_order_of_ours_that_is_recognised_late_is_not_shown_as_somebody_elses(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6310", stop="6300")
    (report,) = await stage.venue.paper.open_orders(SIM)
    stage.core.external_orders.note(replace(report, cl_ord_id=None))
    assert standing(stage) == []
    stage.core.external_orders.note(report)
    assert standing(stage) == []
    assert told(stage) == []
    assert stage.order(order.cl_ord_id).is_working
    await stage.close()


class _Nobody:
    """A sink to which nothing gets through."""

    def on_order(self, report: OrderReport) -> None:
        """Lost."""

    def __getattr__(self, name: str) -> Any:
        return lambda *told: None
