"""The webhook's port over real sockets: who is heard, who is not, and what a post becomes."""

import asyncio
import json
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.adapters.sources.webhook.rig import BODY, QUICK, TOKEN, Sender, free_port, listening
from tests.support import eventually
from tradestream_gui.adapters.runtime.clock import RealClock
from tradestream_gui.adapters.sources.webhook.gate import signature
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.ports.broker import LinkState


def signed(body: bytes, *, nonce: str = "nonce-0001", off_s: float = 0, token: str = TOKEN) -> dict[str, str]:
    timestamp = str(int(RealClock().now().timestamp() + off_s))
    return {
        "X-TradeStream-Timestamp": timestamp, "X-TradeStream-Nonce": nonce,
        "X-TradeStream-Signature": signature(token, timestamp, nonce, body),
    }  # fmt: skip


NO_TOKEN = ("X-TradeStream-Token",)


async def test_post_with_the_token_is_handed_over_stored_and_then_answered() -> None:
    async with listening() as rig:
        answer = await rig.sender.post()
        assert answer.status == 202
        (message,) = rig.stored
        assert answer.fields == {"status": "accepted", "id": message.message_id}
        assert (message.source, message.channel_id, message.text) == ("webhook", "swing", BODY.decode())
        assert message.arrival is Arrival.WEBHOOK
        assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("way", ["bearer", "in the address", "signed"])
async def test_token_may_come_as_bearer_in_the_address_or_as_a_signature(way: str) -> None:
    async with listening() as rig:
        path, headers = "/v1/alerts/swing", {}
        if way == "bearer":
            headers = {"Authorization": f"Bearer {TOKEN}"}
        elif way == "signed":
            headers = signed(BODY)
        else:
            path = f"/v1/hook/{TOKEN}/swing"
        answer = await rig.sender.post(path=path, headers=headers, without=NO_TOKEN)
        assert (answer.status, len(rig.stored)) == (202, 1)


