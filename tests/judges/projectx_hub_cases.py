"""Runs inside a judge's environment: a SignalR client library against the loopback gateway's hubs.

Called with the library's name and the port; prints one JSON line per case. The room on the other side prices its
contracts all the time, tells events bare and wrapped by turns, single and in lists, and resets its order book.
"""

import asyncio
import importlib
import json
import os
import sys
import threading
import time
from typing import Any
from urllib.parse import quote

from projectx_calls import ES, Rest

WAIT_S = 8.0
EVENTS = (
    "GatewayUserAccount", "GatewayUserOrder", "GatewayUserPosition", "GatewayUserTrade", "GatewayQuote",
    "GatewayTrade", "GatewayDepth",
)  # fmt: skip


class Pysignalr:
    """pysignalr, which negotiates, on a loop of its own thread."""

    def __init__(self, library: Any, url: str) -> None:
        self.heard: list[tuple[str, list[Any]]] = []
        self.opened = threading.Event()
        self.refused = ""
        self._errors: list[str] = []
        self._client = importlib.import_module(f"{library.__name__}.client").SignalRClient(url, retry_count=2)
        self._client.on_open(self._on_open)
        self._client.on_error(self._on_error)
        for event in EVENTS:
            self._client.on(event, self._hearing(event))
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._run, daemon=True).start()

    def invoke(self, method: str, *arguments: Any) -> str:
        """What the hub has against it; empty when it is done."""
        done = threading.Event()
        before = len(self._errors)

        async def completed(message: Any) -> None:
            done.set()

        sending = self._client.send(method, list(arguments), completed)
        asyncio.run_coroutine_threadsafe(sending, self._loop).result(WAIT_S)
        until(lambda: done.is_set() or len(self._errors) > before)
        return self._errors[-1] if len(self._errors) > before else ""

    def _hearing(self, event: str) -> Any:
        async def hear(arguments: list[Any]) -> None:
            self.heard.append((event, arguments))

        return hear

    async def _on_open(self) -> None:
        self.opened.set()

    async def _on_error(self, message: Any) -> None:
        self._errors.append(str(message.error))

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._client.run())
        except Exception as error:  # whatever ends it is what the case asks for
            self.refused = f"{type(error).__name__}: {error}"


class Signalrcore:
    """signalrcore, which skips the negotiation; its threads end with the process."""

    def __init__(self, library: Any, url: str) -> None:
        self.heard: list[tuple[str, list[Any]]] = []
        self.opened = threading.Event()
        self.refused = ""
        self._errors: list[str] = []
        builder = importlib.import_module(f"{library.__name__}.hub_connection_builder").HubConnectionBuilder()
        self._client = builder.with_url(url.replace("http", "ws", 1), options={"skip_negotiation": True}).build()
        self._client.on_open(self.opened.set)
        self._client.on_error(lambda message: self._errors.append(str(getattr(message, "error", message))))
        for event in EVENTS:
            self._client.on(event, self._hearing(event))
        threading.Thread(target=self._run, daemon=True).start()

    def invoke(self, method: str, *arguments: Any) -> str:
        done = threading.Event()
        before = len(self._errors)
        self._client.invoke(method, list(arguments), lambda messages: done.set())
        until(lambda: done.is_set() or len(self._errors) > before)
        return self._errors[-1] if len(self._errors) > before else ""

    def _hearing(self, event: str) -> Any:
        return lambda arguments: self.heard.append((event, arguments))

    def _run(self) -> None:
        try:
            self._client.start()
        except Exception as error:  # whatever ends it is what the case asks for
            self.refused = f"{type(error).__name__}: {error}"


class Bench:
    """One connection to each hub."""

    def __init__(self, name: str, port: int) -> None:
        self.library = importlib.import_module(name)
        self.kind: Any = Pysignalr if name == "pysignalr" else Signalrcore
        self.port = port
        self.rest = Rest(port)
        self.user = self.line("user", self.rest.token)
        self.market = self.line("market", self.rest.token)

    def line(self, hub: str, token: str) -> Any:
        return self.kind(self.library, f"http://127.0.0.1:{self.port}/hubs/{hub}?access_token={quote(token)}")


def until(true: Any) -> Any:
    for _ in range(int(WAIT_S / 0.02)):
        found = true()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it never came")


