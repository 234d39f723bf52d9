"""`--messages FILE`: recorded messages fill the desk and the store, and each trade leads back to its message."""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tradestream_gui.adapters.storage.offline import read_state
from tradestream_gui.cli import Launch, build_parser, launch_from, main
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.orders import OrderRole
from tradestream_gui.paths import Paths
from tradestream_gui.ports.journal import StoredState
from tradestream_gui.replay.recorder import ReplayRecorder
from tradestream_gui.replay.results import ReplayResult
from tradestream_gui.startup import open_profile

ROWS = [
    ("2018-03-05", "", "ann", "$TSLA 330c 3/9 in at 3.30, stop 2.60"),
    ("2026-08-19 10:20:23", "pit", "ann", "ES long 6480 stop 6470 target 6487"),
    ("2026-08-19 10:20:40", "pit", "bob", "morning everyone"),
    ("2026-08-19 10:21:00", "pit", "bob", "BTO AAPL 235c 8/21 @ 1.20"),
    ("2026-08-19 10:40:00", "pit", "bob", "STC AAPL 235c 8/21 @ 1.80"),
    ("2026-08-19 10:50:00", "pit", "bob", "BTO SPY 600c 1/17/25 @ 2.00"),
    ("2026-08-22", "den", "cyd", "BTO NVDA 180c 8/28 @ 2.00"),
]


@dataclass(frozen=True, slots=True)
class Played:
    result: ReplayResult
    stored: StoredState
    state: TradingState


ENDED_BY_AUTHOR = ("CALLED_OFF", "CORRECTED")
"""Why a card that waited needs no answer any more: its author ended or corrected the call."""


def launch_of(path: Path, folder: Path) -> Launch:
    return launch_from(build_parser().parse_args(["--messages", str(path), "--data-dir", str(folder)]))


async def played(path: Path, folder: Path) -> Played:
    launch = launch_of(path, folder)
    paths = Paths.for_profile(launch.profile, data_dir=launch.data_dir)
    paths.create()
    opened = await open_profile(launch, paths)
    opened.clock.speed = None  # type: ignore[attr-defined]  # a virtual clock, as fast as it goes
    recorder = ReplayRecorder(opened.running.core)
    await opened.start()
    await opened.drive()
    result = recorder.result()
    state = opened.running.core.accounts.state(opened.running.core.accounts.accounts()[0].account_id)
    await opened.close()
    return Played(result, read_state(paths.paper_db), state.trading_state)


def write(folder: Path) -> Path:
    path = folder / "room.jsonl"
    rows = [
        {"id": str(number), "ts": ts, "channel": channel, "author": author, "text": text, "reply_to": None}
        for number, (ts, channel, author, text) in enumerate(ROWS, 1)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def assert_traceable(found: Played) -> None:
    """Message -> decision -> order -> fill -> trade, from the store alone, with sums that agree."""
    stored = found.stored
    keys = {message.message_key for message in stored.messages}
    told: dict[str, list[Decision]] = {key: [] for key in keys}
    for decision in stored.decisions:
        told[decision.message_key].append(decision)
    for decisions in told.values():
        assert decisions, "every message is decided"
        first, *later = decisions
        assert not later or first.outcome is Outcome.HELD, "only what waited for a person is decided again"
        assert [(one.outcome, one.code in ENDED_BY_AUTHOR) for one in later] == [(Outcome.SKIPPED, True)] * len(later)
        assert len(later) <= 1
    orders = {order.cl_ord_id: order for order in stored.orders}
    assert all(order.origin.message_key in keys for order in orders.values())
    assert all(fill.cl_ord_id in orders for fill in stored.fills)
    by_lot: dict[str, set[str]] = {}
    for fill in stored.fills:
        by_lot.setdefault(fill.lot_id, set()).add(fill.exec_id)
    entries = [order for order in stored.orders if order.role is OrderRole.ENTRY]
    opened_by = {order.lot_id: order.origin.message_key for order in reversed(entries)}
    traded = {decision.message_key for decision in stored.decisions if decision.outcome is Outcome.TRADED}
    for trade in found.result.trades:
        assert by_lot[trade.lot_id]
        assert trade.origin.message_key in traded
        assert opened_by[trade.lot_id] == trade.origin.message_key
        fills = [fill for fill in stored.fills if fill.lot_id == trade.lot_id]
        cash = -sum(fill.signed_qty * fill.last_px for fill in fills) * trade.point_value
        assert cash - sum(fill.commission for fill in fills) == trade.net


async def test_old_rooms_trade_at_their_own_prices_on_their_own_dates(tmp_path: Path) -> None:
    found = await played(write(tmp_path), tmp_path / "home")
    assert found.state is TradingState.ACTIVE
    decisions = {each.message.message_key.rpartition(":")[2]: each for each in found.result.messages}
    outcomes = {number: each.decision.outcome for number, each in decisions.items() if each.decision}
    assert len(outcomes) == len(ROWS)
    assert all(each.decision_count == 1 for each in decisions.values())
    assert outcomes["2"] is outcomes["4"] is Outcome.TRADED
    assert outcomes["3"] is Outcome.IGNORED
    assert outcomes["6"] is Outcome.HELD, "a date that has passed names no contract"
    assert outcomes["7"] in (Outcome.REFUSED, Outcome.HELD), "a Saturday has no market"
    assert decisions["1"].message.sent_at.date() == datetime(2018, 3, 5, tzinfo=UTC).date()
    assert_traceable(found)


def test_the_profile_is_a_demo_of_its_own(tmp_path: Path) -> None:
    launch = launch_of(write(tmp_path), tmp_path)
    assert (launch.demo, launch.profile) == (True, "demo-messages")


def test_the_console_plays_the_file_to_its_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps({"id": 1, "text": "hello", "ts": "2026-08-19", "channel": "", "author": "ann"}) + "\n")
    home = str(tmp_path / "home")
    assert main(["--headless", "--messages", str(path), "--data-dir", home, "--seconds", "1"]) == 0
    assert "Summary: messages " in capsys.readouterr().out


def test_a_broken_message_file_is_refused_with_its_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "1", "text": "hello", "ts": "soon"}\n')
    assert main(["--headless", "--messages", str(path), "--data-dir", str(tmp_path / "home"), "--seconds", "1"]) == 1
    assert "bad.jsonl: row 1" in capsys.readouterr().err


@pytest.fixture(scope="module")
def whole_corpus(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Played:
    return asyncio.run(played(shared / "alerts" / "dev.jsonl", tmp_path_factory.mktemp("corpus")))


def test_real_messages_each_get_one_decision_and_every_trade_leads_back(whole_corpus: Played) -> None:
    messages = whole_corpus.result.messages
    assert len(messages) == 697
    assert len(whole_corpus.stored.messages) == 697
    assert len({decision.message_key for decision in whole_corpus.stored.decisions}) == 697
    assert whole_corpus.state is TradingState.ACTIVE, "nothing failed on the way"
    assert len(whole_corpus.result.trades) >= 20
    open_ids = [each.lot.instrument_id for each in whole_corpus.result.open_lots]
    assert not any("260821" in instrument_id for instrument_id in open_ids), "the last bells closed what expired"
    assert_traceable(whole_corpus)
