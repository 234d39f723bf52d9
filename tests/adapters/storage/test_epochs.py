"""Orders of a lost or replaced database are still known as ours; those of another TradeStream are not."""

from pathlib import Path

import pytest

from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.storage.epochs import EpochFile, epoch_of
from tradestream_gui.domain.errors import StoreFailed


def test_past_epochs_are_known_after_the_database_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "epochs.json"
    EpochFile(path, write_atomically).add("AAAA", "BBBB")
    known = EpochFile(path, write_atomically)
    known.add("BBBB", "CCCC")
    assert EpochFile(path, write_atomically).epochs == ("AAAA", "BBBB", "CCCC")
    assert [epoch_of(text) for text in ("TSPAAAA-17", "TSLZZZZ-17")] == ["AAAA", "ZZZZ"]
    assert [epoch_of(text) for text in ("manual order", "TSPAAAA-17-x", "TSXAAAA-1")] == [None] * 3


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "epochs.json"
    for text in ("{", "{}"):
        path.write_text(text)
        with pytest.raises(StoreFailed, match="epochs"):
            EpochFile(path, write_atomically)
