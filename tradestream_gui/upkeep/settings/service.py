"""Owns the settings of a profile: loads them, shows what a change would do, applies it, and tells everybody."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.errors import ConfigInvalid
from tradestream_gui.upkeep.settings import file
from tradestream_gui.upkeep.settings.diff import Change, Direction, changes_between
from tradestream_gui.upkeep.settings.fields import SettingSpec, plain
from tradestream_gui.upkeep.settings.first import describe_settings, first_settings
from tradestream_gui.upkeep.settings.model import Settings

KEPT_VERSIONS = 20


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """Other settings hold now."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would change: nothing holds before it is applied.

    `settings` would hold, with the environment laid over; `stored` would stand in the file. `text` is the file's
    whole new content where it came as a text, else None: the present file is changed where values differ. `values`
    are the keys that were to be set then, and `base` is what stood in the file when all this was worked out.
    """

    settings: Settings
    stored: Settings
    changes: tuple[Change, ...]
    text: str | None
    values: Mapping[str, Any]
    base: Settings

    @property
    def looser(self) -> tuple[Change, ...]:
        """The rails that get looser: they need a person's confirmation."""
        return tuple(change for change in self.changes if change.direction is Direction.LOOSER)

    @property
    def needs_restart(self) -> bool:
        return any(change.restart for change in self.changes)


@dataclass(frozen=True, slots=True)
class SettingValue:
    """A setting with its present value and where that comes from: first value, file or environment."""

    spec: SettingSpec
    value: Any
    source: str


