"""Where files live: the user's folders per profile, and our own resources in a checkout, a wheel or a frozen build."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

APP_NAME = "TradeStream"
HOME_VARIABLE = "TRADESTREAM_HOME"
PRIVATE = 0o700
"""Folders with orders, secrets and logs are the user's alone."""

_PROFILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,39}")
_PACKAGE = Path(__file__).resolve().parent


class BadProfileName(ValueError):
    """A profile's name becomes a folder's name, so it may hold no path."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one profile. `for_profile` names them, `create` makes them."""

    profile: str
    config_dir: Path
    data_dir: Path
    state_dir: Path
    cache_dir: Path

    @classmethod
    def for_profile(
        cls, profile: str, *, data_dir: Path | None = None, variables: Mapping[str, str] = os.environ
    ) -> "Paths":
        """The folders of `profile`: all under `data_dir` (--data-dir) or TRADESTREAM_HOME where one is given.

        Raises BadProfileName for a name that is no plain folder name.
        """
        checked_profile(profile)
        chosen = data_dir or (Path(variables[HOME_VARIABLE]) if variables.get(HOME_VARIABLE) else None)
        if chosen is not None:
            home = chosen.expanduser().absolute()
            folder = home / profile
            return cls(profile, folder / "config", folder / "data", folder / "state", home / "cache")
        from platformdirs import PlatformDirs

        places = PlatformDirs(APP_NAME, appauthor=False)
        return cls(
            profile,
            Path(places.user_config_dir) / profile,
            Path(places.user_data_dir) / profile,
            Path(places.user_state_dir) / profile,
            Path(places.user_cache_dir),
        )

    def create(self) -> None:
        """Makes the folders, closed to other users; folders that are there already are closed too."""
        for folder in (self.config_dir, self.data_dir, self.state_dir, self.cache_dir, *self._inner_dirs()):
            folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            if os.name != "nt":
                folder.chmod(PRIVATE)

    @property
    def config_file(self) -> Path:
        return self.config_dir / "config.yaml"

    @property
    def vault_file(self) -> Path:
        """Sealed secrets; no backup holds it."""
        return self.config_dir / "vault.json"

    @property
    def paper_db(self) -> Path:
        return self.data_dir / "paper.db"

    @property
    def live_db(self) -> Path:
        return self.data_dir / "live.db"

    @property
    def simulator_db(self) -> Path:
        """The simulated exchange's own ledger."""
        return self.data_dir / "simulator.db"

    @property
    def backups_dir(self) -> Path:
        return self.data_dir / "backups"

    @property
    def exports_dir(self) -> Path:
        return self.data_dir / "exports"

    @property
    def logs_dir(self) -> Path:
        return self.state_dir / "logs"

    @property
    def layouts_dir(self) -> Path:
        return self.state_dir / "layouts"

    @property
    def crash_dir(self) -> Path:
        return self.state_dir / "crash"

    @property
    def lock_file(self) -> Path:
        """Held by the one instance that runs this profile."""
        return self.state_dir / "instance.lock"

    def _inner_dirs(self) -> tuple[Path, ...]:
        return (self.backups_dir, self.exports_dir, self.logs_dir, self.layouts_dir, self.crash_dir)


def checked_profile(name: str) -> str:
    """The name of a profile; raises BadProfileName for one that is no plain folder name."""
    if not _PROFILE_NAME.fullmatch(name) or name.endswith((".", " ")):
        raise BadProfileName(
            f"the profile name {name!r} is not allowed: 1 to 40 letters, digits, spaces, dots, dashes or "
            "underscores, beginning with a letter or digit"
        )
    return name


def resource_path(name: str) -> Path:
    """A file or folder under resources/, by its name there: `icons/buy.svg`."""
    return _bundled("resources", name)


def theme_path(name: str) -> Path:
    """A file under themes/, by its name there: `dark.toml`."""
    return _bundled("themes", name)


def _bundled(folder: str, name: str) -> Path:
    parts = Path(name).parts
    if Path(name).is_absolute() or ".." in parts:
        raise ValueError(f"{name!r} is not a name inside {folder}/")
    return bundled_root(folder) / name


def bundled_root(folder: str) -> Path:
    """The frozen build's copy, the wheel's (`_resources`), or the checkout's."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / folder
    in_wheel = _PACKAGE / f"_{folder}"
    return in_wheel if in_wheel.is_dir() else _PACKAGE.parent / folder