WRONG: list[tuple[str, int, Callable[[Sender], dict[str, object]]]] = [
    ("no token", 404, lambda at: {"without": NO_TOKEN}),
    ("a wrong token", 404, lambda at: {"headers": {"X-TradeStream-Token": "x" * len(TOKEN)}}),
    ("part of the token", 404, lambda at: {"headers": {"X-TradeStream-Token": TOKEN[:-1]}}),
    ("a wrong token in the address", 404, lambda at: {"path": f"/v1/hook/{'x' * 43}/swing", "without": NO_TOKEN}),
    ("another path", 404, lambda at: {"path": "/"}),
    ("a path that climbs", 404, lambda at: {"path": "/v1/alerts/../swing"}),
    ("another method", 405, lambda at: {"method": "GET"}),
    ("a name that points here", 403, lambda at: {"headers": {"Host": f"evil.example:{at.port}"}}),
    ("another port's name", 403, lambda at: {"headers": {"Host": "127.0.0.1:80"}}),
    ("a web page", 403, lambda at: {"headers": {"Origin": "http://evil.example"}}),
    ("this computer's own web page", 403, lambda at: {"headers": {"Sec-Fetch-Site": "same-origin"}}),
    ("a form", 415, lambda at: {"headers": {"Content-Type": "application/x-www-form-urlencoded"}}),
    ("a packed body", 415, lambda at: {"headers": {"Content-Encoding": "gzip"}}),
    ("a body that is too long", 413, lambda at: {"body": b"x" * (16 * 1024 + 1)}),
    ("no body", 400, lambda at: {"body": b""}),
    ("no UTF-8", 400, lambda at: {"body": b"\xff\xfe buy"}),
    ("no group", 400, lambda at: {"path": "/v1/alerts"}),
    ("an unknown group", 404, lambda at: {"path": "/v1/alerts/nobody"}),
    ("two groups", 400, lambda at: {"body": b'{"stub": "other", "ticker": "ES1!", "action": "buy"}'}),
    ("a group that is a path", 404, lambda at: {"path": "/v1/alerts/..%2fswing"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "status", "how"), WRONG, ids=[row[0] for row in WRONG])
async def test_what_is_not_right_is_refused_and_reaches_nobody(
    what: str, status: int, how: Callable[[Sender], dict[str, object]]
) -> None:
    async with listening() as rig:
        answer = await rig.sender.post(**how(rig.sender))  # type: ignore[arg-type]  # the rows name the parameters
        assert answer.status == status, answer
        assert rig.sink.messages == []
        assert TOKEN not in json.dumps(answer.fields)
        assert (await rig.sender.post()).status == 202, "the port lives on"


async def test_stub_or_group_of_the_body_names_the_group_where_the_address_does_not() -> None:
    async with listening() as rig:
        body = b'{"stub": "swing", "direction": "long", "symbol": "ES"}'
        answer = await rig.sender.post(body, path=f"/v1/hook/{TOKEN}", without=NO_TOKEN)
        assert (answer.status, rig.stored[0].channel_id) == (202, "swing")


async def test_long_body_without_its_length_is_cut_off() -> None:
    async with listening() as rig:
        head = (
            f"POST /v1/alerts/swing HTTP/1.1\r\nHost: 127.0.0.1:{rig.sender.port}\r\nX-TradeStream-Token: {TOKEN}\r\n"
            "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
        ).encode()
        chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n"
        answer = await rig.sender.say(head, *[chunk] * 6, b"0\r\n\r\n")
        assert answer.status in (413, 0)
        assert rig.sink.messages == []


async def test_body_that_never_comes_is_not_waited_for() -> None:
    async with listening() as rig:
        head = (
            f"POST /v1/alerts/swing HTTP/1.1\r\nHost: 127.0.0.1:{rig.sender.port}\r\nX-TradeStream-Token: {TOKEN}\r\n"
            "Content-Type: text/plain\r\nContent-Length: 100\r\n\r\nES long"
        ).encode()
        answer = await rig.sender.say(head)
        assert answer.status == 408
        assert "did not come within" in answer.error
        assert rig.sink.messages == []


async def test_request_that_dribbles_in_is_hung_up_on_and_silent_lines_do_not_fill_the_port() -> None:
    async with listening() as rig:
        dribble = [bytes([byte]) for byte in b"POST /v1/alerts/swing HTTP/1.1\r\nHost: 127.0.0.1"]
        answer = await rig.sender.say(*dribble, pause_s=0.03)
        assert answer.status in (0, 408, 400)
        silent = [await asyncio.open_connection("127.0.0.1", rig.sender.port) for _ in range(40)]
        for reader, _ in silent:
            assert await asyncio.wait_for(reader.read(), 10) == b""
        for _, writer in silent:
            writer.close()
        assert (await rig.sender.post()).status == 202
        assert len(rig.sink.messages) == 1


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00" * 64, b"GET\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00",
        b"A" * 20_000 + b"\r\n\r\n",
    ],
    ids=["zeros", "half a line", "another protocol", "TLS", "a line without end"],
)
async def test_garbage_is_answered_or_hung_up_on_and_the_port_lives_on(garbage: bytes) -> None:
    async with listening() as rig:
        assert (await rig.sender.say(garbage)).status in (0, 400, 403, 404)
        assert (await rig.sender.post()).status == 202


async def test_signature_is_checked_by_key_time_and_nonce() -> None:
    async with listening() as rig:
        rig.is_signed = True
        assert (await rig.sender.post()).status == 401, "the token alone is not enough where a signature is demanded"
        good = signed(BODY)
        assert (await rig.sender.post(headers=good, without=NO_TOKEN)).status == 202
        replayed = await rig.sender.post(headers=good, without=NO_TOKEN)
        assert (replayed.status, replayed.error) == (409, "this nonce was used before")
        other_body = await rig.sender.post(BODY + b" ", headers=signed(BODY, nonce="nonce-0002"), without=NO_TOKEN)
        assert other_body.status == 404
        for off_s in (-31.5, 32):
            late = await rig.sender.post(headers=signed(BODY, nonce="nonce-0003", off_s=off_s), without=NO_TOKEN)
            assert late.status == 401
            assert "s off" in late.error
        wrong_key = signed(BODY, nonce="nonce-0004", token="another token")
        assert (await rig.sender.post(headers=wrong_key, without=NO_TOKEN)).status == 404
        odd = signed(BODY) | {"X-TradeStream-Nonce": "short"}
        assert (await rig.sender.post(headers=odd, without=NO_TOKEN)).status == 401
        assert len(rig.stored) == 1


async def test_wrong_signature_is_refused_also_where_none_is_demanded() -> None:
    async with listening() as rig:
        bad = signed(BODY) | {"X-TradeStream-Signature": "0" * 64}
        assert (await rig.sender.post(headers=bad)).status == 404
        assert rig.stored == []


