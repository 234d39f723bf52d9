"""E-mail through the user's own mail server, over TLS unless that server is this computer."""

import asyncio
import hashlib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from tradestream_gui.adapters.notify.wording import MAX_TITLE, Secret, one_line, together
from tradestream_gui.domain.events import Severity
from tradestream_gui.ports.notify import NotDelivered, Post

TIMEOUT_S = 20.0
LIMIT = 20_000
PERMANENT = 500
"""A reply from here on means that the same mail will not pass later either."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes out. `starts_tls`: plain first, then TLS or nothing; `is_tls`: TLS from the first byte."""

    host: str
    port: int
    is_tls: bool
    starts_tls: bool
    user: str
    sender: str
    to: tuple[str, ...]


class EmailOutlet:
    """One log-in for each delivery: mail is rare, and a line that stands for hours is one that breaks unseen."""

    name = "E-mail"
    gap_s = 10.0

    def __init__(
        self,
        server: Callable[[], MailServer],
        password: Secret,
        zone: Callable[[], ZoneInfo],
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self._server = server
        self._password = password
        self._zone = zone
        self._tls = tls
        self._context: ssl.SSLContext | None = None

    async def send(self, posts: Sequence[Post]) -> None:
        server = self._server()
        if not (server.host and server.sender and server.to):
            raise NotDelivered("e-mail needs a host, a sender and an address that it goes to", is_final=True)
        password = ""
        if server.user:
            password, why = await self._password()
            if not password:
                raise NotDelivered(why, is_final=True)
        await self._deliver(server, password, self._message(server, posts))

    async def close(self) -> None:
        """Nothing stands open."""

    async def _deliver(self, server: MailServer, password: str, message: EmailMessage) -> None:
        import aiosmtplib

        if self._context is None and (server.is_tls or server.starts_tls):
            self._context = await asyncio.to_thread(self._tls)
        try:
            refused, _ = await aiosmtplib.send(
                message,
                hostname=server.host,
                port=server.port,
                username=server.user or None,
                password=password or None,
                use_tls=server.is_tls,
                start_tls=server.starts_tls,
                tls_context=self._context if server.is_tls or server.starts_tls else None,
                timeout=TIMEOUT_S,
                local_hostname="localhost",
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            which = "; ".join(f"{one.recipient}: {one.code} {one.message}" for one in error.recipients)
            raise _failure(f"{server.host} refused the address {which}", password, is_final=True) from error
        except aiosmtplib.SMTPAuthenticationError as error:
            words = f"{server.host} refused the log-in of {server.user}: {error.code} {error.message}"
            raise _failure(words, password, is_final=True) from error
        except aiosmtplib.SMTPResponseException as error:
            words = f"{server.host} answered {error.code} {error.message}"
            raise _failure(words, password, is_final=error.code >= PERMANENT) from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            words = f"{server.host}:{server.port} cannot be used: {str(error) or type(error).__name__}"
            raise _failure(words, password) from error
        if refused:
            which = "; ".join(f"{to}: {said.code} {said.message}" for to, said in refused.items())
            raise _failure(f"{server.host} refused {which}; the other addresses have it", password, is_final=True)

    def _message(self, server: MailServer, posts: Sequence[Post]) -> EmailMessage:
        message = EmailMessage()
        first = one_line(posts[0].title, MAX_TITLE)
        message["Subject"] = f"TradeStream: {first}" if len(posts) == 1 else f"TradeStream: {len(posts)} notices"
        message["From"] = server.sender
        message["To"] = ", ".join(server.to)
        message["Date"] = format_datetime(posts[-1].at)
        text = together(posts, self._zone(), LIMIT)
        digest = hashlib.sha256(f"{posts[0].at.isoformat()} {text}".encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{digest}@{server.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        if all(post.is_silent for post in posts):
            message["Importance"] = "low"
        elif any(post.severity is Severity.DANGER for post in posts):
            message["Importance"] = "high"
        message.set_content(text + "\n")
        return message


def _failure(words: str, password: str, *, is_final: bool = False) -> NotDelivered:
    """A server may repeat what it was sent."""
    clean = words.replace(password, "…") if password else words
    return NotDelivered(one_line(clean, 400), is_final=is_final)
