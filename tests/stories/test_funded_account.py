"""A funded account at the loopback gateway: shut at the start, in live.db, opened by test and sentence, and traded."""

from decimal import Decimal
from pathlib import Path

from tests.servers.projectx import ProjectXServer
from tests.stories.ibkr_life import FRIDAY, FridayClock
from tests.stories.live_life import LiveLife
from tests.stories.projectx_life import OpenVault, settings_for
from tradestream_gui.adapters.runtime.clock import RealClock
from tradestream_gui.adapters.storage.offline import read_state
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.trading.unlock_test import UnlockStage

NAME = "50KTC-V2-10001-20002"
FUNDED = AccountId(NAME)


async def test_funded_account_opens_by_test_and_sentence_and_trades_in_live_db_alone(tmp_path: Path) -> None:
    clock = FridayClock(FRIDAY - RealClock().now())
    server = ProjectXServer(today=FRIDAY.date(), account=NAME, balance=Decimal(500_000))
    server.set_clock(clock.offset)
    await server.start()
    settings = settings_for(server, kind="FUNDED", name=NAME)
    life = await LiveLife(tmp_path, server, clock, settings, secrets=OpenVault()).open()
    try:
        await life.until(lambda: life.core.accounts.balance(FUNDED), "compared")
        life.prices()
        await life.until(lambda: life.core.board.quote(life.contract().instrument_id), "a price of ES")
        assert life.core.accounts.state(FUNDED).trading_state is TradingState.REDUCING
        assert (await life.enter(FUNDED)).decision.code == "REDUCE_ONLY"
        lock = life.core.entry_lock
        assert lock.test.request(FUNDED, life.contract()).startswith("placing 1 ES")
        await life.until(lambda: lock.test.result(FUNDED).stage is not UnlockStage.RUNNING, "the test has ended")
        assert lock.test.result(FUNDED).stage is UnlockStage.PASSED, lock.test.result(FUNDED).words
        assert lock.open(FUNDED, f"TRADE FUNDED {NAME}") == ""
        life.prices()
        sent = await life.enter(FUNDED)
        assert sent.is_sent, sent.words
        life.prices()
        await life.until(lambda: life.held(FUNDED) == 1, "it is filled")
        life.core.kill.flatten("test")
        await life.until(lambda: life.held(FUNDED) == 0, "flat")
        paths = life.paths
    finally:
        await life.close()
        await server.stop()
    assert {order.account_id for order in read_state(paths.live_db).orders} == {FUNDED}
    assert len(read_state(paths.live_db).fills) == 2
    assert not read_state(paths.paper_db).orders
