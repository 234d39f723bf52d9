"""The real command in a process of its own, with faults of the test inside: each quotes a secret that the vault gave it
and keeps it in a local variable. The last one ends the process: an exception that nobody catches, or an abort."""

import asyncio
import faulthandler
import gc
import logging
import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from tradestream_gui import startup
from tradestream_gui.cli import main
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.startup import Opened

WAYS = ("a callback", "a task", "a thread", "a slot", "a broker's words", "a destructor", "an adapter's log")
BUNDLE = "bundle.zip"


class Refused(RuntimeError):
    """What a library raises: it quotes the request, its headers and its address."""

    def __init__(self, way: str, token: str) -> None:
        header = {"Authorization": f"Bot {token}"}
        super().__init__(f"{way}: GET /login?key={quote(token, safe='')} {header} was refused for {token}")


class Faults:
    """Breaks one thing after the other in the open profile, packs the diagnostics, and ends the process."""

    def __init__(self, opened: Opened, secret: str, passphrase: str, folder: Path, last: str) -> None:
        self._opened = opened
        self._secret = secret
        self._passphrase = passphrase
        self._folder = folder
        self._last = last

    async def run(self) -> None:
        await asyncio.to_thread(self._opened.secrets.unlock, self._passphrase)
        token = await asyncio.to_thread(self._opened.secrets.get, self._secret)
        assert token is not None, "the vault holds it"
        loop, core = asyncio.get_running_loop(), self._opened.running.core
        loop.call_soon(_fail, WAYS[0], token)
        core.tasks.spawn(_fail_later(WAYS[1], token), "sign in")
        thread = threading.Thread(target=_fail, args=(WAYS[2], token), name=WAYS[2])
        thread.start()
        thread.join()
        if self._last == "window":
            _fail_in_a_slot(WAYS[3], token)
        for account in core.accounts.accounts():
            core.order_desk.on_barred(account.account_id, str(Refused(WAYS[4], token)))
            broker = core.order_desk.broker_of(account.account_id)
            core.order_desk.on_link(broker.name, LinkState.DOWN, str(Refused(WAYS[4], token)))
        _drop(WAYS[5], token)
        logging.getLogger("httpx").warning("%s at %s", Refused(WAYS[6], token), datetime.now(UTC))
        await asyncio.sleep(1.0)
        assert core.diagnostics is not None, "a real profile has them"
        (self._folder / BUNDLE).write_bytes(await asyncio.to_thread(core.diagnostics.pack))
        if self._last == "abort":
            faulthandler.enable()
            os.abort()
        _fail("the last one", token)


def _fail(way: str, token: str) -> None:
    header = f"Bot {token}"
    assert header
    raise Refused(way, token)


async def _fail_later(way: str, token: str) -> None:
    await asyncio.sleep(0)
    _fail(way, token)


def _fail_in_a_slot(way: str, token: str) -> None:
    from PyQt6.QtCore import QTimer

    QTimer.singleShot(0, lambda: _fail(way, token))


def _drop(way: str, token: str) -> None:
    class Session:
        def __del__(self) -> None:
            _fail(way, token)

    Session()
    gc.collect()


def run(secret: str, passphrase: str, folder: Path, last: str, words: list[str]) -> int:
    start = startup.Opened.start

    async def start_and_break(opened: Opened) -> None:
        await start(opened)
        await Faults(opened, secret, passphrase, folder, last).run()

    setattr(startup.Opened, "start", start_and_break)  # noqa: B010  # the test's own process
    return main(words)


if __name__ == "__main__":
    given = [sys.stdin.readline().rstrip("\n") for _ in range(2)]
    sys.exit(run(given[0], given[1], Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
