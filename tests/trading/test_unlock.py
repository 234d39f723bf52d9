"""What opens a guarded account: the test order, every way in which it can fail, the sentence, and the way back."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support import hold_elsewhere
from tests.trading.stage import MES, SIM, Stage, open_stage
from tradestream_gui.domain.accounts import AccountKind, TradingState
from tradestream_gui.domain.ids import AccountId, InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import OrderRole, OrdStatus, Side
from tradestream_gui.ports.broker import LinkState, OrderReport
from tradestream_gui.ports.journal import AuditNote
from tradestream_gui.trading.unlock_test import NOTE, UnlockResult, UnlockStage

WHAT = "BUY 1 MES Dec26 at 6199.25"
SENTENCE = "TRADE FUNDED sim"
BEFORE_THE_OPEN = datetime(2026, 11, 22, 22, 58, tzinfo=UTC)
SPY_CALL = InstrumentId("SPY   261218C00600000")
Listed = tuple[OrderReport, ...]


async def guarded(folder: Path, *, start: datetime | None = None) -> Stage:
    """The stage's account as if a firm's money were in it: it only reduces until it is opened."""
    stage = await (open_stage(folder) if start is None else open_stage(folder, start=start))
    guard(stage)
    return stage


def guard(stage: Stage) -> None:
    book = stage.core.accounts
    book.restore([replace(book.account(SIM), kind=AccountKind.FUNDED)], [book.state(SIM)])
    assert book.state(SIM).reason == "entries need the sentence again"
    assert not book.may_open(SIM)


def contract(stage: Stage, instrument_id: InstrumentId = MES) -> Instrument:
    found = stage.core.reference.instrument(instrument_id)
    assert found is not None
    return found


async def outcome(stage: Stage, *, within_s: float = 40.0) -> UnlockResult:
    """What the test comes to; nothing of it works at the broker afterwards."""
    test = stage.core.entry_lock.test
    assert test.request(SIM, contract(stage)) == "placing 1 MES Dec26 far below the market, to be cancelled at once"
    ends = (UnlockStage.PASSED, UnlockStage.FAILED)
    await stage.until(lambda: test.result(SIM).stage in ends, within_s=within_s)
    return test.result(SIM)


def listing(stage: Stage, change: Callable[[Listed], Awaitable[Listed]]) -> None:
    """From now on the broker's list of orders is told through `change`."""
    listed = stage.venue.open_orders

    async def told(account_id: AccountId) -> Listed:
        return await change(await listed(account_id))

    stage.venue.open_orders = told  # type: ignore[method-assign]


async def test_a_test_that_passes_and_the_sentence_open_the_account_until_it_is_shut(tmp_path: Path) -> None:
    stage = await guarded(tmp_path)
    lock, book = stage.core.entry_lock, stage.core.accounts
    assert "is not run yet (the test has not been run)" in lock.missing(SIM)
    assert "not run yet" in lock.open(SIM, SENTENCE)
    found = await outcome(stage)
    assert found.stage is UnlockStage.PASSED
    assert found.words.startswith(f"{WHAT} worked at Simulator after ")
    assert stage.core.blotter.open_orders() == []
    assert lock.missing(SIM) == ""
    assert lock.open(SIM, "trade funded sim") == f"entries need exactly this sentence: {SENTENCE}"
    assert not book.may_open(SIM)
    assert lock.open(SIM, f" {SENTENCE} ") == ""
    assert book.may_open(SIM)
    assert book.is_opened(SIM)
    waiting = await stage.enter(Side.BUY, 1, limit="6320", stop="6310")
    assert lock.shut(SIM) == "sim takes no entries; 1 working cancelled, positions keep their stops"
    await stage.run(2)
    assert stage.order(waiting.cl_ord_id).ord_status is OrdStatus.CANCELED
    assert not book.may_open(SIM)
    await stage.close()


