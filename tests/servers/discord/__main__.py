"""`python -m tests.servers.discord`: a practice Discord on loopback, obeying lines on its console."""

import argparse
import asyncio

from tests.servers.discord import DiscordServer
from tests.servers.discord.world import Message
from tests.servers.practice import obey_console

HELP = """commands: post TEXT | reply TEXT | edit TEXT | delete | stranger TEXT | drop | reconnect | invalidate
          freeze | state | quit      (reply, edit and delete mean the last message)"""


class Practice:
    """One guild, one channel, one analyst."""

    def __init__(self, server: DiscordServer, token: str) -> None:
        self._server = server
        bot = server.bot(token)
        self.channel = server.channel(server.guild("Practice", bot), "alerts")
        self.analyst, self._stranger = server.person("analyst"), server.person("stranger")
        self._last: Message | None = None

    async def obey(self, line: str) -> bool:
        """False when the user wants to leave."""
        server = self._server
        command, _, text = line.strip().partition(" ")
        if command == "post":
            self._last = server.post(self.channel, self.analyst, text)
        elif command == "stranger":
            server.post(self.channel, self._stranger, text)
        elif command in ("drop", "reconnect", "invalidate", "freeze"):
            getattr(server, command)()
        elif command == "state":
            print(server.snapshot())
        elif command == "quit":
            return False
        elif self._last is None or command not in ("reply", "edit", "delete"):
            print(HELP)
        else:
            self._on_last(command, text, self._last)
        return True

    def _on_last(self, command: str, text: str, last: Message) -> None:
        if command == "reply":
            self._last = self._server.post(self.channel, self.analyst, text, reply_to=last)
        elif command == "edit":
            self._server.edit(last, text)
        else:
            self._server.delete(last)
            self._last = None


async def run(port: int, token: str) -> None:
    server = DiscordServer()
    await server.start(port)
    practice = Practice(server, token)
    print(f"Discord practice server: REST {server.rest_url}, gateway {server.gateway_url}, bot token {token}")
    print(f"channel {practice.channel.id}, analyst {practice.analyst.id}; help for commands", flush=True)
    try:
        await obey_console(practice.obey)
    finally:
        await server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.servers.discord", description="A practice Discord.")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--token", default="practice-token")
    chosen = parser.parse_args()
    asyncio.run(run(chosen.port, chosen.token))
