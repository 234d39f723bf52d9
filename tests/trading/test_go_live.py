"""The gate before real money: what paper has shown of an analyst, over days, restarts and differences."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.trading.stage import ES, MES, SIM, THURSDAY, D, Stage, open_stage
from tests.trading.test_net_positions import says
from tests.trading.test_outage_drills import LIVE, Practice, Remembered
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.decisions import CheckResult
from tradestream_gui.domain.drills import DrillKind, Verdict
from tradestream_gui.domain.events import AccountCompared, FillBooked, PositionDiffered
from tradestream_gui.domain.go_live import GoLiveRule
from tradestream_gui.domain.ids import AnalystId, ClOrdId, ExecId, LotId, MessageKey
from tradestream_gui.domain.orders import MANUAL, Fill, OrderRole, Origin, OriginKind, Side
from tradestream_gui.domain.positions import new_lot
from tradestream_gui.ports.journal import AuditNote
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.go_live import GoLive

JM = AnalystId("jm")
OF_JM = Origin(OriginKind.ALERT, MessageKey("test:futures:m1"), JM, "futures", "JM")
DAY_S = 24 * 3600.0
NO_DRILL = "no outage drill passed in 30 days"


async def demanding(folder: Path, **demands: Any) -> Stage:
    stage = await open_stage(folder, restarter=Remembered())
    settings = stage.core.settings
    values = {f"risk.go_live.{name}": value for name, value in demands.items()}
    await settings.apply(settings.propose(values), confirmed=True)
    return stage


async def next_day(stage: Stage, days: int = 1) -> Stage:
    later = await stage.killed(after_s=days * DAY_S)
    for name in (MES, ES):
        await later.quote("6326.00", "6326.25", of=name)
    return later


async def trade(stage: Stage, text: str = "ES long 6326: B\nStop: 6316") -> None:
    """An alert is traded on paper and left again; then the books are compared with the broker's."""
    await stage.say(text)
    await stage.until(lambda: bool(stage.exits(OrderRole.STOP)))
    stage.core.exits.close(stage.lot().lot_id, stage.lot().open_qty, "by hand")
    await stage.until(lambda: not stage.core.lots.open_lots())
    await stage.run(40)


def lacks(stage: Stage) -> tuple[str, ...]:
    return stage.core.go_live.missing(JM)


def judged(stage: Stage, origin: Origin) -> tuple[CheckResult, ...]:
    """Asked for an account with real money, which stands there for this question alone: it has no limits, no broker."""
    accounts = stage.core.accounts
    accounts.bar(LIVE, "it stands for one with real money")
    found = stage.core.go_live.checks(LIVE.account_id, origin)
    del accounts._accounts[LIVE.account_id]
    return found


def days(count: int, wanted: int = 2) -> str:
    return f"{count} of {wanted} paper days in a row without a difference"


async def test_closed_paper_trades_clean_days_and_a_passed_drill_prove_an_analyst(tmp_path: Path) -> None:
    stage = await demanding(tmp_path, paper_trades=2, clean_days=2)
    assert lacks(stage) == ("0 of 2 paper trades closed", days(0), NO_DRILL)
    await trade(stage)
    assert lacks(stage) == ("1 of 2 paper trades closed", days(0), NO_DRILL)
    stage = await next_day(stage)
    assert lacks(stage) == ("1 of 2 paper trades closed", days(1), NO_DRILL)
    await trade(stage)
    assert lacks(stage) == (days(1), NO_DRILL)
    assert stage.core.go_live.missing(AnalystId("ann"))[0] == "0 of 2 paper trades closed"
    stage = await next_day(stage, days=3)
    assert lacks(stage) == (NO_DRILL,)
    (check,) = judged(stage, OF_JM)
    assert (check.code, check.passed, check.words) == ("GO_LIVE", False, f"JM is not proven on paper yet: {NO_DRILL}")
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    await stage.run(3)
    assert (await Practice(stage, DrillKind.LINK, 6).report()).verdict is Verdict.PASSED
    assert lacks(stage) == ()
    (check,) = judged(stage, OF_JM)
    assert (check.passed, check.words) == (True, "JM is proven on paper")
    stage = await next_day(stage)
    assert lacks(stage) == ()
    await stage.close()


