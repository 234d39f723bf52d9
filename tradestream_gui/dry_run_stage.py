"""The core of a channel's dry run: a simulator with the settings as they are, in a folder that is thrown away."""

import asyncio
import csv
import io
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from tradestream_gui.adapters.brokers.paper.broker import NAME as SIMULATOR_BROKER
from tradestream_gui.adapters.feeds.recorded import read_recording
from tradestream_gui.adapters.sources.recorded import Posting
from tradestream_gui.commands.replay import History, ReplayStage, make_stage
from tradestream_gui.core import Core
from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.errors import BadRecord
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.ports.source import IncomingMessage
from tradestream_gui.replay.dry_run import DryRunOrder
from tradestream_gui.replay.run import HistoryClock
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.model import Settings


class DryRunStage:
    """A replay's stage that takes its folder with it."""

    def __init__(self, stage: ReplayStage, folder: Path) -> None:
        self._stage = stage
        self._folder = folder

    @property
    def core(self) -> Core:
        return self._stage.core

    @property
    def clock(self) -> HistoryClock:
        return self._stage.clock

    async def start(self) -> None:
        await self._stage.start()

    async def close(self) -> None:
        try:
            await self._stage.close()
        finally:
            await asyncio.to_thread(_throw_away, self._folder)


async def make_dry_stage(order: DryRunOrder, settings: Settings, reference: ReferenceData) -> DryRunStage:
    """Raises BadRecord where no alert of the order has a price to be judged by."""
    if not order.prices:
        raise BadRecord("none of these messages is an alert with a price, so there is nothing to run")
    # A thread may go on when the run is cancelled: what it leaves goes with the system's temporary files.
    path = Path(await asyncio.to_thread(mkdtemp, prefix="tradestream-dry-run-"))
    async with AsyncExitStack() as undo:
        undo.push_async_callback(asyncio.to_thread, _throw_away, path)
        await asyncio.to_thread((path / "prices.csv").write_text, _prices_csv(order), "utf-8")
        recording = await asyncio.to_thread(read_recording, path / "prices.csv", reference.resolve)
        postings = tuple(_posting(message, number) for number, message in enumerate(order.messages, 1))
        first = min(recording.first_at, postings[0].at)
        fees_from = min(row.valid_from for row in reference.fees.rows)
        history = History(reference.read_on(first.date()), recording, postings, fees_from)
        stage = await make_stage(history, path, first=partial(dry_settings, settings), profiles=order.profiles)
        undo.pop_all()
    return DryRunStage(stage, path)


def _throw_away(folder: Path) -> None:
    rmtree(folder, ignore_errors=True)


def dry_settings(settings: Settings) -> Settings:
    """The settings as they are, but every analyst at AUTO and every account a simulator of this computer."""
    wanted = plain(settings)
    wanted["market"]["watchlist"] = []
    for account in wanted["accounts"]:
        account |= {"kind": AccountKind.SIMULATOR.value, "broker": SIMULATOR_BROKER}
    routing = wanted["routing"]
    routing["defaults"]["mode"] = "AUTO"
    for row in (*routing["analysts"], *routing["channels"]):
        row["mode"] = None
    return Settings.model_validate(wanted)


def _posting(message: MessageRevision, number: int) -> Posting:
    _, _, message_id = message.message_key.rpartition(":")
    reply_id = message.reply_to.rpartition(":")[2] if message.reply_to is not None else None
    incoming = IncomingMessage(
        source=message.source, channel_id=message.channel_id, channel_name=message.channel_name, message_id=message_id,
        author_id=message.author_id, author_name=message.author_name, text=message.text, sent_at=message.sent_at,
        order_no=number, arrival=Arrival.LIVE, reply_to_id=reply_id, reply_text=message.reply_text,
        embeds=message.embeds,
    )  # fmt: skip
    return Posting(message.sent_at, incoming)


def _prices_csv(order: DryRunOrder) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("time_utc", "symbol", "price", "bid", "ask"))
    for row in order.prices:
        bid, ask = ("" if side is None else f"{side:f}" for side in (row.bid, row.ask))
        writer.writerow((row.at.isoformat(), row.instrument.instrument_id, f"{row.price:f}", bid, ask))
    return out.getvalue()
