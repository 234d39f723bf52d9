"""Where secrets are kept: by name, never in settings, databases, logs, backups or arguments."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class SecretsState(Enum):
    OPEN = "open"
    LOCKED = "locked"
    """A passphrase is needed first."""
    EMPTY = "no vault yet"


@dataclass(frozen=True, slots=True)
class SecretsStatus:
    """How secrets are kept here, in words for the Config page."""

    state: SecretsState
    words: str


class SecretsLocked(Exception):
    """The vault is closed or the passphrase is wrong; says which."""


class Secrets(Protocol):
    """Names are `kind/account/field`, such as `projectx/topstep-50k/api_key`. Blocking: called on a thread.

    All but `status` raise SecretsLocked while the vault is closed and StoreFailed when its file is damaged.
    """

    def status(self) -> SecretsStatus: ...

    def unlock(self, passphrase: str | None) -> None:
        """Opens the vault: by the system's keyring when `passphrase` is None."""

    def get(self, name: str) -> str | None: ...

    def put(self, name: str, value: str) -> None: ...

    def delete(self, name: str) -> None: ...

    def names(self) -> tuple[str, ...]: ...