class SettingsService:
    """The only writer of config.yaml. `write` replaces a file durably; `loosening_blocked` answers why no rail may
    get looser just now (positions are open), or an empty text."""

    def __init__(
        self,
        path: Path,
        *,
        environment: Mapping[str, str],
        bus: EventBus,
        write: Callable[[Path, bytes], None],
        first: Callable[[], Settings] = first_settings,
        loosening_blocked: Callable[[], str] = str,
    ) -> None:
        self._path = path
        self._environment = dict(environment)
        self._bus = bus
        self._write = write
        self._loosening_blocked = loosening_blocked
        self._settings: Settings | None = None
        self._stored = first()
        self._text = ""
        self._writing = asyncio.Lock()

    @property
    def path(self) -> Path:
        return self._path

    @property
    def current(self) -> Settings:
        assert self._settings is not None, "settings are read before they are loaded"
        return self._settings

    def load(self) -> Settings:
        """Reads the file; the first run writes it. Raises ConfigInvalid and then nothing is written.

        Publishes nothing, so it may be called in a thread.
        """
        if not self._path.exists():
            self._write(self._path, file.render(self._stored).encode())
        text = file.read(self._path)
        stored = file.parse(text, self._path.name, {})
        self._settings = file.overlaid(stored, self._path.name, self._environment)
        self._stored, self._text = stored, text
        return self._settings

    def values(self) -> tuple[SettingValue, ...]:
        """Every setting as the form shows it."""
        now = plain(self.current)
        overridden = {
            variable[len(file.ENV_PREFIX) :].lower().replace(file.ENV_NESTING, ".")
            for variable in self._environment
            if variable.startswith(file.ENV_PREFIX)
        }
        found = []
        for spec in describe_settings():
            value = _at(now, spec.key)
            source = "environment" if spec.key in overridden else "default" if value == spec.first else "file"
            found.append(SettingValue(spec, value, source))
        return tuple(found)

    def propose(self, values: Mapping[str, Any]) -> Proposal:
        """What setting these keys to these plain values would do; raises ConfigInvalid for what is not allowed."""
        wanted = plain(self._stored)
        for key, value in values.items():
            section, _, name = key.rpartition(".")
            node = _at(wanted, section) if section else wanted
            if not isinstance(node, dict) or name not in node:
                raise ConfigInvalid(f"{key} is no known setting")
            node[name] = value
        return self._proposal(file.checked(wanted), None, values)

    async def propose_text(self, text: str) -> Proposal:
        """What a whole other file (an import) would do."""
        return self._proposal(await asyncio.to_thread(file.parse, text, "the imported file", {}), text)

    async def propose_version(self, version: Path) -> Proposal:
        """What going back to a kept version would do."""
        text = await asyncio.to_thread(file.read, version)
        return self._proposal(await asyncio.to_thread(file.parse, text, version.name, {}), text)

    async def apply(self, proposal: Proposal, *, confirmed: bool = False) -> None:
        """Writes and publishes, one change after the other. Raises ConfigInvalid when a rail would get looser
        unconfirmed or while blocked, and for a whole file that was compared with other settings than those of now."""
        async with self._writing:
            await self._apply(self._of_now(proposal), confirmed=confirmed)

    def _of_now(self, proposal: Proposal) -> Proposal:
        """The proposal worked out anew where another change came first, so that neither undoes the other."""
        if proposal.base is self._stored:
            return proposal
        if proposal.text is not None:
            raise ConfigInvalid("the settings were changed meanwhile; look at the differences once more, then apply")
        return self.propose(proposal.values)

    async def _apply(self, proposal: Proposal, *, confirmed: bool) -> None:
        if proposal.looser:
            names = ", ".join(change.key for change in proposal.looser)
            if not confirmed:
                raise ConfigInvalid(f"these limits would get looser and need your confirmation: {names}")
            why = self._loosening_blocked()
            if why:
                raise ConfigInvalid(f"these limits cannot get looser now ({why}): {names}")
        text = await asyncio.to_thread(self._store, proposal)
        self._take(proposal, text)

    async def reread(self) -> Proposal | None:
        """After the file was edited outside: takes it over, unless a rail got looser; then answers what waits.

        Raises ConfigInvalid for a broken file; what held before holds on.
        """
        async with self._writing:
            return await self._reread()

    async def _reread(self) -> Proposal | None:
        text = await asyncio.to_thread(file.read, self._path)
        if text == self._text:
            return None
        proposal = self._proposal(await asyncio.to_thread(file.parse, text, self._path.name, {}), text)
        if proposal.looser:
            return proposal
        self._take(proposal, text)
        return None

    def export_text(self) -> str:
        """The file as it stands; it holds no secrets."""
        return self._text

    def versions(self) -> tuple[Path, ...]:
        """Kept older files, newest first."""
        return tuple(sorted(self._path.parent.glob("versions/config-*.yaml"), reverse=True))

    def _proposal(self, stored: Settings, text: str | None, values: Mapping[str, Any] | None = None) -> Proposal:
        settings = file.overlaid(stored, self._path.name, self._environment)
        self._refuse_other_kinds(settings)
        changes = changes_between(self.current, settings)
        return Proposal(settings, stored, changes, text, dict(values or {}), self._stored)

    def _refuse_other_kinds(self, settings: Settings) -> None:
        kinds = {row.id: row.kind for row in self.current.accounts}
        for row in settings.accounts:
            known = kinds.get(row.id)
            if known is not None and known is not row.kind:
                raise ConfigInvalid(
                    f"accounts[{row.id}].kind: {known.value} is fixed; make another account for {row.kind.value}"
                )

    def _store(self, proposal: Proposal) -> str:
        text = file.render(proposal.stored, self._text) if proposal.text is None else proposal.text
        self._keep_version(self._text)
        self._write(self._path, text.encode())
        return text

    def _take(self, proposal: Proposal, text: str) -> None:
        self._settings, self._stored, self._text = proposal.settings, proposal.stored, text
        if proposal.changes:
            self._bus.publish(SettingsChanged(proposal.changes))

    def _keep_version(self, text: str) -> None:
        kept = self.versions()
        number = int(kept[0].stem.removeprefix("config-")) + 1 if kept else 1
        self._write(self._path.parent / "versions" / f"config-{number:06}.yaml", text.encode())
        for old in self.versions()[KEPT_VERSIONS:]:
            old.unlink()


def _at(values: Any, key: str) -> Any:
    for part in key.split("."):
        values = values.get(part) if isinstance(values, dict) else None
    return values