async def test_same_body_within_seconds_is_one_post_and_later_another() -> None:
    async with listening(timing=replace(QUICK, repeat_s=0.3)) as rig:
        first, second = await rig.sender.post(), await rig.sender.post()
        assert (first.status, second.status, second.fields) == (202, 200, {"status": "duplicate"})
        await asyncio.sleep(0.35)
        assert (await rig.sender.post()).status == 202
        assert len({message.message_id for message in rig.stored}) == 2


async def test_post_with_an_id_is_taken_once_and_another_body_under_it_is_refused() -> None:
    async with listening(timing=replace(QUICK, repeat_s=0.0)) as rig:
        body = b'{"id": "a1", "ticker": "ES1!", "action": "buy"}'
        assert (await rig.sender.post(body)).status == 202
        assert (await rig.sender.post(body)).fields == {"status": "duplicate"}
        other = await rig.sender.post(b'{"id": "a1", "ticker": "NQ1!", "action": "buy"}')
        assert other.status == 409
        by_header = {"Idempotency-Key": "b2"}
        assert (await rig.sender.post(headers=by_header)).status == 202
        assert (await rig.sender.post(headers=by_header)).status == 200
        assert len(rig.stored) == 2


async def test_at_once_from_many_lines_the_same_post_is_taken_once() -> None:
    async with listening() as rig:
        answers = await asyncio.gather(*(rig.sender.post() for _ in range(8)))
        assert sorted(answer.status for answer in answers) == [200] * 7 + [202]
        assert len(rig.sink.messages) == 1


async def test_more_than_ten_a_minute_wait_but_what_reduces_goes_through() -> None:
    async with listening() as rig:
        for number in range(10):
            assert (await rig.sender.post(b'{"ticker": "ES1!", "action": "buy", "n": %d}' % number)).status == 202
        over = await rig.sender.post(b'{"ticker": "ES1!", "action": "buy", "n": 11}')
        assert over.status == 429
        assert 1 <= int(over.headers["retry-after"]) <= 61
        assert (await rig.sender.post(b'{"ticker": "ES1!", "action": "exit"}')).status == 202
        assert len(rig.stored) == 11


async def test_wrong_tokens_do_not_use_up_the_minute() -> None:
    async with listening() as rig:
        for _ in range(30):
            assert (await rig.sender.post(without=NO_TOKEN)).status == 404
        assert (await rig.sender.post()).status == 202


async def test_token_in_a_body_is_masked_before_anybody_keeps_it() -> None:
    async with listening() as rig:
        assert (await rig.sender.post(f'{{"ticker": "ES1!", "secret": "{TOKEN}"}}'.encode())).status == 202
        assert TOKEN not in rig.stored[0].text
        assert '"secret": "********"' in rig.stored[0].text


async def test_sender_is_not_told_yes_when_the_post_could_not_be_stored() -> None:
    async with listening() as rig:
        rig.store_breaks = True
        answer = await rig.sender.post()
        assert (answer.status, answer.error) == (503, "the post could not be stored: the disk is full")


async def test_port_listens_on_this_computer_only() -> None:
    async with listening() as rig:
        with socket.socket() as other:
            other.bind(("127.0.0.2", rig.sender.port))  # refused if every address were taken
        assert (await rig.sender.post()).status == 202


async def test_without_a_token_no_port_is_opened_and_with_one_it_is() -> None:
    async with listening(token="") as rig:
        await eventually(lambda: rig.sink.state("webhook") is LinkState.OFF and rig.sink.links)
        assert "no token is kept" in rig.sink.words("webhook")
        with pytest.raises(OSError, match="onnect"):
            await rig.sender.post()
        rig.token = TOKEN
        await eventually(lambda: rig.sink.state("webhook") is LinkState.UP)
        assert (await rig.sender.post()).status == 202
        rig.token = "another token that was made in the meantime"
        assert (await rig.sender.post()).status == 404


async def test_port_that_is_taken_is_told_and_tried_again() -> None:
    port = free_port()
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", port))
        holder.listen()
        async with listening(port=port) as rig:
            await eventually(lambda: rig.sink.state("webhook") is LinkState.DOWN)
            assert f"port {port} cannot be had" in rig.sink.words("webhook")
            holder.close()
            await eventually(lambda: rig.sink.state("webhook") is LinkState.UP)
            assert (await rig.sender.post()).status == 202


@pytest.mark.qt_loop
async def test_port_works_on_the_windows_own_loop() -> None:
    async with listening() as rig:
        answers = await asyncio.gather(*(rig.sender.post(b'{"n": %d}' % number) for number in range(6)))
        assert [answer.status for answer in answers] == [202] * 6
        assert (await rig.sender.post(without=NO_TOKEN)).status == 404
