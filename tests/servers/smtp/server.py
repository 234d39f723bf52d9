"""The mail server itself, one conversation at a time as RFC 5321, 3207 and 4954 have it."""

import asyncio
import base64
import ssl
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass
class Mail:
    sender: str
    to: list[str]
    text: str
    was_private: bool
    user: str


@dataclass
class _Talk:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    is_private: bool
    user: str = ""
    sender: str = ""
    to: list[str] = field(default_factory=list)

    async def say(self, *lines: str) -> None:
        code, rest = lines[0][:3], [line[4:] for line in lines]
        told = [f"{code}{'-' if number < len(rest) - 1 else ' '}{words}" for number, words in enumerate(rest)]
        self.writer.write("".join(f"{line}\r\n" for line in told).encode())
        await self.writer.drain()

    async def line(self) -> str:
        return (await self.reader.readuntil(b"\r\n")).decode().rstrip("\r\n")


class MailServerForTests:
    """`password` is asked for when there is one. `next_answers` maps a command (HELLO, AUTH, MAIL, RCPT, DATA, TEXT) to
    answers that it gets instead, in a row; the answer `hang` says nothing for ever, `drop` hangs up."""

    def __init__(
        self, *, context: ssl.SSLContext | None = None, tls_at_once: bool = False, user: str = "", password: str = ""
    ) -> None:
        self._context = context
        self._tls_at_once = tls_at_once
        self._user, self._password = user, password
        self.mails: list[Mail] = []
        self.next_answers: dict[str, list[str]] = {}
        self.talks = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> None:
        context = self._context if self._tls_at_once else None
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", port, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.talks += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
                await self._converse(_Talk(reader, writer, self._tls_at_once))
        finally:
            self._tasks.discard(task)
            writer.close()  # its end is not awaited: in Python 3.11 that never comes after STARTTLS

    async def _converse(self, talk: _Talk) -> None:
        if not await self._says_otherwise(talk, "HELLO"):
            await talk.say("220 practice ESMTP")
        while True:
            line = await talk.line()
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            if verb == "QUIT":
                await talk.say("221 bye")
                return
            if await self._says_otherwise(talk, verb):
                continue
            await self._obey(talk, verb, rest)

    async def _says_otherwise(self, talk: _Talk, verb: str) -> bool:
        answers = self.next_answers.get(verb, [])
        if not answers:
            return False
        answer = answers.pop(0)
        if answer == "drop":
            raise ConnectionResetError
        if answer == "hang":
            await asyncio.Event().wait()
        await talk.say(answer)
        return True

    async def _obey(self, talk: _Talk, verb: str, rest: str) -> None:
        if verb == "EHLO":
            offers = ["250 practice", "250 8BITMIME"]
            offers += ["250 STARTTLS"] if self._context is not None and not talk.is_private else []
            offers += ["250 AUTH PLAIN LOGIN"] if self._password and (talk.is_private or self._context is None) else []
            await talk.say(*offers)
        elif verb == "STARTTLS" and self._context is not None:
            await talk.say("220 go ahead")
            await talk.writer.start_tls(self._context)
            talk.is_private = True
        elif verb == "AUTH":
            await self._log_in(talk, rest)
        elif verb == "MAIL" and self._password and not talk.user:
            await talk.say("530 log in first")
        elif verb == "MAIL":
            talk.sender, talk.to = rest.partition("<")[2].partition(">")[0], []
            await talk.say("250 ok")
        elif verb == "RCPT":
            talk.to.append(rest.partition("<")[2].partition(">")[0])
            await talk.say("250 ok")
        elif verb == "DATA":
            await self._take_text(talk)
        elif verb in ("RSET", "NOOP"):
            await talk.say("250 ok")
        else:
            await talk.say("502 not known here")

    async def _log_in(self, talk: _Talk, rest: str) -> None:
        way, _, given = rest.partition(" ")
        if way.upper() == "LOGIN":
            if not given:
                await talk.say("334 VXNlcm5hbWU6")
                given = await talk.line()
            user = base64.b64decode(given).decode()
            await talk.say("334 UGFzc3dvcmQ6")
            password = base64.b64decode(await talk.line()).decode()
        else:
            if not given:
                await talk.say("334 ")
                given = await talk.line()
            _, user, password = base64.b64decode(given).decode().split("\0")
        if (user, password) == (self._user, self._password):
            talk.user = user
            await talk.say("235 welcome")
        else:
            await talk.say(f"535 5.7.8 not accepted: {user} {password}")

    async def _take_text(self, talk: _Talk) -> None:
        await talk.say("354 go on")
        lines: list[str] = []
        while (line := await talk.line()) != ".":
            lines.append(line.removeprefix(".") if line.startswith("..") else line)
        if not await self._says_otherwise(talk, "TEXT"):
            self.mails.append(Mail(talk.sender, talk.to, "\n".join(lines), talk.is_private, talk.user))
            await talk.say("250 taken")
