"""What stands beside the way of an alert is measured on the real parts: journal, collector, ticket and buttons."""

from pathlib import Path

import pytest

from tradestream_gui.bench import disk_stall, order_sides
from tradestream_gui.bench.child import run_child


@pytest.mark.parametrize(("what", "figures"), [("commits", {"p50"}), ("stalls", {"p99", "max"})])
@pytest.mark.parametrize("whose", ["ours", "raw"])
async def test_each_disk_keeps_intents_and_says_what_it_took(
    what: str, figures: set[str], whose: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_stall, "COMMITS", 60)
    monkeypatch.setattr(disk_stall, "LAST_S", 0.5)
    found = await disk_stall.measure(what, whose, tmp_path)
    assert set(found) == figures
    assert min(found.values()) > 0


def test_what_the_start_made_is_not_collected_again_once_it_is_frozen() -> None:
    found = {kind: run_child("tradestream_gui.bench.gc_pause", [kind])["pause"] for kind in ("unfrozen", "frozen")}
    assert 0 < found["frozen"] < found["unfrozen"]


FLATTEN = {"flatten", "first", "raw"}


@pytest.mark.parametrize(("kind", "figures"), [("enter", {"enter"}), ("kill", FLATTEN), ("storm", FLATTEN)])
def test_the_hand_reaches_the_socket_from_the_real_window(kind: str, figures: set[str], tmp_path: Path) -> None:
    with order_sides._listener() as port:
        found = run_child("tradestream_gui.bench.order_hand", [kind, str(port), str(tmp_path)])
    assert set(found) == figures
    assert min(found.values()) > 0
