"""The order benchmark runs the real core: each alert posted becomes exactly one order on the far end's socket."""

import pytest

from tradestream_gui.bench import orders


@pytest.mark.parametrize("name", [orders.FLOOR, orders.OURS, orders.UNMETERED])
def test_every_alert_of_a_round_becomes_an_order(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "COUNT", 12)
    figures = orders._round(name)
    assert 0 < figures["p50"] <= figures["p99"] <= figures["max"]
