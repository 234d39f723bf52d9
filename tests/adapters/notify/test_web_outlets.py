"""Discord webhooks and Telegram over a loopback server: what is sent, what 429 asks for, and no secret in words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.servers.outlets import WebOutlets, web_outlets
from tradestream_gui.adapters.notify import DiscordWebhookOutlet, TelegramOutlet
from tradestream_gui.domain.events import NoticeKind, Severity
from tradestream_gui.ports.notify import NotDelivered, Post, RemoteOutlet

AT = datetime(2026, 11, 20, 14, 30, 5, tzinfo=UTC)
TITLE, WORDS = "Entry filled · Sim · SIMULATOR", "Bought 2 MES at 6,326.25 (J*M @here)"
POST = Post(NoticeKind.FILL, Severity.SUCCESS, TITLE, WORDS, AT)
HOOK_SECRET, BOT_SECRET = "hook-secret-of-sixty-eight-letters", "123456:AA-practice_token_of_a_bot_0000000"
EASTERN = ZoneInfo("America/New_York")


def discord(server: WebOutlets, url: str | None = None) -> DiscordWebhookOutlet:
    async def secret() -> tuple[str, str]:
        kept = f"{server.base}/api/webhooks/42/{HOOK_SECRET}" if url is None else url
        return kept, "" if kept else "no URL is kept"

    return DiscordWebhookOutlet(secret, lambda: EASTERN, bases=(server.base,))


def telegram(server: WebOutlets, token: str = BOT_SECRET, chat: str = "-100123") -> TelegramOutlet:
    async def secret() -> tuple[str, str]:
        return token, "" if token else "no token is kept"

    return TelegramOutlet(secret, lambda: chat, lambda: EASTERN, base=server.base)


BOTH: list[Callable[[WebOutlets], RemoteOutlet]] = [discord, telegram]


async def refusal(outlet: RemoteOutlet) -> NotDelivered:
    with pytest.raises(NotDelivered) as caught:
        await outlet.send([POST])
    await outlet.close()
    assert HOOK_SECRET not in str(caught.value)
    assert BOT_SECRET not in str(caught.value)
    return caught.value


@pytest.mark.qt_loop
async def test_fill_goes_to_the_webhook_as_plain_words_that_call_nobody() -> None:
    async with web_outlets() as server:
        outlet = discord(server)
        await outlet.send([POST])
        await outlet.send([replace(POST, is_silent=True)])
        await outlet.close()
        path, fields = server.requests[0]
        assert path == f"/api/webhooks/42/{HOOK_SECRET}?wait=true"
        assert "09:30:05 EST  Entry filled · Sim · SIMULATOR: Bought 2 MES at 6,326.25" in fields["content"]
        assert r"\(J\*M @here\)" in fields["content"]
        assert fields["allowed_mentions"] == {"parse": []}
        assert [sent["flags"] for sent in server.sent] == [4, 4 | 4096]


@pytest.mark.qt_loop
async def test_telegram_gets_text_without_markup_and_without_noise_when_silent() -> None:
    async with web_outlets() as server:
        outlet = telegram(server)
        await outlet.send([POST, replace(POST, title="Stop filled", is_silent=True)])
        await outlet.send([replace(POST, is_silent=True)])
        await outlet.close()
        path, fields = server.requests[0]
        assert path == f"/bot{BOT_SECRET}/sendMessage"
        assert (fields["chat_id"], "parse_mode" in fields) == ("-100123", False)
        assert fields["text"].splitlines()[1].startswith("09:30:05 EST  Stop filled")
        assert [sent["disable_notification"] for sent in server.sent] == [False, True]


@pytest.mark.parametrize("make", BOTH, ids=["Discord", "Telegram"])
async def test_long_words_are_cut_to_what_the_service_takes(make: Callable[[WebOutlets], RemoteOutlet]) -> None:
    async with web_outlets() as server:
        outlet = make(server)
        await outlet.send([replace(POST, words="*" * 5000)] * 20)
        await outlet.close()
        text = server.sent[0].get("content") or server.sent[0]["text"]
        assert len(text) <= (2000 if make is discord else 4096)
        assert "more in the log" in text


@pytest.mark.parametrize(
    ("make", "answer", "headers", "wait_s"),
    [
        (discord, {"message": "You are being rate limited.", "retry_after": 1.5, "global": False}, {}, 1.5),
        (discord, {}, {"Retry-After": "7"}, 7.0),
        (telegram, {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 12}}, {}, 12.0),
        (telegram, {}, {}, 60.0),
        (discord, {"retry_after": "soon"}, {}, 60.0),
    ],
)
async def test_429_says_how_long_to_wait(
    make: Callable[[WebOutlets], RemoteOutlet], answer: dict[str, object], headers: dict[str, str], wait_s: float
) -> None:
    async with web_outlets() as server:
        server.next_answers.append((429, answer, headers))
        failure = await refusal(make(server))
        assert (failure.retry_after_s, failure.is_final) == (wait_s, False)


@pytest.mark.parametrize("make", BOTH, ids=["Discord", "Telegram"])
@pytest.mark.parametrize(("status", "is_final"), [(400, True), (401, True), (404, True), (500, False), (503, False)])
async def test_refusal_is_told_with_its_number_and_the_services_words(
    make: Callable[[WebOutlets], RemoteOutlet], status: int, is_final: bool
) -> None:
    async with web_outlets() as server:
        said = {"message": f"no {HOOK_SECRET}"} if make is discord else {"description": f"no {BOT_SECRET}"}
        server.next_answers.append((status, said, {}))
        failure = await refusal(make(server))
        assert failure.is_final is is_final
        assert f"answered {status}: no …" in str(failure)


@pytest.mark.parametrize("make", BOTH, ids=["Discord", "Telegram"])
async def test_service_that_is_not_there_is_told_without_its_address(
    make: Callable[[WebOutlets], RemoteOutlet],
) -> None:
    async with web_outlets() as server:
        outlet = make(server)
    failure = await refusal(outlet)
    assert "cannot be reached" in str(failure)
    assert not failure.is_final


async def test_redirect_is_not_followed() -> None:
    async with web_outlets() as server:
        server.next_answers.append((302, {}, {"Location": f"{server.base}/elsewhere"}))
        assert (await refusal(discord(server))).is_final
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        "", "nonsense", "https://evil.example/api/webhooks/42/abc", "{base}.evil.example/api/webhooks/42/abc",
        "{base}/api/webhooks/42", "{base}/api/webhooks/42/abc/../../users/@me",
        "{base}@evil.example/api/webhooks/42/abc",
    ],
)  # fmt: skip
async def test_url_that_is_no_webhook_is_never_called(url: str) -> None:
    async with web_outlets() as server:
        failure = await refusal(discord(server, url.format(base=server.base)))
        assert failure.is_final
        assert server.requests == []


async def test_telegram_without_token_or_chat_is_told_and_never_called() -> None:
    async with web_outlets() as server:
        for outlet, words in (
            (telegram(server, token=""), "no token is kept"),
            (telegram(server, token="no bot's token"), "none of a Telegram bot"),
            (telegram(server, chat=""), "no chat is set"),
        ):
            failure = await refusal(outlet)
            assert words in str(failure)
            assert failure.is_final
        assert server.requests == []
