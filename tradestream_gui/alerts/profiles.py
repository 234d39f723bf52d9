"""Alert profiles as TOML: loading, checking and choosing the one for a channel and author; a user's copy overrides."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from tradestream_gui.alerts.lexicon import words_of
from tradestream_gui.domain.alert_profile import (
    AddedMeans,
    AlertProfile,
    DefaultExpiry,
    LoadedMeans,
    ProfileExample,
)  # fmt: skip
from tradestream_gui.domain.instruments import AssetClass

MAX_FILE_BYTES = 256_000
"""A profile file is a few kilobytes; anything larger is not one."""

_E = TypeVar("_E", bound=Enum)


class ProfileError(ValueError):
    """A profile file that cannot be used: says which file, which key, and what is allowed."""


def load_profiles(*folders: Path) -> tuple[AlertProfile, ...]:
    """All profiles of the folders; one of a later folder replaces an earlier one of the same name."""
    by_name: dict[str, AlertProfile] = {}
    for folder in folders:
        if folder.is_dir():
            for path in sorted(folder.glob("*.toml")):
                for profile in load_profile_file(path):
                    by_name[profile.name] = profile
    if "default" not in by_name:
        raise ProfileError(f"no profile named 'default' in {', '.join(str(folder) for folder in folders)}")
    return tuple(by_name.values())


def load_profile_file(path: Path) -> tuple[AlertProfile, ...]:
    """The profiles of one TOML file: one at the top level, or several as [[profile]] tables."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ProfileError(f"{path.name}: larger than {MAX_FILE_BYTES} bytes, not a profile")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path.name}: {error}") from error
    tables = table.get("profile", [table])
    return tuple(profile_from_table(item, path.name) for item in tables)


def choose_profile(profiles: Sequence[AlertProfile], channel: str, author: str) -> AlertProfile:
    """The profile matched by channel and author, else by author, else by channel, else `default`."""
    best, best_rank = None, 0
    for profile in profiles:
        for wanted_channel, wanted_author in profile.match:
            if wanted_channel not in ("", channel) or wanted_author not in ("", author):
                continue
            rank = (1 if wanted_channel else 0) + (2 if wanted_author else 0)
            if rank > best_rank:
                best, best_rank = profile, rank
    if best is not None:
        return best
    return next(profile for profile in profiles if profile.name == "default")


def profile_from_table(table: Mapping[str, object], where: str) -> AlertProfile:
    """A checked profile; raises ProfileError that names the file, the key and the values allowed."""
    reader = _Reader(table, where)
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise ProfileError(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}")
    return AlertProfile(
        name=reader.text("name"),
        title=reader.text("title"),
        match=tuple((reader.part(row, "channel"), reader.part(row, "author")) for row in reader.tables("match")),
        entry_words=reader.words("entry_words"),
        trim_words=reader.words("trim_words"),
        close_words=reader.words("close_words"),
        watch_words=reader.words("watch_words"),
        bare_contract_opens=reader.flag("bare_contract_opens"),
        bare_entry_opens=reader.flag("bare_entry_opens", True),
        requires_ping=reader.flag("requires_ping"),
        size_letter_required=reader.flag("size_letter_required"),
        stop_required=reader.flag("stop_required"),
        count_without_price_opens=reader.flag("count_without_price_opens"),
        added_means=reader.choice("added_means", AddedMeans, AddedMeans.AVERAGE),
        loaded_means=reader.choice("loaded_means", LoadedMeans, LoadedMeans.WATCH),
        stop_levels_are_underlying=reader.optional_flag("stop_levels_are_underlying"),
        name_roots=tuple(sorted(reader.text_map("name_roots").items())),
        assets=tuple(reader.enum_of(AssetClass, "assets", word) for word in reader.words("assets")),
        default_asset=reader.optional_choice("default_asset", AssetClass),
        default_expiry=reader.choice("default_expiry", DefaultExpiry, DefaultExpiry.NONE),
        trim_fraction=reader.fraction("trim_fraction", Fraction(1, 3)),
        adds_allowed=reader.count("adds_allowed", 1),
        size_words=tuple(
            (word, reader.fraction_of("size_words", value)) for word, value in reader.text_map("size_words").items()
        ),
        examples=tuple(reader.example(row) for row in reader.tables("example")),
    )


_KEYS = words_of(
    """
    name title match entry_words trim_words close_words watch_words bare_contract_opens bare_entry_opens requires_ping
    size_letter_required stop_required count_without_price_opens added_means loaded_means stop_levels_are_underlying
    name_roots assets default_asset default_expiry trim_fraction adds_allowed size_words example
    """
)


class _Reader:
    """Typed access to one profile's table; each failure says file, key and what is allowed."""

    def __init__(self, table: Mapping[str, object], where: str):
        self.table = table
        self.where = where

    def fail(self, key: str, wanted: str) -> ProfileError:
        return ProfileError(f"{self.where}: {key} must be {wanted}, not {self.table.get(key)!r}")

    def text(self, key: str) -> str:
        value = self.table.get(key)
        if not isinstance(value, str) or not value:
            raise self.fail(key, "a text")
        return value

    def part(self, row: Mapping[str, object], key: str) -> str:
        value = row.get(key, "")
        if not isinstance(value, str):
            raise ProfileError(f"{self.where}: match.{key} must be a text, not {value!r}")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.fail(key, "a list of texts")
        return tuple(word.lower() for word in value)

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.table.get(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, "true or false")
        return value

    def optional_flag(self, key: str) -> bool | None:
        return self.flag(key) if key in self.table else None

    def count(self, key: str, default: int) -> int:
        value = self.table.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 20:
            raise self.fail(key, "a whole number from 0 to 20")
        return value

    def choice(self, key: str, kinds: type[_E], default: _E) -> _E:
        return self.enum_of(kinds, key, self.table[key]) if key in self.table else default

    def optional_choice(self, key: str, kinds: type[_E]) -> _E | None:
        return self.enum_of(kinds, key, self.table[key]) if key in self.table else None

    def enum_of(self, kinds: type[_E], key: str, value: object) -> _E:
        for kind in kinds:
            if kind.value == value:
                return kind
        allowed = ", ".join(str(kind.value) for kind in kinds)
        raise ProfileError(f"{self.where}: {key} must be one of {allowed}, not {value!r}")

    def fraction(self, key: str, default: Fraction) -> Fraction:
        return self.fraction_of(key, self.table[key]) if key in self.table else default

    def fraction_of(self, key: str, value: object) -> Fraction:
        try:
            found = Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            raise ProfileError(
                f"{self.where}: {key} must be a number or a fraction such as 1/3, not {value!r}"
            ) from None
        if not 0 < found <= 100:
            raise ProfileError(f"{self.where}: {key} must be above 0 and at most 100, not {value!r}")
        return found

    def tables(self, key: str) -> list[Mapping[str, object]]:
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise self.fail(key, "a list of tables")
        return value

    def text_map(self, key: str) -> dict[str, str]:
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            raise self.fail(key, "a table")
        return {str(word).lower(): str(item) for word, item in value.items()}

    def example(self, row: Mapping[str, object]) -> ProfileExample:
        text, actions = row.get("text"), row.get("actions", [])
        if not isinstance(text, str) or not isinstance(actions, list):
            raise ProfileError(f"{self.where}: an example needs a text and a list of actions")
        reply = row.get("reply_to")
        return ProfileExample(
            text=text,
            sent_at=str(row.get("ts", "2026-11-20 10:00:00")),
            actions_json=json.dumps(actions, sort_keys=True, default=str),
            reply_text=reply if isinstance(reply, str) else None,
            held=row.get("held") is True,
        )
