"""Trying a log-in before anything depends on it: what it needs, what each call answered, and what stays unproven."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CheckField:
    """One thing that the log-in takes. `setting` is the setting that keeps it, `secret` the vault's name of it; one of
    them is empty. `value` is what is kept now, never a secret's."""

    key: str
    label: str
    value: str
    setting: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class CheckStep:
    """One call: whether it did what it should, in words with what to do, how long it took, and the raw answer without
    secrets."""

    name: str
    is_good: bool
    words: str
    took_ms: float
    raw: str


Tell = Callable[[CheckStep], None]


class ConnectionCheck(Protocol):
    """One service. Everything it asks is read-only; nothing is subscribed for longer than the check."""

    @property
    def title(self) -> str: ...

    @property
    def needs(self) -> tuple[str, ...]:
        """What a person must have and switch on before any field can be filled in, in that order."""

    @property
    def unproven(self) -> tuple[str, ...]:
        """What no practice server shows, only the person's own account."""

    def fields(self) -> tuple[CheckField, ...]: ...

    async def run(self, values: Mapping[str, str], tell: Tell) -> bool:
        """Makes the calls one after another and tells each as it ends; stops at the first that makes the rest
        pointless. A secret that is left empty is taken from the vault. True when all was well. Never raises for what
        a service answers."""
