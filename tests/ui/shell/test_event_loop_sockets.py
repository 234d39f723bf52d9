"""The event loop serves real sockets on loopback as asyncio does, and lets go of them."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from PyQt6.QtWidgets import QApplication

from tradestream_gui.ui.shell.event_loop import PreciseEventLoop


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    near, far = socket.socketpair()
    near.setblocking(False)
    far.setblocking(False)
    yield near, far
    near.close()
    far.close()


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def _others_end() -> None:
    """The far ends notice that their connections were closed."""
    await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))


def test_streams_carry_more_than_a_socket_buffer_both_ways(loop: PreciseEventLoop) -> None:
    sent = bytes(range(256)) * 20_000

    async def talk() -> bytes:
        server = await asyncio.start_server(_echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())

        async def send() -> None:
            writer.write(sent)
            await writer.drain()

        sender = asyncio.create_task(send())
        received = await reader.readexactly(len(sent))
        await sender
        writer.close()
        await writer.wait_closed()
        server.close()
        await _others_end()
        return received

    assert loop.run_until_complete(talk()) == sent
    assert len(loop._sockets) == 1  # the loop's own wake-up pipe


def test_many_connections_at_once_each_get_their_own_answer(loop: PreciseEventLoop) -> None:
    async def ask(address: tuple[str, int], number: int) -> bytes:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"order %d\n" % number)
        answer = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return answer

    async def talk() -> list[bytes]:
        server = await asyncio.start_server(_echo, "127.0.0.1", 0)
        address = server.sockets[0].getsockname()
        answers = await asyncio.gather(*(ask(address, number) for number in range(40)))
        server.close()
        await _others_end()
        return answers

    assert loop.run_until_complete(talk()) == [b"order %d\n" % number for number in range(40)]


def test_a_reader_is_called_while_there_is_data_and_not_after_its_removal(
    loop: PreciseEventLoop, pair: tuple[socket.socket, socket.socket]
) -> None:
    near, far = pair
    got: list[bytes] = []
    loop.add_reader(near, lambda: got.append(near.recv(3)))
    far.send(b"bidask")
    loop.call_later(0.02, loop.stop)
    loop.run_forever()
    assert got == [b"bid", b"ask"]
    assert loop.remove_reader(near)
    assert not loop.remove_reader(near)
    far.send(b"late")
    loop.call_later(0.02, loop.stop)
    loop.run_forever()
    assert got == [b"bid", b"ask"]


def test_a_second_reader_replaces_the_first(loop: PreciseEventLoop, pair: tuple[socket.socket, socket.socket]) -> None:
    near, far = pair
    first: list[bytes] = []
    second: list[bytes] = []
    loop.add_reader(near, lambda: first.append(near.recv(64)))
    loop.add_reader(near, lambda: second.append(near.recv(64)))
    far.send(b"fill")
    loop.call_later(0.02, loop.stop)
    loop.run_forever()
    assert (first, second) == ([], [b"fill"])


def test_a_writer_is_called_when_there_is_room(
    loop: PreciseEventLoop, pair: tuple[socket.socket, socket.socket]
) -> None:
    near, far = pair

    def write() -> None:
        near.send(b"cancel")
        loop.remove_writer(near)
        loop.stop()

    loop.add_writer(near, write)
    loop.run_forever()
    assert far.recv(64) == b"cancel"


def test_an_error_in_a_reader_is_reported_and_the_loop_lives(
    loop: PreciseEventLoop, pair: tuple[socket.socket, socket.socket]
) -> None:
    near, far = pair
    reported: list[object] = []
    loop.set_exception_handler(lambda _, context: reported.append(context["exception"]))

    def fail() -> None:
        near.recv(64)
        raise ValueError("broken frame")

    loop.add_reader(near, fail)
    far.send(b"x")
    loop.call_later(0.02, loop.stop)
    loop.run_forever()
    assert [str(error) for error in reported] == ["broken frame"]


def test_no_socket_is_watched_while_the_loop_rests(
    loop: PreciseEventLoop, qapp: QApplication, pair: tuple[socket.socket, socket.socket]
) -> None:
    near, far = pair
    got: list[bytes] = []
    loop.add_reader(near, lambda: got.append(near.recv(64)))
    loop.run_until_complete(asyncio.sleep(0))
    far.send(b"while resting")
    for _ in range(5):
        qapp.processEvents()
    assert got == []
    loop.call_later(0.01, loop.stop)
    loop.run_forever()
    assert got == [b"while resting"]


def test_what_a_socket_made_ready_runs_before_a_later_callback_of_the_same_pass(
    loop: PreciseEventLoop, pair: tuple[socket.socket, socket.socket]
) -> None:
    near, far = pair

    async def read() -> bytes:
        return await loop.sock_recv(near, 64)

    task = loop.create_task(read())
    loop.call_later(0.005, far.send, b"quote")
    assert loop.run_until_complete(asyncio.wait_for(task, 5)) == b"quote"
