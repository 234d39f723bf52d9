"""A live account in the whole program: its own database, shut until the evidence is there, never mixed with paper."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.stories.live_life import CODE, LIVE, SENTENCE, SIM, LiveLife, living, serving, settings_for
from tradestream_gui.adapters.storage.offline import read_state
from tradestream_gui.domain.accounts import AccountKind, TradingState
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.orders import OrderRole, OrdStatus
from tradestream_gui.dry_run_stage import dry_settings
from tradestream_gui.trading import unlock_test
from tradestream_gui.trading.unlock_test import UnlockStage
from tradestream_gui.upkeep.settings.rerouting import rerouted

D = Decimal
TEST_ORDERS = 1
"""What the unlock test has placed."""
TABLES = ("orders", "order_events", "fills", "exit_plans", "exit_plan_events", "accounts", "account_states",
          "account_state_events", "balances")  # fmt: skip


def accounts_in(path: Path) -> set[str]:
    """Whose rows a database holds, by SQLite alone."""
    with closing(sqlite3.connect(path)) as file:
        found = {row[0] for table in TABLES for row in file.execute(f"SELECT account_id FROM {table}")}  # noqa: S608  # ours
        found |= {row[0] for row in file.execute("SELECT account_id FROM decisions WHERE account_id <> ''")}
        return found | {row[0] for row in file.execute("SELECT account_id FROM audit WHERE account_id <> ''")}


def state(life: LiveLife) -> tuple[TradingState, str]:
    found = life.core.accounts.state(LIVE)
    return found.trading_state, found.reason


async def test_live_account_shows_what_it_has_and_opens_nothing_until_it_is_unlocked(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        await life.compared()
        account = life.core.accounts.account(LIVE)
        assert (account.kind, account.broker) == (AccountKind.LIVE, "ibkr live")
        balance = life.core.accounts.balance(LIVE)
        assert balance is not None
        assert balance.cash == D(500_000)
        assert state(life) == (TradingState.REDUCING, "entries need the sentence again")
        refused = await life.enter()
        assert refused.decision.code == "REDUCE_ONLY"
        assert "entries need the sentence again" in refused.words
        assert refused.order.ord_status is OrdStatus.DENIED
        life.hear("ES long 6326: B\nStop: 6316", 1)
        await asyncio.sleep(0.5)
        assert life.server.orders_taken() == 0


async def test_sentence_without_the_test_opens_nothing_and_so_does_every_other_way(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        await life.compared()
        lock, accounts = life.core.entry_lock, life.core.accounts
        assert lock.open(LIVE, SENTENCE) == (
            f"the unlock test of {CODE} is not run yet (the test has not been run); see Config, Accounts & brokers"
        )
        accounts.release(LIVE, "resumed by hand")
        assert accounts.state(LIVE).trading_state is TradingState.REDUCING
        accounts.set_state(LIVE, TradingState.ACTIVE, "ready")
        assert accounts.state(LIVE).trading_state is TradingState.REDUCING
        assert (await life.tested()).stage is UnlockStage.PASSED
        assert lock.open(LIVE, "TRADE LIVE sim") == f"entries need exactly this sentence: {SENTENCE}"
        assert accounts.state(LIVE).trading_state is TradingState.REDUCING
        assert lock.open(LIVE, SENTENCE) == ""
        assert accounts.state(LIVE).trading_state is TradingState.ACTIVE


async def test_unlock_test_is_seen_by_the_broker_and_kept_with_its_time_and_its_order(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        await life.compared()
        found = await life.tested()
        assert found.stage is UnlockStage.PASSED
        assert found.words.startswith("BUY 1 ES Dec26 at 6199.25 worked at IBKR live after ")
        (order,) = life.server.exchange.orders
        assert (order.terms.action, order.terms.lmt, order.terms.qty) == ("BUY", D("6199.25"), 1)
        assert not life.server.exchange.working()
        epoch = life.storage.live.epoch if life.storage.live else ""
        assert order.terms.order_ref == f"TSL{epoch}-1"
        assert epoch != life.storage.paper.epoch
        notes = [note for note in await life.core.journal.audit_notes(50) if note.kind == "UNLOCK_TEST"]
        assert [(note.account_id, note.words.split(": ")[0]) for note in notes] == [(LIVE, f"TSL{epoch}-1 passed")]
        assert life.held() == life.held_there() == 0


async def test_trade_in_the_live_account_lies_in_live_db_alone_and_the_simulators_in_paper_db(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        await life.unlocked()
        life.hear("ES long 6326: B\nStop: 6316", 1)
        await life.until(lambda: life.held() == 2 and life.held_there() == 2, "the alert is traded live")
        assert (await life.enter(SIM)).is_sent
        await life.until(lambda: life.held(SIM) == 1, "the simulator has filled")
        live = [order for order in life.core.blotter.orders() if order.account_id == LIVE]
        paper = [order for order in life.core.blotter.orders() if order.account_id == SIM]
        epoch = life.storage.live.epoch if life.storage.live else ""
        assert all(order.cl_ord_id.startswith(f"TSL{epoch}-") for order in live)
        assert all(order.lot_id.startswith(f"LTL{epoch}-") for order in live)
        assert all(order.cl_ord_id.startswith(f"TSP{life.storage.paper.epoch}-") for order in paper)
        life.core.kill.flatten("test")
        await life.until(lambda: life.held() == life.held_there() == life.held(SIM) == 0, "both flat")
        paths = life.paths
    assert accounts_in(paths.live_db) == {CODE}
    assert accounts_in(paths.paper_db) == {"sim"}
    kept, other = read_state(paths.live_db), read_state(paths.paper_db)
    (revision,) = kept.messages
    assert revision == other.messages[0]
    traded = [decision for decision in kept.decisions if decision.account_id == LIVE]
    assert traded
    entries = [order for order in kept.orders if order.role is OrderRole.ENTRY and order.origin.message_key]
    assert [order.origin.message_key for order in entries] == [revision.message_key]
    assert not [decision for decision in other.decisions if decision.account_id == LIVE]


async def test_alert_of_an_unproven_analyst_opens_nothing_live_and_goes_back_to_paper_by_its_route(
    tmp_path: Path,
) -> None:
    async with living(tmp_path, proven=False) as life:
        await life.unlocked()
        life.hear("ES long 6326: B\nStop: 6316", 1)
        await life.until(lambda: life.core.alerts.decision(MessageKey("test:futures:m1")), "it is decided")
        decision = life.core.alerts.decision(MessageKey("test:futures:m1"))
        assert decision is not None
        assert (decision.outcome, decision.code) == (Outcome.REFUSED, "GO_LIVE")
        assert decision.words == (
            "ES Dec26: 2 denied: JM is not proven on paper yet: 0 of 20 paper trades closed; 0 of 5 paper days in a "
            "row without a difference; no outage drill passed in 30 days. Let it trade on paper until then; "
            "Config, Accounts & brokers shows what is missing."
        )
        assert life.server.orders_taken() == TEST_ORDERS
        assert (await life.enter()).is_sent
        await life.until(lambda: life.held() == 1, "an order by hand does not wait for that")
        values = rerouted(life.core.settings.current, CODE, "sim")
        await life.core.settings.apply(life.core.settings.propose(values))
        life.prices()
        life.hear("ES short 6326: B\nStop: 6336", 2)
        await life.until(lambda: life.held(SIM) == -2, "the next alert trades on paper")


async def test_position_made_elsewhere_is_shown_adopted_protected_and_closed_while_shut(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        await life.compared()
        life.server.exchange.trade_by_hand(life.server.contracts.by_local_symbol("ESZ6"), "BUY", 2)
        es = life.contract().instrument_id
        await life.until(lambda: life.core.lots.external_qty(LIVE, es) == 2, "it is shown as external")
        said = await life.core.hand.adoption.adopt(LIVE, es, D("6316"))
        assert "adopted" in said
        await life.until(
            lambda: [order.terms.ord_type for order in life.server.exchange.working()] == ["STP"], "its stop works"
        )
        assert life.core.accounts.state(LIVE).trading_state is TradingState.REDUCING
        (lot,) = life.core.lots.open_lots(LIVE)
        life.prices()
        life.core.exits.close(lot.lot_id, 2, "by hand")
        await life.until(lambda: life.held() == life.held_there() == 0, "closed")
        assert not life.server.exchange.working()


@pytest.mark.parametrize("held", [False, True], ids=["flat", "with a position"])
async def test_killed_live_program_wakes_shut_with_all_it_knew_and_nothing_twice(tmp_path: Path, *, held: bool) -> None:
    server, clock = await serving()
    first = await LiveLife(tmp_path, server, clock).open()
    try:
        await first.unlocked()
        if held:
            assert (await first.enter()).is_sent
            await first.until(lambda: first.held() == 1 and len(server.exchange.working()) == 1, "held with its stop")
        taken = server.orders_taken()
    finally:
        await first.die()
    second = await LiveLife(tmp_path, server, clock).open()
    try:
        await second.compared()
        assert state(second)[0] is TradingState.REDUCING
        assert second.core.entry_lock.test.result(LIVE).stage is UnlockStage.PASSED
        assert second.held() == second.held_there() == int(held)
        assert server.orders_taken() == taken
        refused = await second.enter()
        assert refused.decision.code == "REDUCE_ONLY"
        assert server.orders_taken() == taken
        assert second.core.entry_lock.open(LIVE, SENTENCE) == ""
        assert state(second)[0] is TradingState.ACTIVE
    finally:
        await second.close()
        await server.stop()
    assert accounts_in(second.paths.live_db) == {CODE}
    assert CODE not in accounts_in(second.paths.paper_db)


async def test_lost_link_shuts_nothing_for_good_and_opens_only_what_was_open(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        await life.unlocked()
        life.server.drop(reset=True)
        await life.until(lambda: state(life)[0] is TradingState.RECONCILING, "no entries while the link is down")
        await life.until(lambda: state(life)[0] is TradingState.ACTIVE, "compared and open again in the same run")
        life.core.kill.kill("KILL pressed")
        life.server.drop(reset=True)
        await life.until(lambda: not life.core.order_desk.is_linked(LIVE), "down")
        life.core.accounts.release(LIVE, "resumed by hand")
        assert state(life)[0] is TradingState.RECONCILING, "what was not compared is compared first"
        await life.until(lambda: state(life)[0] is TradingState.ACTIVE, "compared")


async def test_back_to_paper_shuts_entries_and_cancels_those_that_work(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        await life.unlocked()
        assert (await life.enter(limit="6300.00", stop="6290")).is_sent
        await life.until(lambda: len(life.server.exchange.working()) == 1, "an entry works")
        assert life.core.entry_lock.shut(LIVE) == (
            f"{CODE} takes no entries; 1 working cancelled, positions keep their stops"
        )
        await life.until(lambda: not life.server.exchange.working(), "cancelled")
        assert (await life.enter()).decision.code == "REDUCE_ONLY"


async def test_paper_code_at_the_live_port_is_refused_by_name(tmp_path: Path) -> None:
    server, clock = await serving("DU7654321")
    life = await LiveLife(tmp_path, server, clock, settings_for(server.port)).open()
    try:
        words = "this log-in has the accounts DU7654321; U7654321 is not among them"
        await life.until(lambda: any(words in notice.words for notice in life.notices), "the log-in is refused")
        assert state(life)[0] is TradingState.RECONCILING
        assert "is not connected" in life.core.entry_lock.missing(LIVE)
    finally:
        await life.close()
        await server.stop()


async def test_kill_in_the_middle_of_the_unlock_test_leaves_no_order_and_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unlock_test, "ORDER_LIFE", timedelta(seconds=4))
    server, clock = await serving()
    first = await LiveLife(tmp_path, server, clock).open()
    try:
        await first.compared()
        arrives = asyncio.create_task(server.order_arrives())
        await asyncio.sleep(0)
        first.core.entry_lock.test.request(LIVE, first.contract())
        await arrives
    finally:
        await first.die()
    assert len(server.exchange.working()) == 1
    second = await LiveLife(tmp_path, server, clock).open()
    try:
        await second.compared()
        assert second.core.entry_lock.test.result(LIVE).stage is UnlockStage.NEVER
        await second.until(lambda: not server.exchange.working(), "the order that was left is cancelled")
        assert server.orders_taken() == 1
        assert second.held() == second.held_there() == 0
    finally:
        await second.close()
        await server.stop()


def test_dry_run_of_a_profile_with_a_live_account_reaches_no_broker() -> None:
    dry = dry_settings(settings_for(7496))
    assert {(row.id, row.kind, row.broker) for row in dry.accounts} == {
        ("sim", AccountKind.SIMULATOR, "paper"),
        (CODE, AccountKind.SIMULATOR, "paper"),
    }
