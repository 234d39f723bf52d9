"""Two hundred random faults of the line, drawn from a seed: every message comes, none twice, and the bot is back."""

import asyncio
import random
from dataclasses import replace

import pytest

from tests.adapters.sources.discord.rig import QUICK, Rig, rig
from tests.support import eventually
from tradestream_gui.alerts.desk.inbox import Inbox
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.ports.broker import LinkState

FAULTS = 200


async def disturb(at: Rig, fault: str) -> None:
    server = at.server
    if fault == "drop":
        server.drop()
    elif fault == "reconnect":
        server.reconnect()
    elif fault == "resumable":
        server.invalidate(resumable=True)
    elif fault == "torn":
        server.garbage('{"op":0,')
    elif fault == "unknown":
        server.garbage()
    elif fault == "twice":
        server.sessions.twice = not server.sessions.twice
    elif fault == "code":
        await server.close_sockets(4000)
    elif fault == "forgotten":
        server.forget_sessions()
        server.garbage("no json at all")


# discord.py drops a socket that dies while it is being opened without closing it, which aiohttp warns of.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("seed", [1, 2])
async def test_no_message_is_lost_or_doubled_through_random_faults(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = random.Random(seed)
    async with rig(monkeypatch, replace(QUICK, retry_s=0.02, retry_most_s=0.02)) as at:
        await at.read()
        await at.up()
        posts = []
        for number in range(FAULTS // 2):
            for _ in range(drawn.randint(0, 3)):
                posts.append(at.server.post(at.alerts, at.analyst, f"call {number}"))
            await disturb(
                at, drawn.choice(["drop", "reconnect", "resumable", "torn", "unknown", "twice", "code", "forgotten"])
            )
            await asyncio.sleep(drawn.random() * 0.06)
        at.server.sessions.twice = False
        wanted = {str(post.id) for post in posts}
        await eventually(lambda: wanted == {message.message_id for message in at.sink.messages}, why="all came")
        await at.up()
        last = await at.post_and_wait("after it all")
        assert (last.arrival, at.sink.state()) == (Arrival.LIVE, LinkState.UP)
        inbox = Inbox()
        revisions = [inbox.revise(message, at.clock.now()) for message in at.sink.messages]
        kept = [revision for revision in revisions if revision is not None]
        assert len(kept) == len(posts) + 1, "what came twice makes no second version"
        assert not any(revision.deleted for revision in kept)
