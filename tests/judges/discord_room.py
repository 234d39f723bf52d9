"""The room in which discord.py judges the loopback Discord: it talks by itself and disturbs the line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.judges.discord_cases import MUTE, PERSON, TOKEN
from tests.servers.discord import Channel, DiscordServer, Person

TURN_S = 0.05
CARD = {"type": "rich", "title": "Entry", "description": "ES long 6326"}


@asynccontextmanager
async def discord() -> AsyncIterator[int]:
    server = DiscordServer(heartbeat_s=0.5)
    await server.start()
    bot = server.bot(TOKEN)
    server.bot(MUTE, content_intent=False)
    server.bot(PERSON, is_user=True)
    guild = server.guild("Room", bot)
    alerts, hidden, long = (server.channel(guild, name) for name in ("alerts", "hidden", "long"))
    server.hide(hidden, bot)
    analyst = server.person("analyst")
    for number in range(160):
        server.post(long, analyst, f"line {number}")
    talking = asyncio.create_task(_talk(server, alerts, analyst), name="talk")
    try:
        yield server.port
    finally:
        talking.cancel()
        await server.stop()


async def _talk(server: DiscordServer, alerts: Channel, analyst: Person) -> None:
    relay = server.person("relay", webhook=True)
    for turn in range(1_000_000):
        post = server.post(alerts, analyst, f"post {turn} of the analyst")
        if turn % 20 == 3:
            server.post(alerts, relay, embeds=(CARD,), crossposted=True)
            server.post(alerts, analyst, "out", reply_to=post)
            server.post(alerts, analyst, snapshots=("forwarded",))
        elif turn % 20 == 6:
            server.post(server.thread(post, "the trade"), analyst, "trim")
            server.edit(post, f"post {turn} of the analyst, edited")
        elif turn % 20 == 9:
            server.delete(server.post(alerts, analyst, "taken back"))
            server.delete(server.post(alerts, analyst, "one"), server.post(alerts, analyst, "two"))
        elif turn % 40 == 15:
            server.drop()
        elif turn % 40 == 25:
            server.reconnect()
        elif turn % 40 == 35:
            server.limit_next(0.1)
        await asyncio.sleep(TURN_S)
