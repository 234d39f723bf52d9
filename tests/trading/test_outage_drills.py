"""Outages practised on the paper exchange: what is broken, what goes on meanwhile, and what the report measures."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support import eventually, hold_elsewhere
from tests.trading.stage import MES, SIM, THURSDAY, WIDE, D, Stage, open_stage
from tests.trading.test_external_orders import phoned
from tests.trading.test_risk_gate import judged
from tradestream_gui.adapters.runtime.clock import WorkCounter
from tradestream_gui.adapters.storage.drill_file import DrillFile
from tradestream_gui.domain.accounts import Account, AccountKind, AccountState, TradingState
from tradestream_gui.domain.drills import DrillFill, DrillKind, DrillReport, HeldLot, KeptDrills, StopSeen, Verdict
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.ids import AccountId, ExecId, LotId, OrderId
from tradestream_gui.domain.orders import OrderRole, OrdStatus, Side
from tradestream_gui.trading.drills.drill import DrillChanged, OutageDrill

LIVE = Account(AccountId("real"), "Real", AccountKind.LIVE, "paper")


class Remembered:
    """Notes that the program was to be killed, or cannot do it."""

    def __init__(self) -> None:
        self.count = 0
        self.problem = ""

    def restart(self) -> None:
        if self.problem:
            raise OSError(self.problem)
        self.count += 1


async def stage_with_drill(folder: Path) -> tuple[Stage, OutageDrill]:
    stage = await open_stage(folder, restarter=Remembered())
    drill = stage.core.drill
    assert drill is not None
    return stage, drill


class Practice:
    """A drill that runs while the test moves the market."""

    def __init__(self, stage: Stage, kind: DrillKind, seconds: float, account_id: AccountId = SIM) -> None:
        self._stage = stage
        self._answer: list[DrillReport | str] = []
        stage.tasks.spawn(self._run(kind, seconds, account_id), "practise an outage")

    async def _run(self, kind: DrillKind, seconds: float, account_id: AccountId) -> None:
        drill = self._stage.core.drill
        assert drill is not None
        self._answer.append(await drill.practise(kind, account_id, seconds))

    async def answer(self) -> DrillReport | str:
        await self._stage.until(lambda: bool(self._answer), within_s=400)
        return self._answer[0]

    async def report(self) -> DrillReport:
        answer = await self.answer()
        assert isinstance(answer, DrillReport), answer
        return answer


async def test_a_target_that_fills_behind_a_broken_link_is_booked_once_and_the_stop_stands(tmp_path: Path) -> None:
    stage, _ = await stage_with_drill(tmp_path)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316", targets=(("6330", "0.5"),))
    await stage.run(3)
    practice = Practice(stage, DrillKind.LINK, 20)
    await stage.run(2)
    await stage.quote("6330.50", "6330.75")
    await stage.run(5)
    assert await stage.position() == 1, "the exchange lives on"
    assert stage.lot().open_qty == 2, "and nothing of it is heard here"
    report = await practice.report()
    assert (report.verdict, report.problems) == (Verdict.PASSED, ())
    (fill,) = report.fills
    assert (fill.side, fill.last_qty, fill.last_px, fill.times_booked) == (Side.SELL, 1, D("6330.00"), 1)
    assert fill.booked_at is not None
    assert (fill.booked_at - fill.at).total_seconds() > 10
    assert [lot.signed_qty for lot in report.before] == [2]
    assert [lot.signed_qty for lot in report.after] == [1]
    (stop,) = report.stops
    assert (stop.order_qty, stop.stop_price, stop.covered) == (1, D("6316.00"), stop.looks)
    assert report.unprotected_ms == 0
    assert (report.doubled_orders, report.doubled_entries, report.orders_seen) == (0, 0, 2)
    assert report.lasted_ms == 20_000
    assert report.recovered_ms is not None
    assert [one.leaves_qty for one in stage.exits(OrderRole.STOP)] == [1]
    stored = (await stage.journal.load()).fills
    assert [one.exec_id for one in stored].count(fill.exec_id) == 1
    await stage.close()


async def test_an_entry_behind_a_broken_link_is_refused_with_its_code_and_taken_again_afterwards(
    tmp_path: Path,
) -> None:
    stage, _ = await stage_with_drill(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    practice = Practice(stage, DrillKind.LINK, 10)
    await stage.run(2)
    assert judged(stage).code == "RECONCILING"
    denied = await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    assert denied.ord_status is OrdStatus.DENIED
    report = await practice.report()
    assert (report.blocked_code, report.verdict) == ("RECONCILING", Verdict.PASSED)
    assert report.blocked_ms is not None
    assert report.blocked_ms >= 9_500
    assert "the link is cut on purpose" in report.blocked_words
    assert len(stage.venue.sent(OrderRole.ENTRY)) == 1
    assert judged(stage).code == ""
    await stage.close()


async def test_a_stop_is_hit_while_prices_are_silent_and_entries_are_refused_as_stale(tmp_path: Path) -> None:
    stage, _ = await stage_with_drill(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    await stage.run(2)
    practice = Practice(stage, DrillKind.FEED, 15)
    await stage.run(4)
    assert judged(stage).code == "QUOTE_STALE"
    before = stage.core.board.quote(MES)
    await stage.quote("6315.00", "6315.25")
    await stage.run(1)
    assert stage.core.board.quote(MES) == before, "no price comes through"
    assert await stage.position() == 0, "and the stop fills all the same"
    assert stage.lot().is_flat
    await stage.run(11)
    await stage.quote("6315.00", "6315.25")
    report = await practice.report()
    assert (report.blocked_code, report.verdict, report.problems) == ("QUOTE_STALE", Verdict.PASSED, ())
    assert [(fill.side, fill.times_booked) for fill in report.fills] == [(Side.SELL, 1)]
    assert ([lot.signed_qty for lot in report.before], report.after) == ([1], ())
    await stage.close()


async def test_what_was_noted_before_a_kill_is_compared_after_the_return(tmp_path: Path) -> None:
    stage, drill = await stage_with_drill(tmp_path)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await stage.say("long es 6326 stop 6316")
    (stop,) = stage.core.blotter.exits_of_lot(stage.core.lots.lots()[0].lot_id, OrderRole.STOP)
    stage.tasks.spawn(_kill(drill), "kill")
    killed = stage.restarter
    assert isinstance(killed, Remembered)
    await eventually(lambda: killed.count == 1)
    later = await stage.killed(after_s=12)
    await later.run(8)
    back = later.core.drill
    assert back is not None
    assert back.came_back
    report = back.last(DrillKind.PROCESS)
    assert report is not None
    assert (report.verdict, report.problems) == (Verdict.PASSED, ())
    assert 12_000 <= report.lasted_ms <= 20_000
    assert report.unprotected_ms is None, "nobody looked while the program was away"
    first = next(one for one in report.stops if one.lot_id == stop.lot_id)
    assert (first.order_id, first.looks, first.covered) == (stop.order_id, 2, 2)
    assert (report.doubled_orders, report.doubled_entries) == (0, 0)
    told = await eventually(lambda: [one.words for one in later.notices if one.title == "Outage drill"])
    assert told == ["program is killed: passed. Config, Health shows what was measured."]
    third = await later.killed(after_s=5)
    await third.run(5)
    again = third.core.drill
    assert again is not None
    assert not again.came_back
    assert again.last(DrillKind.PROCESS) == report
    await third.close()


async def test_a_program_that_could_not_come_back_is_not_killed(tmp_path: Path) -> None:
    stage, drill = await stage_with_drill(tmp_path)
    assert isinstance(stage.restarter, Remembered)
    stage.restarter.problem = "no process can be started"
    said: list[str] = []
    stage.tasks.spawn(_kill(drill, said), "kill")
    await eventually(lambda: said)
    assert "no process can be started" in said[0]
    assert DrillFile(tmp_path / "drills.json", _no_write, WorkCounter()).load().pending is None
    await stage.close()


async def test_a_program_whose_notes_no_disk_takes_is_not_killed_and_says_so(tmp_path: Path) -> None:
    stage, drill = await stage_with_drill(tmp_path)
    assert isinstance(stage.restarter, Remembered)
    await asyncio.to_thread((tmp_path / "drills.json").mkdir)  # nothing can be put in its place
    said: list[str] = []
    stage.tasks.spawn(_kill(drill, said), "kill")
    await eventually(lambda: said)
    assert said[0].startswith("The program was not killed")
    assert stage.restarter.count == 0
    await stage.close()


async def test_without_a_position_it_proves_little_and_one_is_opened_on_wish(tmp_path: Path) -> None:
    stage, drill = await stage_with_drill(tmp_path)
    report = await Practice(stage, DrillKind.LINK, 5).report()
    assert (report.verdict, report.problems, report.before) == (Verdict.LITTLE, (), ())
    said: list[str] = []
    stage.tasks.spawn(_open_one(drill, said), "open one")
    await stage.run(3)
    assert said == ["BUY 1 MES Dec26 sent"]
    (lot,) = stage.core.lots.open_lots(SIM)
    assert [one.leaves_qty for one in stage.exits(OrderRole.STOP)] == [lot.open_qty] == [1]
    assert (await Practice(stage, DrillKind.LINK, 5).report()).verdict is Verdict.PASSED
    await stage.close()


async def test_a_stop_that_somebody_takes_away_meanwhile_fails_the_drill_by_the_measured_seconds(
    tmp_path: Path,
) -> None:
    stage, _ = await stage_with_drill(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    await stage.run(2)
    practice = Practice(stage, DrillKind.LINK, 20)
    await stage.run(3)
    (stop,) = stage.exits(OrderRole.STOP)
    await stage.venue.paper.cancel(SIM, stop.cl_ord_id)
    report = await practice.report()
    assert report.verdict is Verdict.FAILED
    assert report.unprotected_ms is not None
    assert 14_000 <= report.unprotected_ms <= 25_000
    assert any("without a stop of full size" in words for words in report.problems)
    await stage.close()


async def test_a_kill_ends_the_outage_at_once(tmp_path: Path) -> None:
    stage, drill = await stage_with_drill(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    practice = Practice(stage, DrillKind.LINK, 300)
    await stage.run(3)
    stage.core.kill.kill("by hand")
    stage.core.kill.flatten("by hand")
    report = await practice.report()
    assert report.lasted_ms < 5_000
    await stage.run(10)
    assert await stage.position() == 0
    assert drill.progress is None
    await stage.close()


async def test_it_can_be_ended_early_and_tells_how_it_goes_on(tmp_path: Path) -> None:
    stage, drill = await stage_with_drill(tmp_path)
    told: list[DrillChanged] = []
    stage.bus.subscribe(DrillChanged, told.append)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    practice = Practice(stage, DrillKind.LINK, 300)
    await stage.run(5)
    assert drill.progress is not None
    assert (drill.progress.is_broken, drill.progress.is_covered) == (True, True)
    assert drill.progress.blocked_code == "RECONCILING"
    assert drill.refusal(DrillKind.FEED, SIM) == "A drill is running."
    drill.end_early()
    report = await practice.report()
    assert report.lasted_ms < 7_000
    assert told[-1].progress is None
    assert {fact.progress.is_broken for fact in told if fact.progress is not None} == {True, False}
    await stage.close()


async def test_a_live_account_is_never_touched(tmp_path: Path) -> None:
    stage, drill = await stage_with_drill(tmp_path)
    now = stage.clock.now()
    states = [stage.core.accounts.state(SIM), AccountState(LIVE.account_id, TradingState.REDUCING, "ready", now)]
    stage.core.accounts.restore([stage.core.accounts.account(SIM), LIVE], states)
    stage.core.order_desk.attach(LIVE, stage.core.order_desk.broker_of(SIM))
    assert LIVE not in drill.accounts()
    for kind in DrillKind:
        assert "a LIVE account: a drill never touches it" in drill.refusal(kind, LIVE.account_id)
    assert isinstance(await drill.practise(DrillKind.LINK, LIVE.account_id, 5), str)
    assert stage.core.order_desk.is_linked(SIM)
    assert drill.refusal(DrillKind.LINK, SIM) == ""
    for kind in (DrillKind.FEED, DrillKind.PROCESS):
        assert drill.refusal(kind, SIM).startswith("Real would be without prices or without the program too")
    assert isinstance(await drill.practise(DrillKind.FEED, SIM, 5), str)
    assert (await drill.kill_program(SIM)).startswith("Real would be")
    assert isinstance(stage.restarter, Remembered)
    assert stage.restarter.count == 0
    assert drill.progress is None
    stage.core.accounts.restore([stage.core.accounts.account(SIM)], states[:1])
    await stage.close()


async def test_an_account_that_takes_no_entries_is_refused(tmp_path: Path) -> None:
    stage, drill = await stage_with_drill(tmp_path)
    stage.core.accounts.set_state(SIM, TradingState.HALTED, "look at it")
    assert drill.refusal(DrillKind.LINK, SIM).startswith("Sim is HALTED: look at it.")
    await stage.close()


async def test_without_any_price_there_is_nothing_to_silence_to_open_or_to_judge_an_entry_by(tmp_path: Path) -> None:
    stage = Stage(tmp_path, start=THURSDAY, linked=True, limits=WIDE, routing={}, restarter=Remembered())
    await stage.open()
    drill = stage.core.drill
    assert drill is not None
    assert drill.refusal(DrillKind.FEED, SIM) == "No prices have come in yet, so there is nothing to silence."
    said: list[str] = []
    stage.tasks.spawn(_open_one(drill, said), "open one")
    await stage.until(lambda: bool(said))
    assert said == ["MES Dec26 has no price now, so nothing was opened. Connect a feed first."]
    found = await Practice(stage, DrillKind.LINK, 5).report()
    assert (found.blocked_ms, found.blocked_code, found.verdict) == (None, "", Verdict.LITTLE)
    await stage.close()


async def test_a_simulator_that_does_not_answer_breaks_nothing_off(tmp_path: Path) -> None:
    stage, drill = await stage_with_drill(tmp_path)
    stage.venue.is_deaf = True
    answer = await Practice(stage, DrillKind.FEED, 5).answer()
    assert answer == "The simulator does not answer, so nothing was practised: the line is dead"
    assert drill.progress is None
    assert (await drill.kill_program(SIM)).endswith("it might not have come back: the line is dead")
    stage.venue.is_deaf = False
    await stage.quote("6326.25", "6326.50")
    quote = stage.core.board.quote(MES)
    assert quote is not None
    assert quote.bid == D("6326.25"), "prices come through"
    await stage.close()


async def test_books_that_differ_from_the_brokers_positions_are_named(tmp_path: Path) -> None:
    stage, drill = await stage_with_drill(tmp_path)
    assert await drill._findings(SIM).differences() == ()
    hold_elsewhere(stage.core.lots, SIM, MES, 3, stage.clock.now())
    stage.core.accounts.set_state(SIM, TradingState.REDUCING, "look at it")
    assert await drill._findings(SIM).differences() == (
        "MESZ6: +3 here, +0 at the broker", "the account is REDUCING now: look at it",
    )  # fmt: skip
    hold_elsewhere(stage.core.lots, SIM, MES, 0, stage.clock.now())
    await stage.close()


async def test_the_last_result_of_each_kind_is_kept_and_a_broken_file_counts_as_none(tmp_path: Path) -> None:
    store = DrillFile(tmp_path / "drills.json", _write, WorkCounter())
    assert store.load() == KeptDrills()
    stage, drill = await stage_with_drill(tmp_path)
    await phoned(stage, "phone-1", Side.BUY, 1, limit="6300.00")
    first = await Practice(stage, DrillKind.LINK, 5).report()
    second = await Practice(stage, DrillKind.LINK, 5).report()
    assert (drill.last(DrillKind.LINK), drill.last(DrillKind.FEED)) == (second, None)
    assert store.load() == KeptDrills((second,))
    assert first.started_at < second.started_at
    await stage.close()
    await asyncio.to_thread((tmp_path / "drills.json").write_text, '{"reports": [7]}')
    assert store.load() == KeptDrills()
    await asyncio.to_thread((tmp_path / "drills.json").write_bytes, b" " * 1_000_001)
    assert store.load() == KeptDrills()
    with pytest.raises(StoreFailed):
        await DrillFile(tmp_path / "drills.json", _no_write, WorkCounter()).save(KeptDrills((second,)))


LOT = HeldLot(LotId("L1"), MES, "JM", 1, D("6316"))
SEEN = StopSeen(LotId("L1"), MES, "JM", OrderId("7"), 1, D("6316"), 10, 10)


def report(**changes: Any) -> DrillReport:
    base = DrillReport(
        kind=DrillKind.LINK, account_id=SIM, account_name="Sim", started_at=THURSDAY, lasted_ms=20_000,
        recovered_ms=4_000, before=(LOT,), after=(LOT,), stops=(SEEN,), looks=10, fills=(), unprotected_ms=0,
        blocked_ms=20_000, blocked_code="RECONCILING", blocked_words="", orders_seen=2, doubled_orders=0,
        doubled_entries=0,
    )  # fmt: skip
    return replace(base, **changes)


@pytest.mark.parametrize(
    ("changes", "verdict", "words"),
    [
        ({}, Verdict.PASSED, ""),
        ({"before": ()}, Verdict.LITTLE, ""),
        ({"before": (replace(LOT, stop_price=None),)}, Verdict.LITTLE, ""),
        ({"unprotected_ms": 5_000}, Verdict.PASSED, ""),
        ({"unprotected_ms": 5_001}, Verdict.FAILED, "5.0 s without a stop of full size"),
        ({"unprotected_ms": None}, Verdict.PASSED, ""),
        (
            {"unprotected_ms": None, "stops": (replace(SEEN, covered=9),)}, Verdict.FAILED,
            "the stop of JM in MESZ6 was not always there",
        ),
        ({"doubled_orders": 1}, Verdict.FAILED, "1 orders stand at the broker more than once"),
        ({"doubled_entries": 2}, Verdict.FAILED, "2 alerts got a second entry"),
        ({"recovered_ms": None}, Verdict.FAILED, "it did not come back in order in the time allowed"),
        ({"blocked_ms": 0}, Verdict.FAILED, "entries were not refused meanwhile"),
        ({"blocked_ms": 0, "lasted_ms": 3_999}, Verdict.PASSED, ""),
        ({"blocked_ms": None}, Verdict.PASSED, ""),
        ({"differences": ("MESZ6: +1 here, +2 at the broker",)}, Verdict.FAILED, "MESZ6: +1 here, +2 at the broker"),
    ],
)  # fmt: skip
def test_the_verdict_follows_from_what_was_measured(changes: dict[str, Any], verdict: Verdict, words: str) -> None:
    judged_report = report(**changes)
    assert judged_report.verdict is verdict
    assert judged_report.problems == ((words,) if words else ())


@pytest.mark.parametrize(("times", "verdict"), [(0, Verdict.FAILED), (1, Verdict.PASSED), (2, Verdict.FAILED)])
def test_each_fill_must_be_booked_exactly_once(times: int, verdict: Verdict) -> None:
    fill = DrillFill(ExecId("x1"), MES, Side.SELL, 1, D("6330.00"), THURSDAY, None, times)
    found = report(fills=(fill,))
    assert found.verdict is verdict
    assert found.problems == (() if times == 1 else (f"the fill SELL 1 MESZ6 at 6330.00 was booked {times} times",))


async def _kill(drill: OutageDrill, said: list[str] | None = None) -> None:
    words = await drill.kill_program(SIM)
    if said is not None:
        said.append(words)


async def _open_one(drill: OutageDrill, said: list[str]) -> None:
    said.append(await drill.entries.open_one(SIM))


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _no_write(path: Path, data: bytes) -> None:
    raise OSError("the disk is full")