async def test_an_account_without_a_guard_is_opened_by_hand_alone(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.core.accounts.set_state(SIM, TradingState.REDUCING, "a fill after a cancel")
    assert stage.core.entry_lock.missing(SIM) == ""
    assert stage.core.entry_lock.open(SIM, "") == ""
    assert stage.core.accounts.may_open(SIM)
    assert stage.core.entry_lock.test.request(SIM, contract(stage)) == "Sim is a SIMULATOR account and needs no test"
    await stage.close()


async def test_an_account_that_is_barred_is_opened_by_nothing(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    book, why = stage.core.accounts, "its database was written by a newer program"
    book.bar(replace(book.account(SIM), kind=AccountKind.LIVE), why)
    assert stage.core.entry_lock.open(SIM, "TRADE LIVE sim") == why
    book.set_state(SIM, TradingState.ACTIVE, "tried all the same")
    stage.core.order_desk.on_link("paper", LinkState.DOWN, "connection reset")
    await stage.run(30)
    assert book.state(SIM).reason == why, "it is compared with no broker either"
    assert book.state(SIM).trading_state is TradingState.HALTED
    await stage.close()


async def test_a_broker_that_is_not_connected_proves_nothing(tmp_path: Path) -> None:
    stage = await guarded(tmp_path)
    stage.core.order_desk.on_link("paper", LinkState.DOWN, "connection reset")
    assert stage.core.entry_lock.missing(SIM) == (
        "Simulator is not connected, and only its log-in proves what sim is"
    )
    assert stage.core.entry_lock.test.request(SIM, contract(stage)) == "Simulator is not connected"
    await stage.close()


async def test_what_speaks_against_a_test_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    stage = await guarded(tmp_path)
    test = stage.core.entry_lock.test
    option = contract(stage, SPY_CALL)
    assert test.request(SIM, option).endswith("is an option; take a future or a share")
    unpriced = stage.core.reference.resolve("MNQ", stage.clock.now())
    assert unpriced is not None
    assert test.request(SIM, unpriced).startswith("there is no fresh price of MNQ Dec26")
    stage.core.kill.kill("KILL pressed")
    assert test.request(SIM, contract(stage)) == "the account is LOCKED: KILL pressed"
    assert stage.venue.placed == []
    await stage.close()


@pytest.mark.parametrize("is_ours", [True, False], ids=["a lot of ours", "held from elsewhere"])
async def test_a_contract_that_is_held_is_not_taken_for_the_test(tmp_path: Path, is_ours: bool) -> None:
    stage = await open_stage(tmp_path)
    if is_ours:
        await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    else:
        hold_elsewhere(stage.core.lots, SIM, MES, 2, stage.clock.now())
    guard(stage)
    assert stage.core.entry_lock.test.request(SIM, contract(stage)) == (
        "MES Dec26 is held in this account; take a contract in which nothing is open"
    )
    await stage.close()


async def test_a_refusal_is_told_in_the_brokers_words_and_the_test_may_be_run_again(tmp_path: Path) -> None:
    stage = await guarded(tmp_path)
    stage.venue.refuse[OrderRole.ENTRY] = 1
    found = await outcome(stage)
    assert found.words == f"{WHAT}: the broker refused it: ENTRY orders are refused today"
    assert "is failed" in stage.core.entry_lock.open(SIM, SENTENCE)
    assert (await outcome(stage)).stage is UnlockStage.PASSED
    await stage.close()


async def test_a_test_that_a_kill_overtakes_sends_nothing(tmp_path: Path) -> None:
    stage = await guarded(tmp_path)
    test = stage.core.entry_lock.test
    test.request(SIM, contract(stage))
    stage.core.kill.kill("KILL pressed")
    await stage.until(lambda: test.result(SIM).stage is UnlockStage.FAILED)
    assert test.result(SIM).words == (
        f"{WHAT}: it was not sent: the account became LOCKED before it was sent: KILL pressed"
    )
    assert stage.venue.placed == []
    await stage.close()


async def test_no_answer_in_time_fails_the_test_and_says_where_to_look(tmp_path: Path) -> None:
    stage = await guarded(tmp_path)
    stage.venue.lose_before[OrderRole.ENTRY] = 1
    stage.venue.is_deaf = True
    found = await outcome(stage)
    assert found.words == (
        f"{WHAT}: it did not work within 15 s (UNCERTAIN): look for it at the broker and cancel it there"
    )
    stage.venue.is_deaf = False
    await stage.run(60)
    await stage.close()


async def test_an_order_that_ends_by_itself_fails_the_test(tmp_path: Path) -> None:
    stage = await guarded(tmp_path)
    place = stage.venue.place

    async def place_and_take_away(order: Any) -> None:
        await place(order)
        await stage.venue.paper.cancel(SIM, order.cl_ord_id)

    stage.venue.place = place_and_take_away  # type: ignore[method-assign]
    found = await outcome(stage)
    assert found.stage is UnlockStage.FAILED
    assert found.words.startswith(f"{WHAT}: it ended as CANCELED")
    await stage.close()


async def test_a_fill_that_nobody_wanted_fails_the_test_and_is_closed(tmp_path: Path) -> None:
    stage = await guarded(tmp_path)

    async def falls(listed: Listed) -> Listed:
        if await stage.position() == 0 and listed:
            assert stage.feed.sink is not None
            quote = stage.core.board.quote(MES)
            assert quote is not None
            stage.feed.sink.on_quote(replace(quote, bid=Decimal(6190), ask=Decimal("6190.25"), last=Decimal(6190)))
        return listed

    listing(stage, falls)
    found = await outcome(stage)
    assert found.stage is UnlockStage.FAILED
    assert "it was filled at 61" in found.words
    assert found.words.endswith("and is being closed at the market")
    await stage.run(5)
    assert await stage.position() == 0
    assert stage.core.lots.net_qty(SIM, MES) == 0
    await stage.close()


async def lacks(listed: Listed) -> Listed:
    return ()


async def at_another_price(listed: Listed) -> Listed:
    return tuple(replace(report, limit_price=Decimal(6100)) for report in listed)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lacks, "the broker told that it works, but its list of orders lacks it"),
        (at_another_price, "it stands otherwise at the broker: BUY 1 MESZ6 at 6100"),
    ],
)
async def test_a_list_that_shows_something_else_fails_the_test(
    tmp_path: Path, change: Callable[[Listed], Awaitable[Listed]], words: str
) -> None:
    stage = await guarded(tmp_path)
    listing(stage, change)
    assert (await outcome(stage)).words == f"{WHAT}: {words}"
    await stage.run(2)
    assert stage.core.blotter.open_orders() == []
    await stage.close()


