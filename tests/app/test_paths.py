"""Files live where the platform keeps them, closed to other users, and a profile's name is never a path."""

import os
import stat
from pathlib import Path

import pytest

from tradestream_gui.paths import BadProfileName, Paths, bundled_root, resource_path, theme_path


def test_the_home_variable_moves_every_folder(tmp_path: Path) -> None:
    paths = Paths.for_profile("demo", variables={"TRADESTREAM_HOME": str(tmp_path)})
    for folder in (paths.config_dir, paths.data_dir, paths.state_dir, paths.cache_dir, paths.paper_db, paths.logs_dir):
        assert folder.is_relative_to(tmp_path)


def test_the_command_line_folder_wins_over_the_home_variable(tmp_path: Path) -> None:
    paths = Paths.for_profile("demo", data_dir=tmp_path / "here", variables={"TRADESTREAM_HOME": "/elsewhere"})
    assert paths.data_dir == tmp_path / "here" / "demo" / "data"


def test_without_either_the_platform_decides_and_the_profile_is_the_last_folder(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRADESTREAM_HOME")
    paths = Paths.for_profile("jane")
    assert paths.config_file.parent.name == "jane"
    assert paths.config_dir.is_relative_to(empty_home)
    assert "TradeStream" in paths.data_dir.parts


def test_two_profiles_share_no_database_and_no_settings(tmp_path: Path) -> None:
    one, two = (Paths.for_profile(name, data_dir=tmp_path) for name in ("demo", "main"))
    assert one.live_db != two.live_db
    assert one.config_dir != two.config_dir
    assert one.lock_file != two.lock_file


def test_folders_are_closed_to_other_users_even_if_they_were_open_before(tmp_path: Path) -> None:
    paths = Paths.for_profile("demo", data_dir=tmp_path)
    paths.data_dir.mkdir(parents=True)
    paths.data_dir.chmod(0o755)
    paths.create()
    for folder in (paths.config_dir, paths.data_dir, paths.state_dir, paths.logs_dir, paths.backups_dir):
        assert folder.is_dir()
        if os.name != "nt":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["", "..", "../other", "a/b", "a\\b", ".hidden", "x" * 41, "end.", "a\nb"])
def test_a_profile_name_that_is_a_path_is_refused_with_the_rule(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadProfileName, match="is not allowed: 1 to 40 letters"):
        Paths.for_profile(name, data_dir=tmp_path)


def test_our_own_files_are_found_in_the_checkout(root: Path) -> None:
    assert bundled_root("resources") == root / "resources"
    assert resource_path("icons/buy.svg").is_file()
    assert theme_path("dark.toml").is_file()


@pytest.mark.parametrize("name", ["../pyproject.toml", "/etc/hostname"])
def test_a_resource_name_cannot_leave_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="is not a name inside resources/"):
        resource_path(name)
