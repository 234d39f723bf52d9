"""One backup file holds a profile and brings it back; a crafted one changes nothing."""

import zipfile
from pathlib import Path

import pytest

from tests.upkeep.test_backup import KEEPER, NOON, state_of, write_orders
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.upkeep.archive import ProfileDatabase, restore_archive, settings_in, write_archive


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    write_orders(tmp_path / "data" / "paper.db", 0, 5)
    return tmp_path / "data"


def databases(folder: Path) -> tuple[ProfileDatabase, ...]:
    return (ProfileDatabase(folder / "paper.db", KEEPER, "P"), ProfileDatabase(folder / "live.db", KEEPER, "L"))


def archived(data_dir: Path, target: Path) -> Path:
    config = data_dir / "config.yaml"
    config.write_text("general: {}\n")
    write_archive(target, databases(data_dir), config, NOON, write=write_atomically)
    return target


def test_a_profile_comes_back_from_one_file(data_dir: Path, tmp_path: Path) -> None:
    kept = archived(data_dir, tmp_path / "all.tsbackup")
    assert sorted(zipfile.ZipFile(kept).namelist()) == ["config.yaml", "paper.db", "paper.json"]
    assert settings_in(kept) == "general: {}\n"
    write_orders(data_dir / "paper.db", 5, 8)
    (aside,) = restore_archive(kept, databases(data_dir), NOON, write=write_atomically)
    assert aside.name.startswith("paper-before-restore-")
    found, epoch, past = state_of(data_dir / "paper.db")
    assert (len(found.orders), epoch, past) == (5, "BBBB", ("AAAA",))
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("name", ["../evil.db", "/etc/passwd", "data/paper.db", "paper.db-wal", "run.py"])
def test_an_archive_with_any_other_member_is_refused(data_dir: Path, tmp_path: Path, name: str) -> None:
    kept = archived(data_dir, tmp_path / "all.tsbackup")
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr(name, b"x")
    before = (data_dir / "paper.db").read_bytes()
    with pytest.raises(StoreFailed, match="is no backup of TradeStream"):
        restore_archive(kept, databases(data_dir), NOON, write=write_atomically)
    assert (data_dir / "paper.db").read_bytes() == before


def test_a_database_whose_bytes_differ_from_its_manifest_is_refused(data_dir: Path, tmp_path: Path) -> None:
    kept, forged = archived(data_dir, tmp_path / "all.tsbackup"), tmp_path / "forged.tsbackup"
    with zipfile.ZipFile(kept) as source, zipfile.ZipFile(forged, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(b"TSPAAAA-3", b"TSPAAAA-7") if name == "paper.db" else data)
    with pytest.raises(StoreFailed):
        restore_archive(forged, databases(data_dir), NOON, write=write_atomically)
    assert len(state_of(data_dir / "paper.db")[0].orders) == 5


def test_a_file_that_is_no_archive_is_refused(data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    with pytest.raises(StoreFailed, match=r"photo\.jpg is no backup"):
        restore_archive(tmp_path / "photo.jpg", databases(data_dir), NOON, write=write_atomically)


def test_nothing_to_back_up_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="no database"):
        write_archive(tmp_path / "x", databases(tmp_path), tmp_path / "c", NOON, write=write_atomically)


def test_a_live_database_under_the_name_of_the_paper_one_is_refused(data_dir: Path, tmp_path: Path) -> None:
    kept = archived(data_dir, tmp_path / "all.tsbackup")
    swapped = (ProfileDatabase(data_dir / "paper.db", KEEPER, "L"),)
    with pytest.raises(StoreFailed, match="accounts of the other kind"):
        restore_archive(kept, swapped, NOON, write=write_atomically)
