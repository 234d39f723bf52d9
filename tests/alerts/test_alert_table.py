"""The boundary table of what is judged before the rails: age, edits, repeats, and a route that says paper."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.adapters.storage.records import NOON, message
from tests.alerts.reading import read
from tests.domain.test_risk_codes import codes_of
from tests.domain.test_risk_table import NONE, TICK, Judge, Row, answers
from tests.trading.stage import MES, reference_data
from tradestream_gui.alerts.desk import judgement, release, signals
from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.ids import AnalystId, MessageKey
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.policies import Mode
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.policies import execution_policy

TEXT = "ES long 6326: A\nStop: 6316"
POSTED = message(1, TEXT)
READING = read(TEXT)
EXECUTION = replace(execution_policy(first_settings()), edit_may_trade_within=timedelta(seconds=10))
LIMIT, WINDOW = timedelta(seconds=30), EXECUTION.duplicate_window
ROUTE: Any = SimpleNamespace(limits=SimpleNamespace(alert_max_age=LIMIT), account_id="sim")
JM, ANN = AnalystId("jm"), AnalystId("ann")
SIGNAL = signals.Signal(JM, "ES 2026-12-18", Side.BUY, None)
FIRST, SECOND = MessageKey("test:1:1"), MessageKey("test:1:2")
NEXT_DAY = NOON.date() + timedelta(days=1)


def by_age(code: str) -> Judge:
    def judge(age: timedelta) -> bool:
        verdict = judgement.timeliness(replace(POSTED, received_at=NOON + age, sent_at=NOON), READING, ROUTE, EXECUTION)
        return verdict is None or verdict.code != code

    return judge


def by_edit(code: str, earlier: Outcome | None) -> Judge:
    before = None if earlier is None else SimpleNamespace(outcome=earlier, code="")

    def judge(age: timedelta) -> bool:
        edit = replace(POSTED, received_at=NOON + age, sent_at=NOON, arrival=Arrival.EDIT)
        known: Decision | None = before  # type: ignore[assignment]  # of a decision, what is asked here
        hold = judgement.after_edit(edit, READING, ROUTE, known, EXECUTION)
        return hold is None or hold.code != code

    return judge


def of_decided(outcome: Outcome) -> bool:
    return by_edit("EDITED_LATE", outcome)(timedelta(seconds=1))


def heard() -> signals.SignalMemory:
    memory = signals.SignalMemory(WINDOW)
    memory.remember(SIGNAL, TEXT, FIRST, NOON, NOON.date())
    return memory


def same_signal(after: timedelta) -> bool:
    """On the next trade date, where only the window counts."""
    return heard().check(SIGNAL, SECOND, NOON + after, NEXT_DAY)[1] is None


def same_day(day: Any) -> bool:
    """Long after the window."""
    return heard().check(SIGNAL, SECOND, NOON + 2 * WINDOW, day)[1] is None


def same_words(analyst_id: AnalystId) -> Judge:
    return lambda after: heard().echo(TEXT, analyst_id, SECOND, NOON + after) is None


def released(kind: AccountKind = AccountKind.SIMULATOR) -> release.Release:
    ask: Any = SimpleNamespace(account_kind=lambda _: kind)
    return release.Release(ask, ask, EXECUTION)


def on_paper(kind: AccountKind) -> bool:
    return released(kind).mismatch(SimpleNamespace(mode=Mode.PAPER, account_id="sim")) is None  # type: ignore[arg-type]  # of a route, what is asked here


def mode_of_real_money(mode: Mode) -> bool:
    return released(AccountKind.LIVE).mismatch(SimpleNamespace(mode=mode, account_id="sim")) is None  # type: ignore[arg-type]  # as above


def entry_that_stands(after: timedelta) -> bool:
    instrument = reference_data().instrument(MES)
    lot = SimpleNamespace(opened_at=NOON, side=Side.BUY)
    entry: Any = SimpleNamespace(instrument=instrument, ticket=SimpleNamespace(side=Side.BUY))
    book: Any = SimpleNamespace(positions=[SimpleNamespace(lot=lot, instrument=instrument)], pending=[])
    return released()._repost(entry, book, NOON + after) is None


TABLE: tuple[Row, ...] = (
    ("ALERT_TOO_OLD age", by_age("ALERT_TOO_OLD"), LIMIT - TICK, LIMIT, LIMIT + TICK, NONE, NONE, "pass pass deny - -"),
    ("ALERT_TOO_OLD age in days", by_age("ALERT_TOO_OLD"),
     NONE, timedelta(days=1), timedelta(days=1, seconds=1), NONE, NONE, "- deny deny - -"),
    ("ALERT_FROM_FUTURE age", by_age("ALERT_FROM_FUTURE"),
     TICK - EXECUTION.future_tolerance, -EXECUTION.future_tolerance, -EXECUTION.future_tolerance - TICK, NONE, NONE,
     "pass pass deny - -"),
    ("EDITED_IN age", by_edit("EDITED_IN", Outcome.IGNORED),
     timedelta(seconds=10) - TICK, timedelta(seconds=10), timedelta(seconds=10) + TICK, NONE, NONE,
     "pass pass deny - -"),
    ("EDITED_LATE age", by_edit("EDITED_LATE", Outcome.HELD),
     LIMIT - TICK, LIMIT, LIMIT + TICK, NONE, NONE, "pass pass deny - -"),
    ("EDITED_LATE outcome", of_decided, Outcome.AWAITING, Outcome.REFUSED, Outcome.MISSED, NONE, NONE,
     "pass deny deny - -"),
    ("DUPLICATE_SIGNAL since the first", same_signal, WINDOW + TICK, WINDOW, WINDOW - TICK, NONE, NONE,
     "pass pass deny - -"),
    ("DUPLICATE_SIGNAL trade date", same_day, NEXT_DAY, NOON.date(), NONE, NONE, NONE, "pass deny - - -"),
    ("DUPLICATE_SIGNAL same words", same_words(JM), WINDOW + TICK, WINDOW, WINDOW - TICK, NONE, NONE,
     "pass pass deny - -"),
    ("POSSIBLE_REPOST since the entry", entry_that_stands, WINDOW + TICK, WINDOW, WINDOW - TICK, NONE, NONE,
     "pass pass deny - -"),
    ("MODE_MISMATCH account", on_paper, AccountKind.SIMULATOR, AccountKind.FUNDED, AccountKind.LIVE, NONE, NONE,
     "pass deny deny - -"),
    ("MODE_MISMATCH mode", mode_of_real_money, Mode.AUTO, Mode.PAPER, NONE, NONE, NONE, "pass deny - - -"),
)  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0].replace(" ", "-"))
def test_a_judgement_stands_exactly_at_its_limit(row: Row) -> None:
    assert " ".join(answers(row)) == row[7]


def test_an_echo_of_another_analyst_ends_with_the_window_too() -> None:
    """One word, so no code of the table's spelling."""
    row: Row = ("ECHO words", same_words(ANN), WINDOW + TICK, WINDOW, WINDOW - TICK, NONE, NONE, "pass pass deny - -")
    assert " ".join(answers(row)) == row[7]


def test_every_code_of_these_judgements_has_its_row() -> None:
    assert {row[0].split()[0] for row in TABLE} == codes_of(judgement, signals, release)
