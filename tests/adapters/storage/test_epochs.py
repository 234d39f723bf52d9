"""Orders of a lost or replaced database are still known as ours; those of another TradeStream are not."""

from pathlib import Path

import pytest

from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.storage.epochs import EpochFile
from tradestream_gui.domain.errors import StoreFailed


def test_past_epochs_are_known_after_the_database_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "epochs.json"
    EpochFile(path, write_atomically).add("AAAA", "BBBB")
    known = EpochFile(path, write_atomically)
    known.add("BBBB", "CCCC")
    assert EpochFile(path, write_atomically).epochs == ("AAAA", "BBBB", "CCCC")
    assert known.owns("TSPAAAA-17") is True
    assert known.owns("TSLZZZZ-17") is False
    assert known.owns("manual order") is None
    assert known.owns("TSPAAAA-17-x") is None


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "epochs.json"
    for text in ("{", "{}"):
        path.write_text(text)
        with pytest.raises(StoreFailed, match="epochs"):
            EpochFile(path, write_atomically)
