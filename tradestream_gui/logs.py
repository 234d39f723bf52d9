"""The program's log: JSON lines in rotated files, one event one line, with every secret masked before it is written."""

import base64
import contextlib
import json
import logging
import logging.handlers
import os
import re
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, quote_plus

FILE_NAME = "tradestream.log"
MAX_FILE_BYTES = 10_000_000
FILE_COUNT = 10
"""With the size above: at most 100 MB of log per profile."""
MAX_TEXT = 8_000
"""Characters of one event; a longer one is cut and says so."""
SHORTEST_SECRET = 6
"""Shorter values would mask ordinary words."""
MASK = "[secret]"
QUIET = ("httpx", "httpcore", "discord", "ib_insync", "eventkit", "asyncio", "websockets", "aiohttp", "alembic")
"""Libraries that log each request or event; only their warnings are ours to keep."""

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
"""What the present work belongs to: an alert's id or a cl_ord_id. Tasks inherit it."""

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Discord bot token: base64 user id, timestamp, HMAC.
    (re.compile(r"\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,45}"), MASK),
    # JSON web token.
    (re.compile(r"\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*"), MASK),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE), r"\1 " + MASK),
    (re.compile(r"(/api/webhooks/\d+/)[\w-]+"), r"\1" + MASK),
    (
        re.compile(
            r"(?i)\b((?:access_|refresh_|id_)?token|password|passphrase|passwd|secret|api_?key|client_secret|"
            r"authorization)(\"?'?\s*[=:]\s*\"?'?)(?!\[secret\]|Bearer|Basic)[^\s\"'&,;}]{4,}"
        ),
        r"\1\2" + MASK,
    ),
    # Account numbers: IBKR's U1234567, DU1234567, F1234567, and whatever is named an account.
    (re.compile(r"\b(?:DU|DF|U|F|I)\d{3,8}(\d{4})\b"), r"…\1"),
    (re.compile(r"(?i)\b(account(?:_?(?:id|number|no))?\"?'?\s*[=:#]?\s*\"?'?)[A-Za-z0-9-]*\d{2,}(\d{4})\b"), r"\1…\2"),
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_STANDARD = frozenset(logging.LogRecord("", 0, "", 0, "", None, None).__dict__) | {"message", "asctime", "taskName"}


class Redactor:
    """Masks known secret values in each spelling a log may carry, and whatever looks like a secret.

    The only writer of its list of values; `learn` is called whenever a secret is read or entered.
    """

    def __init__(self) -> None:
        self._spellings: set[str] = set()
        self._known: re.Pattern[str] | None = None

    def learn(self, secrets: Iterable[str]) -> None:
        """Adds secret values: raw, URL-quoted, base64 at any offset, and hexadecimal."""
        for secret in secrets:
            if len(secret) >= SHORTEST_SECRET:
                self._spellings.update(_spellings(secret))
        longest_first = sorted(self._spellings, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def clean(self, text: str) -> str:
        """The text with secrets masked and control characters written out."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


class JsonLines(logging.Formatter):
    """One record as one line of JSON: time, level, logger, correlation id, event, and the extra fields by name."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        clean = self._clean
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if correlation := correlation_id.get():
            line["correlation_id"] = clean(correlation)
        line["event"] = clean(_message(record))
        for name, value in record.__dict__.items():
            if name not in _STANDARD:
                # Cleaned together with its name, by which a token or an account number is known.
                line[clean(name)] = clean(f"{name}={value}").removeprefix(f"{name}=")
        if record.exc_info:
            line["error"] = [clean(row) for row in self.formatException(record.exc_info).splitlines()]
        return json.dumps(line, ensure_ascii=False)

    def _clean(self, text: str) -> str:
        # Masked before it is cut, or half a secret would remain at the end.
        clean = self._redactor.clean(text)
        return clean if len(clean) <= MAX_TEXT else f"{clean[:MAX_TEXT]}… ({len(clean) - MAX_TEXT} more)"


class ProgramLog:
    """The log of one run of the program: opened first, closed last."""

    def __init__(self, folder: Path, level: str | None = None) -> None:
        """`level` is the one asked for on the command line; it wins over the settings'."""
        self.redactor = Redactor()
        self._is_level_given = level is not None
        self._handler = install(folder, self.redactor, level or "INFO")

    def adjust(self, level: str, files: int) -> None:
        """Takes over the settings: how much is logged and how many files are kept."""
        self._handler.backupCount = files - 1
        if not self._is_level_given:
            set_level(level)

    def close(self) -> None:
        uninstall(self._handler)


@contextlib.contextmanager
def correlated(value: str) -> Iterator[None]:
    """Marks every event inside, and in the tasks started there, as belonging to `value`."""
    token = correlation_id.set(value)
    try:
        yield
    finally:
        correlation_id.reset(token)


def install(folder: Path, redactor: Redactor, level: str = "INFO") -> "PrivateRotatingFile":
    """Sends the program's log to `folder`; `uninstall` takes the handler back. ValueError: an unknown level."""
    set_level(level)
    handler = PrivateRotatingFile(
        folder / FILE_NAME, maxBytes=MAX_FILE_BYTES, backupCount=FILE_COUNT - 1, encoding="utf-8"
    )
    handler.setFormatter(JsonLines(redactor))
    logging.getLogger().addHandler(handler)
    return handler


def set_level(level: str) -> None:
    """From here on this much is logged; of libraries only warnings. ValueError: an unknown level."""
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(f"log level {level!r} is not one of debug, info, warning, error")
    logging.getLogger().setLevel(number)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


def uninstall(handler: logging.Handler) -> None:
    logging.getLogger().removeHandler(handler)
    handler.close()


class PrivateRotatingFile(logging.handlers.RotatingFileHandler):
    """A rotating file that only its owner can read; a full disk costs the log, never the program."""

    def _open(self):  # type: ignore[no-untyped-def]  # the base class's return type is private to typeshed
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return open(descriptor, "a", encoding=self.encoding, errors="backslashreplace")


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError) as error:
        return f"{record.msg} (its arguments do not fit: {error})"


def _spellings(secret: str) -> Iterator[str]:
    raw = secret.encode()
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield raw.hex()
    yield raw.hex().upper()
    for lead in range(3):
        # base64 of a text that contains the secret: only the groups that the secret alone decides are constant.
        whole = base64.b64encode(b"\0" * lead + raw).decode("ascii").rstrip("=")
        first = (0, 2, 3)[lead]
        last = len(whole) if (lead + len(raw)) % 3 == 0 else len(whole) - 1
        part = whole[first:last]
        if len(part) >= SHORTEST_SECRET:
            yield part
            yield part.replace("+", "-").replace("/", "_")
