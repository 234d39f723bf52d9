"""Which tokens are taken, and what is said of the others."""

import subprocess
import sys

import pytest

from tests.adapters.sources.discord.rig import TOKEN, rig
from tests.support import eventually
from tradestream_gui.ports.broker import LinkState


async def test_user_token_is_refused_before_any_log_in(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        at.server.bot("a-persons-token", "trader", is_user=True)
        at.token = ("a-persons-token", "")
        await at.read()
        await eventually(lambda: at.sink.state() is LinkState.AUTH_FAILED)
        assert "person's account trader" in at.sink.words()
        assert at.server.sessions.identifies == 0
        assert not any("a-persons-token" in detail for _, _, detail in at.sink.links)


async def test_unknown_token_is_refused_once_and_another_one_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        at.token = ("wrong", "")
        await at.read()
        await eventually(lambda: at.sink.state() is LinkState.AUTH_FAILED)
        assert "Reset Token" in at.sink.words()
        calls = at.server.rest.faults.calls
        await eventually(lambda: at.sink.state() is LinkState.AUTH_FAILED)
        assert at.server.rest.faults.calls == calls, "a refused token is not sent again"
        at.token = (TOKEN, "")
        await at.up()
        assert "reader reads #alerts" in at.sink.words()


async def test_token_that_the_gateway_refuses_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        at.server.sessions.close_next = 4004
        await at.read()
        await eventually(lambda: at.sink.state() is LinkState.AUTH_FAILED)
        assert at.server.sessions.identifies == 1


@pytest.mark.parametrize("found_by", ["application", "gateway"])
async def test_missing_right_to_read_words_is_explained(found_by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        if found_by == "application":
            at.bot.content_intent = False
        else:
            at.server.sessions.close_next = 4014
        await at.read()
        await eventually(lambda: at.sink.state() is LinkState.AUTH_FAILED)
        assert "Message Content Intent" in at.sink.words()
        assert at.server.sessions.identifies == (0 if found_by == "application" else 1)


async def test_without_a_token_nothing_is_called_and_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        at.token = ("", "no token is kept")
        await at.read()
        await eventually(lambda: at.sink.words() == "no token is kept")
        assert at.sink.state() is LinkState.OFF
        assert at.server.rest.faults.calls == 0
        at.token = (TOKEN, "")
        await at.up()


async def test_server_error_at_the_log_in_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        at.server.http_status_next(418)
        await at.read()
        await at.up()
        assert any(state is LinkState.DOWN and "418" in detail for _, state, detail in at.sink.links)


def test_neither_library_is_loaded_before_there_is_a_token() -> None:
    code = "import sys, tradestream_gui.startup; print([n for n in ('discord', 'aiohttp') if n in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
