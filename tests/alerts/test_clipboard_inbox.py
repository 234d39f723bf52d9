"""The clipboard inbox over a real core: off by default, silent about what is no alert, and nothing without the key."""

from pathlib import Path

from tests.ui.tabs.rig import Rig, demo_rig
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.upkeep.settings.fields import plain

ALERT = "ES long 6326: A\nStop: 6316"


async def switch_on(rig: Rig, channel: str | None = None, mode: str | None = None) -> str:
    """Lets the first analyst's alerts be copied; gives the analyst's id."""
    settings = rig.core.settings
    analysts = plain(settings.current)["routing"]["analysts"]
    analyst = analysts[0]
    if mode is not None:
        analyst["mode"] = mode
    wanted = {
        "clipboard.inbox": True, "clipboard.analyst": analyst["id"], "clipboard.channel": channel,
        "routing.analysts": analysts,
    }  # fmt: skip
    await settings.apply(settings.propose(wanted), confirmed=True)
    return str(analyst["id"])


def _mine(rig: Rig) -> list[str]:
    return [str(each.message_key) for each in rig.core.alerts.messages() if each.source == "clipboard"]


async def test_it_is_off_until_the_settings_say_whose_alerts_are_copied(tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        inbox = rig.core.clipboard
        assert not inbox.is_on
        assert inbox.offer(ALERT) is None
        await switch_on(rig)
        assert inbox.is_on
        card = inbox.offer(ALERT)
        assert card is not None
        assert card.preview.reading is not None
        assert card.preview.reading.is_alert


async def test_what_is_no_alert_leaves_no_trace(tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        await switch_on(rig)
        for text in ("hunter2 is my password", "gm all, what a day", "x" * 5000, "", "   "):
            assert rig.core.clipboard.offer(text) is None
            assert rig.core.clipboard.card is None
        assert not _mine(rig)


async def test_a_copied_alert_is_sent_by_the_key_and_by_nothing_else(tmp_path: Path) -> None:
    for mode in ("AUTO", "ASK"):
        async with demo_rig(tmp_path / mode) as rig:
            await switch_on(rig, mode=mode)
            inbox = rig.core.clipboard
            assert inbox.offer(ALERT) is not None
            await rig.advance(10)
            assert not _mine(rig)
            assert inbox.send()
            assert not inbox.send()
            await rig.advance(10)
            (key,) = _mine(rig)
            decision = next(
                rig.core.alerts.decision(each.message_key)
                for each in rig.core.alerts.messages()
                if str(each.message_key) == key
            )
            assert decision is not None
            assert decision.outcome in (Outcome.TRADED, Outcome.REFUSED, Outcome.HELD), decision
            assert decision.outcome is not Outcome.AWAITING


async def test_an_analyst_who_is_only_watched_stays_watched(tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        await switch_on(rig, mode="WATCH")
        rig.core.clipboard.offer(ALERT)
        rig.core.clipboard.send()
        await rig.advance(10)
        (message,) = [each for each in rig.core.alerts.messages() if each.source == "clipboard"]
        decision = rig.core.alerts.decision(message.message_key)
        assert decision is not None
        assert decision.outcome in (Outcome.WATCHED, Outcome.HELD)
        assert not decision.cl_ord_ids


async def test_a_card_runs_out_and_a_dismissed_one_is_gone(tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        await switch_on(rig)
        inbox = rig.core.clipboard
        assert inbox.offer(ALERT) is not None
        inbox.dismiss()
        assert not inbox.send()
        assert inbox.offer(ALERT) is not None
        await rig.advance(91)
        assert inbox.card is None
        assert not inbox.send()
        assert not _mine(rig)


async def test_the_channel_decides_which_rules_hold(tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        first = rig.core.settings.current.routing.channels[0].id
        await switch_on(rig, channel=first)
        card = rig.core.clipboard.offer(ALERT)
        assert card is not None
        assert card.message.channel_id == first
        assert card.message.source == "clipboard"
