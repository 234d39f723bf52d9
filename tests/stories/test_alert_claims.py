"""What an analyst is judged by are calls: slips, repeats and what was corrected count for nobody."""

from pathlib import Path

from tests.stories.test_alert_positions import ES_LONG, said
from tests.trading.stage import Stage, open_stage
from tradestream_gui.domain.ids import MessageKey


def reasons(stage: Stage) -> dict[MessageKey, str]:
    return {missed.message_key: missed.worth.reason for missed in stage.core.analytics.missed()}


def calls(stage: Stage) -> int | None:
    """How many of the analyst's alerts the league looks at."""
    rows = stage.core.analytics.league()
    return rows[0].tracked.n if rows else None


async def test_a_price_held_as_a_slip_is_no_claim_also_after_a_no_and_a_restart(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG)
    await said(stage, "ES long 6926: A\nStop: 6916", message_id="slip")
    slip = MessageKey("test:futures:slip")
    assert reasons(stage)[slip] == "not counted: its price was held as a slip"
    stage.core.alerts.reject(slip, "you said no")
    await said(stage, "all out ES")
    assert reasons(stage)[slip] == "not counted: its price was held as a slip"
    assert calls(stage) == 1
    later = await stage.killed(after_s=30)
    assert reasons(later)[slip] == "not counted: its price was held as a slip"
    assert calls(later) == 1
    await later.close()


async def test_a_copy_in_another_channel_is_the_same_claim(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG)
    await said(stage, ES_LONG, channel="vip", message_id="copy")
    await said(stage, "all out ES")
    assert reasons(stage)[MessageKey("test:vip:copy")] == "not counted: the same call as an earlier message"
    assert calls(stage) == 1
    await stage.close()


async def test_a_card_and_its_correction_are_one_claim(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await said(stage, ES_LONG, author="ann", message_id="es")
    await said(stage, "stop 6318 not 6316", author="ann", message_id="fix")
    found = reasons(stage)
    assert found[MessageKey("test:futures:es")] == "not counted: its correction is"
    assert not found[MessageKey("test:futures:fix")].startswith("not counted")
    await stage.close()
