"""Posts of other platforms in the whole program: the desk's own path, from the port to an order on paper."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.sources.webhook.rig import TOKEN, Sender, free_port
from tests.stories.test_discord_alerts import PASSPHRASE, files_with, opened
from tests.support import eventually
from tests.trading.stage import MES, WIDE, Stage, open_stage, reference_data
from tradestream_gui.adapters.sources.webhook import WebhookSetup, WebhookSource
from tradestream_gui.alerts.profiles.profiles import load_profiles
from tradestream_gui.assembly.sources import READER
from tradestream_gui.assembly.webhook import group_of, notes_reader, receipts
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.errors import ConfigInvalid
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.orders import OrderRole
from tradestream_gui.paths import resource_path
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings

BUY = b'{"ticker": "ES1!", "action": "buy", "price": 6326, "quantity": 1, "sl_price": 6316}'
GROUPS = (
    {"id": "swing", "name": "Swing", "source": "webhook", "speaks_for": "tv", "mode": "AUTO", "use_micros": True},
    {"id": "paper_*", "name": "Paper", "source": "webhook", "speaks_for": "tv", "mode": "AUTO"},
    {"id": "futures", "name": "futures", "source": "test", "mode": "AUTO"},
)


@asynccontextmanager
async def posting(folder: Path, **limits: Any) -> AsyncIterator[tuple[Stage, Sender]]:
    """The core on its virtual clock, with the port open and two groups of one strategy."""
    stage = await open_stage(folder, limits=WIDE | limits)
    settings = stage.settings
    rows = {
        "routing.channels": list(GROUPS),
        "routing.analysts": [{"id": "tv", "name": "TradingView", "authors": []}],
    }
    await settings.apply(settings.propose(rows), confirmed=True)
    sender = Sender(free_port())
    profiles = load_profiles(resource_path("profiles"))
    setup = WebhookSetup(
        sender.port, lambda name: group_of(name, settings.current), lambda: settings.current.webhook.signed,
        notes_reader(profiles[0], reference_data(), stage.clock),
    )  # fmt: skip

    async def token() -> tuple[str, str]:
        return TOKEN, ""

    source = WebhookSource(setup, token, receipts(stage.bus, stage.journal), clock=stage.clock, tasks=stage.tasks)
    await source.connect(stage.core.alerts)
    try:
        await eventually(lambda: stage.core.alerts.links().get("webhook", (None, ""))[0] is LinkState.UP)
        yield stage, sender
    finally:
        await source.close()
        await stage.close()


async def decided(stage: Stage, group: str, message_id: str) -> Decision:
    await stage.run(1)
    found = stage.core.alerts.decision(MessageKey(f"webhook:{group}:{message_id}"))
    assert found is not None, "every post is decided"
    return found


async def test_post_becomes_one_protected_order_on_paper_however_often_it_comes(tmp_path: Path) -> None:
    async with posting(tmp_path) as (stage, sender):
        answers = await asyncio.gather(*(sender.post(BUY) for _ in range(4)))
        assert sorted(answer.status for answer in answers) == [200, 200, 200, 202]
        accepted = next(answer for answer in answers if answer.status == 202)
        decision = await decided(stage, "swing", accepted.fields["id"])
        assert decision.outcome is Outcome.TRADED, decision
        lot = stage.lot()
        assert (lot.instrument_id, lot.open_qty, lot.origin.analyst_id) == (MES, 1, "tv")
        stops = stage.core.blotter.exits_of_lot(lot.lot_id, OrderRole.STOP)
        assert [(order.stop_price, order.order_qty) for order in stops] == [(6316, 1)]
        await stage.run(6)
        again = await sender.post(BUY)
        assert again.status == 202, "after five seconds it is a post of its own"
        repeat = await decided(stage, "swing", again.fields["id"])
        assert (repeat.outcome, repeat.code) == (Outcome.REFUSED, "DUPLICATE_SIGNAL")
        close = await sender.post(b'{"ticker": "ES1!", "action": "exit"}')
        assert (await decided(stage, "swing", close.fields["id"])).outcome in (Outcome.TRADED, Outcome.DONE)
        await stage.run(2)
        assert not stage.core.lots.open_lots()


async def test_accepted_post_is_on_disk_before_its_sender_hears_of_it(tmp_path: Path) -> None:
    async with posting(tmp_path) as (stage, sender):
        answer = await sender.post(b"good morning, nothing to do")
        assert answer.status == 202
        stored = (await stage.journal.load()).messages
        assert [message.text for message in stored] == ["good morning, nothing to do"]
        assert (await decided(stage, "swing", answer.fields["id"])).code == "NOT_AN_ALERT"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"ticker": "ES1!", "action": "buy", "price": NaN}', "NOT_AN_ALERT"),
        (b'{"ticker": "ES1!", "action": "buy"', "NOT_AN_ALERT"),
        (b'{"ticker": "{{ticker}}", "action": "buy"}', "NOT_AN_ALERT"),
        (b'{"ticker": "ES1!", "action": "sell", "price": 6326}', "SIDE_UNCLEAR"),
        (b'{"ticker": "BTCUSDT", "action": "buy"}', "NOT_AN_ALERT"),
        (b'{"ticker": "ES1!", "action": "buy", "price": 6326, "sl_price": 6316, "quantity": 99999999}', "QUANTITY"),
    ],
    ids=["NaN", "cut off", "placeholder", "sale of what", "foreign", "too many"],
)
async def test_body_that_is_no_clear_alert_stands_in_the_messages_and_trades_nothing(
    body: bytes, code: str, tmp_path: Path
) -> None:
    async with posting(tmp_path) as (stage, sender):
        answer = await sender.post(body)
        decision = await decided(stage, "swing", answer.fields["id"])
        assert (decision.code, decision.words != "") == (code, True)
        assert not stage.venue.placed


async def test_body_that_says_it_is_old_opens_nothing_and_one_from_the_future_neither(tmp_path: Path) -> None:
    async with posting(tmp_path) as (stage, sender):
        now = stage.clock.now()
        for off_s, code in ((-120, "ALERT_TOO_OLD"), (60, "ALERT_FROM_FUTURE")):
            at = (now + timedelta(seconds=off_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
            answer = await sender.post(BUY[:-1] + f', "time": "{at}"}}'.encode())
            assert (await decided(stage, "swing", answer.fields["id"])).code == code
        assert (await sender.post(BUY[:-1] + b', "time": "yesterday"}')).status == 400
        fresh = await sender.post(BUY[:-1] + f', "time": {int(now.timestamp() * 1000)}}}'.encode())
        assert (await decided(stage, "swing", fresh.fields["id"])).outcome is Outcome.TRADED


async def test_groups_named_paper_share_a_row_and_a_text_of_a_person_is_read_as_anywhere(tmp_path: Path) -> None:
    async with posting(tmp_path) as (stage, sender):
        answer = await sender.post(b"ES long 6326: C\nStop: 6316", path="/v1/alerts/paper_momentum")
        assert answer.status == 202
        assert (await decided(stage, "paper_*", answer.fields["id"])).outcome is Outcome.TRADED
        (message,) = stage.core.alerts.messages()
        assert message.channel_name == "Paper · paper_momentum"
        assert (await sender.post(path="/v1/alerts/live_momentum")).status == 404
        assert (await sender.post(path="/v1/alerts/futures")).status == 404, "a channel of another source is no group"


async def test_signature_is_demanded_from_the_moment_at_which_the_settings_say_so(tmp_path: Path) -> None:
    async with posting(tmp_path) as (stage, sender):
        assert (await sender.post(b"first")).status == 202
        await stage.settings.apply(stage.settings.propose({"webhook.signed": True}))
        assert (await sender.post(b"second")).status == 401


def with_groups(*, kind: str, **group: Any) -> dict[str, Any]:
    wanted = plain(first_settings())
    wanted["accounts"][0] |= {"id": "combine", "kind": kind, "broker": "paper" if kind == "SIMULATOR" else "projectx"}
    wanted["routing"]["defaults"]["account"] = "combine"
    wanted["routing"]["channels"] = [{"id": "paper_*", "name": "Paper", "source": "webhook", **group}]
    return wanted


def test_group_that_is_called_paper_never_trades_other_money() -> None:
    Settings.model_validate(with_groups(kind="SIMULATOR", speaks_for="me"))
    with pytest.raises(ValueError, match="a group named paper_ never trades combine, which is FUNDED"):
        Settings.model_validate(with_groups(kind="FUNDED", speaks_for="me"))
    with pytest.raises(ValueError, match="needs speaks_for"):
        Settings.model_validate(with_groups(kind="SIMULATOR"))


async def test_profile_opens_the_port_when_it_is_switched_on_and_a_token_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = plain(first_settings())
    port = free_port()
    wanted["webhook"] = {"enabled": True, "port": port}
    wanted["routing"]["channels"] += [{"id": "swing", "name": "Swing", "source": "webhook", "speaks_for": "me"}]
    async with opened(tmp_path, Settings.model_validate(wanted)) as profile:
        core = profile.running.core
        await eventually(lambda: "no token is kept" in core.alerts.links().get("webhook", ("", ""))[1])
        await asyncio.to_thread(profile.secrets.unlock, PASSPHRASE)
        await asyncio.to_thread(profile.secrets.put, "webhook/main/token", TOKEN)
        await eventually(lambda: f"listens on 127.0.0.1:{port}" in core.alerts.links()["webhook"][1])
        answer = await Sender(port).post(BUY, path=f"/v1/hook/{TOKEN}/swing", without=("X-TradeStream-Token",))
        assert answer.status == 202
        key = MessageKey(f"webhook:swing:{answer.fields['id']}")
        await eventually(lambda: core.alerts.decision(key), why="the desk decides it")
        assert not files_with(TOKEN, tmp_path)
        with pytest.raises(ConfigInvalid):
            core.settings.propose({"webhook.port": 80})
    monkeypatch.delitem(sys.modules, READER)
    async with opened(tmp_path / "off", first_settings()) as profile:
        assert "webhook" not in profile.running.core.alerts.links()
        assert READER not in sys.modules, "nothing comes by itself that it could read"
        settings = profile.running.core.settings
        await settings.apply(settings.propose({"clipboard.inbox": True, "clipboard.analyst": "me"}))
        assert READER in sys.modules, "the first copied text does not wait until its parser is loaded"