async def test_an_order_that_the_list_still_has_after_its_cancel_fails_the_test(tmp_path: Path) -> None:
    stage = await guarded(tmp_path)
    seen: list[Listed] = []

    async def remembers(listed: Listed) -> Listed:
        seen.append(listed)
        return seen[0]

    listing(stage, remembers)
    assert (await outcome(stage)).words == (
        f"{WHAT}: the broker told that it is cancelled, but its list of orders still has it"
    )
    await stage.close()


async def test_a_list_that_does_not_come_fails_the_test(tmp_path: Path) -> None:
    stage = await guarded(tmp_path)
    place = stage.venue.place

    async def place_and_fall_deaf(order: Any) -> None:
        await place(order)
        stage.venue.is_deaf = True

    stage.venue.place = place_and_fall_deaf  # type: ignore[method-assign]
    found = await outcome(stage)
    assert found.words == f"{WHAT}: the broker's list of orders was not given: the line is dead"
    stage.venue.is_deaf = False
    await stage.run(40)
    assert stage.core.blotter.open_orders() == [], "its cancel is asked for again"
    await stage.close()


async def test_a_test_on_a_closed_market_waits_for_the_open_and_a_price(tmp_path: Path) -> None:
    stage = await guarded(tmp_path, start=BEFORE_THE_OPEN)
    test = stage.core.entry_lock.test
    words = "MES Dec26 is closed: the test runs when it opens and the program runs"
    assert test.request(SIM, contract(stage)) == words
    await stage.run(20)
    stage.feed.is_silent = True
    await stage.run(220)
    assert stage.venue.placed == []
    assert test.result(SIM).stage is UnlockStage.QUEUED, "it is open, but no price has come for minutes"
    stage.feed.is_silent = False
    await stage.quote("6326.00", "6326.25")
    await stage.until(lambda: test.result(SIM).stage is UnlockStage.PASSED)
    await stage.close()


async def test_a_queued_test_whose_contract_is_held_by_then_is_taken_out(tmp_path: Path) -> None:
    stage = await guarded(tmp_path, start=BEFORE_THE_OPEN)
    test = stage.core.entry_lock.test
    test.request(SIM, contract(stage))
    hold_elsewhere(stage.core.lots, SIM, MES, 2, stage.clock.now())
    await stage.run(40)
    assert "MES Dec26 is held in this account" in test.result(SIM).words
    assert stage.venue.placed == []
    await stage.close()


async def test_a_queued_test_is_taken_out_when_entries_are_shut(tmp_path: Path) -> None:
    stage = await guarded(tmp_path, start=BEFORE_THE_OPEN)
    test = stage.core.entry_lock.test
    test.request(SIM, contract(stage))
    assert stage.core.entry_lock.shut(SIM).startswith("sim takes no entries; 0 working cancelled")
    assert test.result(SIM).words == "taken out of the queue"
    await stage.run(300)
    assert stage.venue.placed == []
    await stage.close()


async def test_a_second_request_while_it_runs_changes_nothing(tmp_path: Path) -> None:
    stage = await guarded(tmp_path)
    test = stage.core.entry_lock.test
    test.request(SIM, contract(stage))
    assert test.request(SIM, contract(stage)) == "the test is running"
    await stage.until(lambda: test.result(SIM).stage is UnlockStage.PASSED)
    assert len(stage.venue.placed) == 1
    await stage.close()


async def test_a_result_outlives_a_restart_but_not_a_restore(tmp_path: Path) -> None:
    stage = await guarded(tmp_path)
    assert (await outcome(stage)).stage is UnlockStage.PASSED
    later = await stage.killed()
    test = later.core.entry_lock.test
    assert test.result(SIM).stage is UnlockStage.PASSED
    at, other = later.clock.now(), AccountId("U1")
    test.restore(
        [
            AuditNote(at, "program", NOTE, "TSPZZZZ-7-E passed: in another database", other),
            AuditNote(at, "program", NOTE, "TSPZZZZ-6-E failed: an older one", other),
            AuditNote(at, "program", NOTE, "TSPZZZZ-6-E failed: of no account", None),
            AuditNote(at, "program", "SOMETHING_ELSE", "TSPZZZZ-5-E passed: no result", AccountId("U2")),
        ]
    )
    assert test.result(other) == UnlockResult(
        UnlockStage.NEVER, "passed before the database was restored or replaced: run it again", at
    )
    assert test.result(AccountId("U2")).words == "the test has not been run"
    await later.close()
