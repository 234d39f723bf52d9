"""The wire benchmark runs the real adapters: each post becomes one order at the practice broker, each is decided."""

import pytest

from tradestream_gui.bench import wire
from tradestream_gui.bench.wire import FLOOR, REST, SOCKET, Posting


@pytest.mark.parametrize("name", [FLOOR, SOCKET, REST])
def test_every_alert_of_a_round_becomes_an_order(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "PACED", Posting(1, 12, 0.05, 12))
    monkeypatch.setattr(wire, "WARM_UP", 2)
    figures = wire.latencies(name)
    assert 0 < figures["p50"] <= figures["p99"] <= figures["max"]


def test_every_alert_of_a_burst_becomes_an_order_and_every_post_of_a_flood_is_decided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wire, "BURST", Posting(4, 4, 0.0, 16))
    monkeypatch.setattr(wire, "FLOOD", Posting(5, 8, 0.0, 10))
    assert wire.burst(SOCKET)["last"] > 0
    assert wire.flood()["last"] > 0
