"""The figures of the store come from the program's own database, filled by its own writer."""

from pathlib import Path

import pytest

from tradestream_gui.bench import message_store


def test_both_sides_of_each_figure_are_measured_on_real_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("FEW", 20), ("MANY", 200), ("BATCH", 20), ("RARE_AT", 137), ("ROUNDS", 2), ("APPENDS", 3)):
        monkeypatch.setattr(message_store, name, value)
    found = message_store.measure(tmp_path)
    assert set(found) == {"append_few", "append_many", "whole_file", "search", "scan", "bulk", "orm"}
    assert min(found.values()) > 0
    assert {path.name for path in tmp_path.glob("*.db")} == {"20.db", "200.db", "bulk.db", "orm.db"}