def told(line: Any, event: str) -> "list[Any]":
    """What came with an event, wrapped ones unwrapped."""
    found = [arguments for name, arguments in list(line.heard) if name == event]
    return [one[0].get("data", one[0]) if event.startswith("GatewayUser") else one[1] for one in found]


def both_hubs_shake_hands(b: Bench) -> None:
    assert b.user.opened.wait(WAIT_S), b.user.refused
    assert b.market.opened.wait(WAIT_S), b.market.refused


def calls_are_completed(b: Bench) -> None:
    assert b.user.invoke("SubscribeAccounts") == ""
    for subject in ("Orders", "Positions", "Trades"):
        assert b.user.invoke(f"Subscribe{subject}", b.rest.account) == ""
    for subject in ("Quotes", "Trades", "MarketDepth"):
        assert b.market.invoke(f"SubscribeContract{subject}", ES) == ""


def unknown_method_is_an_error(b: Bench) -> None:
    assert "SubscribeWeather" in b.user.invoke("SubscribeWeather")


def quotes_are_told_and_partial(b: Bench) -> None:
    def both() -> bool:
        keys = [set(quote) for quote in told(b.market, "GatewayQuote")]
        return any("bestBid" in one for one in keys) and any("bestBid" not in one for one in keys)

    until(both)


def trades_come_single_and_in_lists(b: Bench) -> None:
    until(lambda: {type(one) for one in told(b.market, "GatewayTrade")} == {dict, list})


def book_is_told_and_reset(b: Bench) -> None:
    def kinds() -> "set[int]":
        rows = [row for one in told(b.market, "GatewayDepth") for row in (one if isinstance(one, list) else [one])]
        return {row["type"] for row in rows}

    until(lambda: {1, 2, 6} <= kinds())


def order_is_told_from_open_to_filled(b: Bench) -> None:
    status, body = b.rest.place("H1")
    assert (status, body["errorCode"]) == (200, 0)
    mine = lambda: [one for one in told(b.user, "GatewayUserOrder") if one["id"] == body["orderId"]]  # noqa: E731
    until(lambda: 2 in [one["status"] for one in mine()])
    assert {one["customTag"] for one in mine()} == {"H1"}


def its_trade_position_and_balance_are_told(b: Bench) -> None:
    until(lambda: [one for one in told(b.user, "GatewayUserTrade") if one["fees"] > 0])
    until(lambda: [one for one in told(b.user, "GatewayUserPosition") if one["size"]])
    until(lambda: [one for one in told(b.user, "GatewayUserAccount") if one["balance"] < 50_000])


def events_come_bare_and_wrapped(b: Bench) -> None:
    def both() -> bool:
        number = len(b.user.heard)
        b.rest.place(f"W{number}-{time.monotonic_ns()}", side=number % 2)
        orders = [arguments[0] for name, arguments in list(b.user.heard) if name == "GatewayUserOrder"]
        return {"action" in one for one in orders} == {True, False}

    until(both)


def silence_is_bridged_by_pings(b: Bench) -> None:
    time.sleep(1.0)
    assert b.user.invoke("SubscribeAccounts") == "", "the line still carries"


def wrong_token_is_refused(b: Bench) -> None:
    line = b.line("user", "nonsense")
    time.sleep(1.5)
    assert not line.opened.is_set()


CASES = (
    both_hubs_shake_hands, calls_are_completed, unknown_method_is_an_error, quotes_are_told_and_partial,
    trades_come_single_and_in_lists, book_is_told_and_reset, order_is_told_from_open_to_filled,
    its_trade_position_and_balance_are_told, events_come_bare_and_wrapped, silence_is_bridged_by_pings,
    wrong_token_is_refused,
)  # fmt: skip


def judge(name: str, port: int) -> int:
    bench = Bench(name, port)
    failed = 0
    for case in CASES:
        problem = ""
        try:
            case(bench)
        except Exception as error:  # each case's end is a row of the table, whatever it was
            problem = f"{type(error).__name__}: {error}"
            failed += 1
        print(json.dumps({"case": case.__name__.replace("_", " "), "problem": problem}), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    code = judge(sys.argv[1], int(sys.argv[2]))
    sys.stdout.flush()
    os._exit(code)  # signalrcore's threads do not end by themselves
