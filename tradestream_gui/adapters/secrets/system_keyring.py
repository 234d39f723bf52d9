"""The system's keyring as the place of the vault's master key, only where it is one of those we trust."""

import base64
import logging
import os
from typing import Any

SERVICE = "TradeStream"
TRUSTED = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)
"""Backends that encrypt and ask the user's session; plain-text files, null and environment-forced ones are not."""

_log = logging.getLogger(__name__)


class SystemKey:
    """The master key of one profile's vault in the keyring, kept as base64 text."""

    def __init__(self, backend: Any, profile: str) -> None:
        self._backend = backend
        self._profile = profile

    def read(self) -> bytes | None:
        from keyring.errors import KeyringError

        try:
            kept = self._backend.get_password(SERVICE, self._profile)
            return None if kept is None else base64.b64decode(kept, validate=True)
        except (KeyringError, ValueError) as error:
            _log.warning("the system keyring did not answer: %s", type(error).__name__)
            return None

    def write(self, key: bytes) -> None:
        from keyring.errors import KeyringError

        try:
            self._backend.set_password(SERVICE, self._profile, base64.b64encode(key).decode())
        except KeyringError as error:
            _log.warning("the system keyring refused the vault's key: %s", type(error).__name__)


def trusted_keyring(profile: str) -> SystemKey | None:
    """The keyring of this machine; None where there is none, or none that we trust."""
    if os.environ.get("PYTHON_KEYRING_BACKEND"):
        return None
    import keyring

    backend = keyring.get_keyring()
    return SystemKey(backend, profile) if is_trusted(backend) else None


def is_trusted(backend: object) -> bool:
    """Judged by the exact class; a chain of backends is never taken, since its parts may be anything."""
    kind = type(backend)
    return f"{kind.__module__}.{kind.__qualname__}" in TRUSTED
