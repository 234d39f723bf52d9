"""Alert profiles as TOML: loading, checking and choosing the one for a channel and author; a user's copy overrides."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from tradestream_gui.alerts.forms.form_text import KINDS, UNITS, FormTextError, form_of
from tradestream_gui.domain.alert_forms import MessageForm, SaidDirection
from tradestream_gui.domain.alert_profile import (
    AddedMeans,
    AlertProfile,
    DefaultExpiry,
    LoadedMeans,
    ProfileExample,
)  # fmt: skip
from tradestream_gui.domain.alerts import ActionKind, LevelUnit
from tradestream_gui.domain.instruments import AssetClass

MAX_FILE_BYTES = 256_000
"""A profile file is a few kilobytes; anything larger is not one."""

_E = TypeVar("_E", bound=Enum)
_SYMBOL = re.compile(r"[A-Z0-9]{1,6}(?:\.[A-Z])?")


class ProfileError(ValueError):
    """A profile file that cannot be used: says which file, line and key, and what is allowed."""

    def __init__(self, words: str, key: str = "") -> None:
        super().__init__(words)
        self.key = key


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
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path.name}: {error}") from error
    return profiles_of_text(text, path.name)


def profiles_of_text(text: str, where: str) -> tuple[AlertProfile, ...]:
    """The profiles of a file's text; a mistake is named with its line."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{where}: {error}") from error
    try:
        return tuple(profile_from_table(item, where) for item in table.get("profile", [table]))
    except ProfileError as error:
        line = _line_of(error.key, text)
        if not line:
            raise
        raise ProfileError(f"{where}, line {line}{str(error).removeprefix(where)}", error.key) from error


def _line_of(key: str, text: str) -> int:
    """The number of the line that sets a key, from 1; 0 when none does. `form.text` looks below a `[[form]]`."""
    table, _, last = key.rpartition(".")
    inside = not table
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip()
        if table and words.startswith("["):
            inside = words.strip("[] ") == table
        if inside and last and (words.split("=")[0].strip().strip('"') == last or words.strip("[] ") == last):
            return number
    return 0


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
        raise ProfileError(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}", unknown[0])
    default_symbol = reader.optional_symbol("default_symbol")
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
        direction_words=tuple(
            (word, reader.enum_of(SaidDirection, "direction_words", value))
            for word, value in sorted(reader.text_map("direction_words").items())
        ),
        default_symbol=default_symbol,
        forms=tuple(reader.form(row, default_symbol) for row in reader.tables("form")),
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


_KEYS = frozenset((
    "name", "title", "match", "entry_words", "trim_words", "close_words", "watch_words", "bare_contract_opens",
    "bare_entry_opens", "requires_ping", "size_letter_required", "stop_required", "count_without_price_opens",
    "added_means", "loaded_means", "stop_levels_are_underlying", "name_roots", "direction_words", "default_symbol",
    "form", "assets", "default_asset", "default_expiry", "trim_fraction", "adds_allowed", "size_words", "example",
))  # fmt: skip


class _Reader:
    """Typed access to one profile's table; each failure says file, key and what is allowed."""

    def __init__(self, table: Mapping[str, object], where: str):
        self.table = table
        self.where = where

    def fail(self, key: str, wanted: str) -> ProfileError:
        return ProfileError(f"{self.where}: {key} must be {wanted}, not {self.table.get(key)!r}", key)

    def text(self, key: str) -> str:
        value = self.table.get(key)
        if not isinstance(value, str) or not value:
            raise self.fail(key, "a text")
        return value

    def part(self, row: Mapping[str, object], key: str) -> str:
        value = row.get(key, "")
        if not isinstance(value, str):
            raise ProfileError(f"{self.where}: match.{key} must be a text, not {value!r}", "match")
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
        raise ProfileError(f"{self.where}: {key} must be one of {allowed}, not {value!r}", key)

    def fraction(self, key: str, default: Fraction) -> Fraction:
        return self.fraction_of(key, self.table[key]) if key in self.table else default

    def fraction_of(self, key: str, value: object) -> Fraction:
        try:
            found = Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            raise ProfileError(
                f"{self.where}: {key} must be a number or a fraction such as 1/3, not {value!r}", key
            ) from None
        if not 0 < found <= 100:
            raise ProfileError(f"{self.where}: {key} must be above 0 and at most 100, not {value!r}", key)
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

    def optional_symbol(self, key: str) -> str | None:
        value = self.table.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not _SYMBOL.fullmatch(value):
            raise self.fail(key, "a symbol in capitals such as ES")
        return value

    def form(self, row: Mapping[str, object], default_symbol: str | None) -> MessageForm:
        """A sound form: one with too little structure to tell an order from talk is refused."""
        text = row.get("text")
        unknown = sorted(set(row) - {"kind", "text", "stop_unit", "target_unit"})
        if unknown or not isinstance(text, str):
            raise ProfileError(f"{self.where}: a form has text, kind, stop_unit and target_unit", "form.text")
        kind = self.enum_of(ActionKind, "form.kind", row.get("kind", "OPEN"))
        if kind not in KINDS:
            allowed = ", ".join(kind.value for kind in KINDS)
            raise ProfileError(f"{self.where}: form.kind must be one of {allowed}, not {kind.value!r}", "form.kind")
        units = []
        for key in ("stop_unit", "target_unit"):
            unit = self.enum_of(LevelUnit, f"form.{key}", row.get(key, "price"))
            if unit not in UNITS:
                allowed = ", ".join(unit.value for unit in UNITS)
                raise ProfileError(f"{self.where}: form.{key} must be one of {allowed}", f"form.{key}")
            units.append(unit)
        try:
            form = form_of(text, kind, *units)
        except FormTextError as error:
            raise ProfileError(f"{self.where}: form.text: {error}", "form.text") from error
        from tradestream_gui.alerts.forms.forms import faults_of  # the words of alerts: most profiles have no form

        for fault in faults_of(form, default_symbol):
            raise ProfileError(f"{self.where}: form {text!r}: {fault}", "form.text")
        return form

    def example(self, row: Mapping[str, object]) -> ProfileExample:
        text, actions = row.get("text"), row.get("actions", [])
        if not isinstance(text, str) or not isinstance(actions, list):
            raise ProfileError(f"{self.where}: an example needs a text and a list of actions", "example")
        reply = row.get("reply_to")
        return ProfileExample(
            text=text,
            sent_at=str(row.get("ts", "2026-11-20 10:00:00")),
            actions_json=json.dumps(actions, sort_keys=True, default=str),
            reply_text=reply if isinstance(reply, str) else None,
            held=row.get("held") is True,
        )
