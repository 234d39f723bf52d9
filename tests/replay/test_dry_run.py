"""A channel's dry run over a real core: what each alert would have done, and nothing of it in the running one."""

import asyncio
import csv
import io
from pathlib import Path

import pytest

from tests.ui.tabs.rig import Rig, demo_rig
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.errors import BadRecord
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.ports.source import IncomingMessage
from tradestream_gui.replay.dry_run import DryRunOrder, DryRunReport, dry_run_channel, prices_for


def _post(rig: Rig, text: str, number: int) -> None:
    channel = next(iter(rig.core.alerts.rules.channels.values()))
    analyst = next(each for each in rig.core.alerts.rules.analysts.values() if "jmoney" in each.analyst_id)
    rig.core.alerts.on_message(
        IncomingMessage(
            source="demo", channel_id=str(channel.channel_id), channel_name=channel.name, message_id=f"t{number}",
            author_id=next(iter(analyst.author_ids)), author_name=analyst.name, text=text,
            sent_at=rig.core.clock.now(), order_no=number, arrival=Arrival.BACKFILL,
        )
    )  # fmt: skip


def order_of(rig: Rig, messages: tuple[MessageRevision, ...]) -> DryRunOrder:
    core = rig.core

    def read(message: MessageRevision):  # type: ignore[no-untyped-def]  # as the desk does
        profile = core.alerts.profiles.profile_for("", message.channel_id, message.author_id)
        return core.alerts.preview(message).reading, profile

    prices = prices_for(messages, (), read, core.reference, lambda _: None)
    return DryRunOrder(messages, core.alerts.profiles.profiles, prices)


async def _run(rig: Rig) -> DryRunReport:
    messages = tuple(each for each in rig.core.alerts.messages() if each.message_key.split(":")[-1].startswith("t"))
    seen: list[int] = []
    report = await dry_run_channel(rig.core.dry_stage, order_of(rig, messages), seen.append)
    assert seen[-1] == len(messages)
    return report


async def test_each_alert_says_what_it_would_have_done(tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        _post(rig, "🚨 ES long 6326: A\nStop: 6316", 1)
        await rig.advance(60)
        _post(rig, "trim half ES 6330", 2)
        await rig.advance(60)
        _post(rig, "what a day, gm", 3)
        await rig.advance(60)
        _post(rig, "NQ long 22900 stop 22000", 4)
        await rig.advance(5)
        orders_before = len(tuple(rig.core.blotter.orders()))
        report = await _run(rig)
        outcomes = [row.outcome for row in report.rows]
        assert outcomes[0] is Outcome.TRADED
        assert report.rows[0].words.startswith("BUY 3 MES Dec26 limit 63")
        assert "stop 6316.00" in report.rows[0].words
        assert report.rows[0].price_basis == "the alert's own price"
        assert outcomes[1] in (Outcome.DONE, Outcome.TRADED)
        assert outcomes[2] is Outcome.IGNORED
        assert outcomes[3] in (Outcome.REFUSED, Outcome.HELD)
        assert report.rows[3].code
        assert report.counts.alerts == 3
        assert len(tuple(rig.core.blotter.orders())) == orders_before


async def test_the_report_goes_out_as_a_table_without_formulas(tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        _post(rig, "ES long 6326: A\nStop: 6316", 1)
        _post(rig, "=HYPERLINK(1)", 2)
        await rig.advance(5)
        rows = list(csv.reader(io.StringIO((await _run(rig)).csv_text())))
        assert rows[0][:3] == ["time_utc", "author", "message"]
        assert rows[2][2] == "'=HYPERLINK(1)"


async def test_a_cancelled_run_leaves_no_folder_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    async with demo_rig(tmp_path / "profile") as rig:
        for number in range(30):
            _post(rig, f"ES long {6326 + number}: A\nStop: 6316", number)
            await rig.advance(30)
        messages = tuple(each for each in rig.core.alerts.messages() if each.message_key.split(":")[-1].startswith("t"))
        started = asyncio.Event()

        def on_progress(count: int) -> None:
            started.set()

        run = asyncio.ensure_future(dry_run_channel(rig.core.dry_stage, order_of(rig, messages), on_progress))
        await started.wait()
        assert list(scratch.iterdir())
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        assert not list(scratch.iterdir())


async def test_messages_without_any_price_are_refused_with_the_reason(tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        _post(rig, "gm all", 1)
        await rig.advance(5)
        messages = tuple(each for each in rig.core.alerts.messages() if each.message_key.endswith(":t1"))
        with pytest.raises(BadRecord, match="nothing to run"):
            await dry_run_channel(rig.core.dry_stage, order_of(rig, messages), lambda count: None)
