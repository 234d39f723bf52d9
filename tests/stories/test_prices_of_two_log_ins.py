"""A live and a paper log-in at Interactive Brokers: the live one gives the prices, while it is away the paper one."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.servers.tws import TwsServer
from tests.stories.ibkr_life import CODE as PAPER_CODE
from tests.stories.ibkr_life import FRIDAY, ROOM
from tests.stories.live_life import LiveLife, serving, settings_for
from tradestream_gui.adapters.feeds import first_up
from tradestream_gui.domain.events_market import FeedLinkChanged
from tradestream_gui.domain.quotes import DataKind
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.model import Settings

D = Decimal


def with_paper(settings: Settings, port: int) -> Settings:
    wanted: Any = plain(settings)
    paper = {**wanted["accounts"][1], "id": PAPER_CODE, "name": "Paper at IBKR", "kind": "BROKER PAPER", "limits": ROOM}
    wanted["accounts"].append(paper)
    wanted["ibkr"] |= {"paper_port": port}
    return Settings.model_validate(wanted)


async def test_paper_log_in_gives_prices_while_the_live_one_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_up, "PATIENCE_S", 0.3)
    live, clock = await serving()
    paper = TwsServer(account=PAPER_CODE, cash=D(500_000), today=FRIDAY.date())
    paper.set_clock(clock.offset)
    await paper.start()
    paper.delayed_only = True
    settings = with_paper(settings_for(live.port), paper.port)
    await live.stop()
    life = await LiveLife(tmp_path, live, clock, settings).open()
    told: list[str] = []
    life.core.bus.subscribe(FeedLinkChanged, lambda fact: told.append(fact.detail))
    es = life.contract().instrument_id

    def bid() -> Decimal | None:
        quote = life.core.board.quote(es)
        return quote.bid if quote is not None else None

    def both() -> None:
        paper.price("ESZ6", "6300.00", "6300.25", "6300.25")
        live.price("ESZ6", "6326.00", "6326.25", "6326.25")

    try:
        await life.until(lambda: both() or bid() == D("6300.00"), "the paper log-in gives prices")
        quote = life.core.board.quote(es)
        assert quote is not None
        assert quote.kind is DataKind.DELAYED, "and they say what they are"
        assert "prices come from ibkr: ibkr live is not connected" in told
        await live.start(live.port)
        await life.until(lambda: both() or bid() == D("6326.00"), "the live log-in is back and gives them")
        await life.until(lambda: not any(one.market.lines for one in paper.sessions), "paper's lines are given back")
        await live.stop()
        await life.until(lambda: both() or bid() == D("6300.00"), "away again")
    finally:
        await life.close()
        await paper.stop()
        await live.stop()