async def test_only_alerts_in_accounts_with_real_money_are_asked(tmp_path: Path) -> None:
    stage = await demanding(tmp_path)
    assert stage.core.go_live.checks(SIM, OF_JM) == ()
    assert judged(stage, MANUAL) == ()
    (nobodys,) = judged(stage, Origin(OriginKind.ALERT))
    assert not nobodys.passed
    await stage.close()


async def test_a_day_on_which_a_position_differed_begins_the_row_anew(tmp_path: Path) -> None:
    stage = await demanding(tmp_path, paper_trades=0, drill=False, clean_days=2)
    await trade(stage)
    stage = await next_day(stage)
    await trade(stage)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await stage.run(10)
    says(stage, 1)
    await stage.until(lambda: stage.core.accounts.state(SIM).trading_state is TradingState.REDUCING, within_s=200)
    stage = await next_day(stage, days=3)
    assert lacks(stage) == (days(0),)
    stage.core.accounts.release(SIM, "looked at")
    await trade(stage, "ES short 6326: B\nStop: 6336")
    stage = await next_day(stage)
    assert lacks(stage) == (days(1),)
    await stage.close()


async def test_a_day_on_which_the_account_was_halted_is_not_clean(tmp_path: Path) -> None:
    stage = await demanding(tmp_path, paper_trades=0, drill=False, clean_days=1)
    await trade(stage)
    stage.core.accounts.set_state(SIM, TradingState.HALTED, "five rejects in a minute")
    stage = await next_day(stage)
    assert lacks(stage) == (days(0, 1),)
    await stage.close()


async def test_a_day_without_a_trade_proves_nothing(tmp_path: Path) -> None:
    stage = await demanding(tmp_path, paper_trades=0, drill=False, clean_days=1)
    await stage.run(100)
    stage = await next_day(stage)
    assert lacks(stage) == (days(0, 1),)
    await stage.close()


class Kept:
    """A journal that shows what it is given."""

    def __init__(self) -> None:
        self.records: list[Any] = []

    def append(self, records: Any) -> None:
        self.records += records


def test_days_with_real_money_and_other_notes_prove_nothing_of_paper() -> None:
    now = [THURSDAY]
    clock: Any = SimpleNamespace(now=lambda: now[0])
    failed: list[object] = []
    bus, journal = EventBus(lambda fact, error: failed.append(error)), Kept()
    accounts = AccountBook(bus, clock, journal)  # type: ignore[arg-type]  # nothing is awaited of it
    accounts.restore([LIVE], [])
    gate = GoLive(
        bus=bus, clock=clock, journal=journal, accounts=accounts,  # type: ignore[arg-type]  # as above
        account_day=lambda at: at.date(), rule=lambda: GoLiveRule(0, 1, None),
    )  # fmt: skip
    gate.restore((), [AuditNote(THURSDAY, "user", "ENTRIES_OPENED", "by hand", LIVE.account_id)])
    fill = Fill(
        ExecId("X1"), ClOrdId("TSL-1"), LIVE.account_id, MES, LotId("L1"), Side.BUY, 1, D(6326), D(0), THURSDAY
    )
    bus.publish(FillBooked(fill, new_lot(fill, MANUAL)))
    bus.publish(AccountCompared(LIVE.account_id, THURSDAY))
    bus.publish(PositionDiffered(LIVE.account_id, THURSDAY))
    now[0] = THURSDAY + timedelta(days=1)
    assert gate.missing(JM) == (days(0, 1),)
    assert not journal.records
    assert not failed
