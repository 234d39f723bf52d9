"""Option alerts through the core: loaded then bought, expiry by the channel's policy, slips and units held."""

from datetime import date
from pathlib import Path

import pytest

from tests.stories.test_alert_positions import said
from tests.trading.stage import D, Stage, open_stage
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.ids import InstrumentId, MessageKey
from tradestream_gui.domain.instruments import Right
from tradestream_gui.domain.orders import OrderRole
from tradestream_gui.trading.limit_walk import WALK_EVERY_S

EXPIRY = date(2026, 12, 18)


async def option_stage(folder: Path, bid: str = "1.30", ask: str = "1.34") -> tuple[Stage, InstrumentId]:
    """A stage on which AAPL trades at 150 and its 150 call of December has a price."""
    stage = await open_stage(folder)
    call = stage.core.reference.option("AAPL", EXPIRY, Right.CALL, D(150))
    await stage.core.subscriptions.subscribe(call)
    await stage.quote(bid, ask, of=call.instrument_id)
    await stage.quote("149.95", "150.05", of=InstrumentId("AAPL"))
    return stage, call.instrument_id


def bought(stage: Stage) -> list[tuple[InstrumentId, str]]:
    return [(order.instrument_id, str(order.side.value)) for order in stage.venue.sent(OrderRole.ENTRY)]


async def test_in_at_a_price_buys_what_was_loaded_minutes_before(tmp_path: Path) -> None:
    stage, call = await option_stage(tmp_path)
    assert await said(stage, "LOADING AAPL 150c 12/18") == (Outcome.IGNORED, "NOT_AN_ALERT")
    assert (await said(stage, "in at 1.34", message_id="in"))[0] is Outcome.TRADED
    assert bought(stage) == [(call, "BUY")]
    assert ("contract", "loaded alert") in decided(stage, "in").layers
    await stage.close()


async def test_in_at_a_price_is_held_when_nothing_or_more_than_one_was_loaded_or_too_long_ago(tmp_path: Path) -> None:
    stage, _ = await option_stage(tmp_path)
    assert await said(stage, "in at 1.34") == (Outcome.HELD, "NO_SYMBOL")
    await said(stage, "LOADING AAPL 150c 12/18")
    await said(stage, "LOADING MSFT 480p 12/18")
    assert await said(stage, "in at 1.35") == (Outcome.HELD, "WHICH_CONTRACT")
    await stage.run(11 * 60)
    assert await said(stage, "in at 1.36") == (Outcome.HELD, "NO_SYMBOL")
    assert bought(stage) == []
    await stage.close()


async def test_a_reply_says_which_of_two_loaded_contracts_was_bought(tmp_path: Path) -> None:
    stage, call = await option_stage(tmp_path)
    await said(stage, "LOADING AAPL 150c 12/18", message_id="aapl")
    await said(stage, "LOADING MSFT 480p 12/18", message_id="msft")
    assert (await said(stage, "in at 1.34", reply_to="aapl"))[0] is Outcome.TRADED
    assert bought(stage) == [(call, "BUY")]
    await stage.close()


async def test_what_somebody_else_loaded_is_not_bought(tmp_path: Path) -> None:
    stage, _ = await option_stage(tmp_path)
    await said(stage, "LOADING AAPL 150c 12/18", author="ann")
    assert await said(stage, "in at 1.34") == (Outcome.HELD, "NO_SYMBOL")
    await stage.close()


async def test_the_authors_own_fill_of_a_traded_alert_is_no_second_entry(tmp_path: Path) -> None:
    stage, call = await option_stage(tmp_path)
    assert (await said(stage, "BTO AAPL 150c 12/18 @ 1.34"))[0] is Outcome.TRADED
    assert await said(stage, "filled 1.32") == (Outcome.DONE, "FILL_REPORT")
    assert bought(stage) == [(call, "BUY")]
    await stage.close()


async def test_an_options_entry_walks_from_the_middle_of_its_market_to_the_cap(tmp_path: Path) -> None:
    stage, _ = await option_stage(tmp_path, "1.30", "1.38")
    await said(stage, "BTO AAPL 150c 12/18 @ 1.34 SL 0.90")
    (entry,) = stage.venue.sent(OrderRole.ENTRY)
    assert entry.limit_price == D("1.34")
    limits = [entry.limit_price]
    while stage.order(entry.cl_ord_id).may_fill:
        await stage.run(WALK_EVERY_S)
        limits.append(stage.order(entry.cl_ord_id).limit_price)
    assert limits == sorted(limits, key=lambda price: price or D(0))
    assert stage.order(entry.cl_ord_id).avg_px == D("1.38"), limits
    await stage.close()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("BTO AAPL 150c 12/18 @ 13.4", "PRICE_IMPLAUSIBLE"),
        ("BTO AAPL 150c 12/18 @ 0.13", "PRICE_IMPLAUSIBLE"),
        ("BTO AAPL 150c 12/18 @ 1.90", "PRICE_FAR"),
        ("BTO AAPL 1500c 12/18 @ 1.34", "STRIKE_IMPLAUSIBLE"),
        ("BTO AAPL 150c 12/18 @ 1.34 SL 149", "STOP_UNIT"),
        ("BTO AAPL 150c @ 1.34", "NO_EXPIRY"),
        ("BTO AAPL 150 12/18 @ 1.34", "RIGHT_MISSING"),
        ("BTO AAPL 150c 12/25 @ 1.34", "EXPIRY_UNCLEAR"),
    ],
)
async def test_slips_units_and_gaps_are_held_with_their_reason(tmp_path: Path, text: str, code: str) -> None:
    stage, _ = await option_stage(tmp_path)
    await stage.say(text, message_id="a")
    await stage.run(6)
    found = decided(stage, "a")
    assert (found.outcome, found.code) == (Outcome.HELD, code), found.words
    assert bought(stage) == []
    await stage.close()


async def test_targets_on_the_underlying_are_dropped_and_the_decision_says_so(tmp_path: Path) -> None:
    stage, _ = await option_stage(tmp_path)
    assert (await said(stage, "BTO AAPL 150c 12/18 @ 1.34 PT 152, 155 SL 1.00", message_id="a"))[0] is Outcome.TRADED
    layers = dict(decided(stage, "a").layers)
    assert "2 of the alert's own dropped" in layers["targets"]
    assert all(order.limit_price is None or order.limit_price < 10 for order in stage.venue.placed)
    await stage.close()


async def test_a_stop_in_words_is_bound_by_its_distance(tmp_path: Path) -> None:
    stage, call = await option_stage(tmp_path)
    await said(stage, "BTO AAPL 150c 12/18 @ 1.34 SL 0.90")
    await stage.quote("1.60", "1.64", of=call)
    assert await said(stage, "stop AAPL 149") == (Outcome.HELD, "STOP_UNIT")
    assert await said(stage, "stop AAPL 1.10") == (Outcome.DONE, "")
    stops = [stop.stop_price for stop in stage.exits(OrderRole.STOP) if not stop.is_terminal]
    assert stops == [D("1.10")]
    await stage.close()


def decided(stage: Stage, message_id: str) -> Decision:
    found = stage.core.alerts.decision(MessageKey(f"test:futures:{message_id}"))
    assert found is not None
    return found
