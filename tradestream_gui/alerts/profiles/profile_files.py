"""Profile files: the shipped ones, and the folder with the user's own copies that override them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tradestream_gui.alerts.profiles.profile_text import profile_text
from tradestream_gui.alerts.profiles.profiles import ProfileError, load_profile_file, profiles_of_text
from tradestream_gui.domain.alert_profile import AlertProfile

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class KnownProfile:
    """A profile with where it comes from: `shipped` is what it overrides, `own_file` the user's file that holds it."""

    profile: AlertProfile
    shipped: AlertProfile | None
    own_file: Path | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """All profiles that can be used, and what is wrong with the user's files that cannot."""

    known: tuple[KnownProfile, ...]
    mistakes: tuple[str, ...]

    @property
    def profiles(self) -> tuple[AlertProfile, ...]:
        return tuple(each.profile for each in self.known)


class ProfileFiles:
    """Reads both folders; writes in the user's own only. `write` replaces a file as a whole or not at all."""

    def __init__(self, shipped: Path, own: Path, write: Callable[[Path, bytes], None]) -> None:
        self._shipped = shipped
        self._own = own
        self._write = write

    def load(self) -> Loaded:
        """A broken file of the user's is named and left out; the shipped profile that it overrides holds then. A file
        that is called like its profile wins over one that holds several."""
        shipped = {profile.name: profile for profile in _all_of(sorted(self._shipped.glob("*.toml")))}
        known = {name: KnownProfile(profile, profile, None) for name, profile in shipped.items()}
        mistakes = []
        for path in sorted(self._own.glob("*.toml")) if self._own.is_dir() else ():
            try:
                found = load_profile_file(path)
            except (ProfileError, OSError) as error:
                mistakes.append(str(error))
                continue
            for profile in found:
                before = known.get(profile.name)
                if before is not None and before.own_file is not None and before.own_file.stem == profile.name:
                    continue
                known[profile.name] = KnownProfile(profile, shipped.get(profile.name), path)
        return Loaded(tuple(known.values()), tuple(mistakes))

    def file_of(self, name: str) -> Path:
        """Raises ProfileError for a name that is no plain file name."""
        if not _NAME.fullmatch(name):
            raise ProfileError(f"{name!r} is no profile name: use small letters, digits and hyphens, at most 40")
        return self._own / f"{name}.toml"

    def text_of(self, known: KnownProfile) -> str:
        """The user's file as it stands, with his remarks; else what a copy would hold."""
        if known.own_file is not None and known.own_file.name == f"{known.profile.name}.toml":
            return known.own_file.read_text(encoding="utf-8")
        return profile_text(known.profile)

    def save(self, profile: AlertProfile) -> Path:
        return self.save_text(profile.name, profile_text(profile))

    def save_text(self, name: str, text: str) -> Path:
        """Checks the text first: nothing is written that could not be read. Raises ProfileError or OSError."""
        path = self.file_of(name)
        profiles = profiles_of_text(text, path.name)
        if [profile.name for profile in profiles] != [name]:
            raise ProfileError(f"{path.name}: must hold the one profile named {name!r}", "name")
        self._own.mkdir(parents=True, exist_ok=True)
        self._write(path, text.encode("utf-8"))
        return path

    def delete(self, name: str) -> bool:
        """Removes the user's copy; a shipped profile of the name holds again. False when there was none."""
        path = self.file_of(name)
        if not path.exists():
            return False
        path.unlink()
        return True


def _all_of(paths: Sequence[Path]) -> list[AlertProfile]:
    return [profile for path in paths for profile in load_profile_file(path)]
