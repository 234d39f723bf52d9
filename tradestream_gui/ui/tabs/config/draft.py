"""The edits of the form before they are applied: what differs, what is wrong with it, and which field to blame."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tradestream_gui.domain.errors import ConfigInvalid
from tradestream_gui.upkeep.settings.service import Proposal, SettingsService, SettingValue

GENERAL = ""
"""The key of errors that belong to no field."""


@dataclass(slots=True)
class Draft:
    """The only holder of unsaved edits. `present` is what holds now, by key."""

    service: SettingsService
    present: dict[str, SettingValue] = field(default_factory=dict)
    edits: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def reread(self) -> None:
        """Takes over what holds now; edits that are the same by now fall away."""
        self.present = {value.spec.key: value for value in self.service.values()}
        self.edits = {key: value for key, value in self.edits.items() if value != self.present[key].value}
        self.check()

    def value(self, key: str) -> Any:
        return self.edits.get(key, self.present[key].value)

    def edit(self, key: str, value: Any) -> None:
        if value == self.present[key].value:
            self.edits.pop(key, None)
        else:
            self.edits[key] = value

    def discard(self) -> None:
        self.edits.clear()
        self.errors.clear()

    def check(self) -> Proposal | None:
        """What the edits would do; None, with `errors` filled, when they are not allowed."""
        self.errors = {}
        if not self.edits:
            return None
        try:
            return self.service.propose(self.edits)
        except ConfigInvalid as error:
            self.errors = errors_by_key(str(error), self.present)
            return None


def errors_by_key(words: str, known: Mapping[str, object]) -> dict[str, str]:
    """Each line of a refusal beside the setting that it speaks of; lines about no single one stand together."""
    found: dict[str, list[str]] = {}
    by_length = sorted(known, key=len, reverse=True)
    for line in words.splitlines():
        key = next((key for key in by_length if _speaks_of(line, key)), GENERAL)
        found.setdefault(key, []).append(line.removeprefix(f"{key}: ") if key else line)
    return {key: "\n".join(lines) for key, lines in found.items()}


def _speaks_of(line: str, key: str) -> bool:
    at = line.find(key)
    return (
        at >= 0 and line[at + len(key) : at + len(key) + 1] in (":", ".", "[", " ") and line[at - 1 : at] in ("", " ")
    )
