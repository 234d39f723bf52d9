"""One AES-256-GCM file for all secrets; its master key lies in the system's keyring or under a passphrase."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.secrets import SecretsLocked, SecretsState, SecretsStatus

FORMAT = "tradestream-vault-1"
KEY_BYTES = 32
NONCE_BYTES = 12
SALT_BYTES = 16
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**17, 8, 1
"""128 MiB and about half a second for each guess of a passphrase."""
MIN_PASSPHRASE = 8
MAX_FILE_BYTES = 4_000_000
MAX_NAME, MAX_VALUE = 200, 100_000
WRAPPED_KEY = "master key"


class KeyStore(Protocol):
    """Keeps the master key outside the file; None stands for a machine without a keyring that can be trusted."""

    def read(self) -> bytes | None: ...

    def write(self, key: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class _VaultFile:
    salt: str
    wrapped: str
    entries: dict[str, str]


class Vault:
    """Each entry is sealed alone under a nonce of its own, bound to the format and to its name.

    Reads of entries are whole or refused: an entry that was moved, swapped or changed does not open.
    """

    def __init__(
        self,
        path: Path,
        key_store: KeyStore | None,
        *,
        random_bytes: Callable[[int], bytes],
        write: Callable[[Path, bytes], None],
        scrypt_n: int = SCRYPT_N,
    ) -> None:
        self._path = path
        self._key_store = key_store
        self._random_bytes = random_bytes
        self._write = write
        self._scrypt_n = scrypt_n
        self._key: bytes | None = None

    def status(self) -> SecretsStatus:
        if self._key is not None:
            where = "the system keyring" if self._by_keyring() else "a passphrase"
            return SecretsStatus(SecretsState.OPEN, f"Secrets are kept in an encrypted vault under {where}.")
        if not self._path.exists():
            if self._key_store is not None:
                return SecretsStatus(SecretsState.EMPTY, "Secrets will be kept under the system keyring.")
            return SecretsStatus(
                SecretsState.EMPTY,
                "No system keyring found. Choose a passphrase to keep secrets in an encrypted vault.",
            )
        if self._by_keyring():
            return SecretsStatus(SecretsState.LOCKED, "The vault opens with the system keyring.")
        return SecretsStatus(SecretsState.LOCKED, "Enter the passphrase of the vault.")

    def unlock(self, passphrase: str | None) -> None:
        if not self._path.exists():
            self._create(passphrase)
            return
        file = self._read()
        if passphrase is None and file.wrapped:
            raise SecretsLocked("This vault opens with your passphrase.")
        key = self._key_by_keyring() if passphrase is None else self._key_by_passphrase(file, passphrase)
        for name, sealed in file.entries.items():
            self._opened(key, name, sealed)
        self._key = key

    def get(self, name: str) -> str | None:
        key = self._unlocked()
        sealed = self._read().entries.get(name)
        return None if sealed is None else self._opened(key, name, sealed).decode()

    def put(self, name: str, value: str) -> None:
        key = self._unlocked()
        if not name or len(name) > MAX_NAME or len(value) > MAX_VALUE:
            raise ValueError(f"a secret's name has 1 to {MAX_NAME} characters, its value at most {MAX_VALUE}")
        file = self._read()
        self._save(_VaultFile(file.salt, file.wrapped, {**file.entries, name: self._sealed(key, name, value.encode())}))

    def delete(self, name: str) -> None:
        self._unlocked()
        file = self._read()
        self._save(_VaultFile(file.salt, file.wrapped, {k: v for k, v in file.entries.items() if k != name}))

    def names(self) -> tuple[str, ...]:
        self._unlocked()
        return tuple(sorted(self._read().entries))

    def _create(self, passphrase: str | None) -> None:
        key = self._random_bytes(KEY_BYTES)
        if passphrase is None:
            if self._key_store is None:
                raise SecretsLocked("No system keyring found. Choose a passphrase for the vault.")
            self._key_store.write(key)
            if self._key_store.read() != key:
                raise SecretsLocked("The system keyring did not keep the vault's key. Choose a passphrase instead.")
            self._save(_VaultFile("", "", {}))
        else:
            if len(passphrase) < MIN_PASSPHRASE:
                raise SecretsLocked(f"The passphrase needs at least {MIN_PASSPHRASE} characters.")
            salt = self._random_bytes(SALT_BYTES)
            wrapped = self._sealed(self._derived(passphrase, salt), WRAPPED_KEY, key)
            self._save(_VaultFile(_text(salt), wrapped, {}))
        self._key = key

    def _by_keyring(self) -> bool:
        return not self._path.exists() or not self._read().wrapped

    def _unlocked(self) -> bytes:
        if self._key is None:
            raise SecretsLocked("The vault is locked.")
        return self._key

    def _key_by_keyring(self) -> bytes:
        key = self._key_store.read() if self._key_store is not None else None
        if key is None or len(key) != KEY_BYTES:
            raise SecretsLocked("The system keyring does not hold the key of this vault.")
        return key

    def _key_by_passphrase(self, file: _VaultFile, passphrase: str) -> bytes:
        if not file.wrapped:
            raise SecretsLocked("This vault opens with the system keyring, not with a passphrase.")
        derived = self._derived(passphrase, _bytes(file.salt))
        try:
            return self._opened(derived, WRAPPED_KEY, file.wrapped)
        except StoreFailed as error:
            raise SecretsLocked("The passphrase is wrong.") from error

    def _derived(self, passphrase: str, salt: bytes) -> bytes:
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # heavy; only where secrets are used

        return Scrypt(salt=salt, length=KEY_BYTES, n=self._scrypt_n, r=SCRYPT_R, p=SCRYPT_P).derive(passphrase.encode())

    def _sealed(self, key: bytes, name: str, value: bytes) -> str:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # heavy; only where secrets are used

        nonce = self._random_bytes(NONCE_BYTES)
        return _text(nonce + AESGCM(key).encrypt(nonce, value, _bound_to(name)))

    def _opened(self, key: bytes, name: str, sealed: str) -> bytes:
        from cryptography.exceptions import InvalidTag  # heavy; only where secrets are used
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        raw = _bytes(sealed)
        try:
            return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound_to(name))
        except (InvalidTag, ValueError) as error:
            raise StoreFailed(
                f"the entry {name} of the vault does not open: the file or its key was changed"
            ) from error

    def _read(self) -> _VaultFile:
        try:
            if self._path.stat().st_size > MAX_FILE_BYTES:
                raise StoreFailed(f"{self._path.name} is too large for a vault")
            kept: Any = json.loads(self._path.read_text("utf-8"))
            if kept["format"] != FORMAT:
                raise StoreFailed(f"{self._path.name} has the format {kept['format']!r}, this version knows {FORMAT}")
            entries = {str(name): str(sealed) for name, sealed in kept["entries"].items()}
            return _VaultFile(str(kept["salt"]), str(kept["wrapped"]), entries)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreFailed(
                f"{self._path.name} is damaged; restore it or delete it and enter the secrets anew"
            ) from error

    def _save(self, file: _VaultFile) -> None:
        kept = {"format": FORMAT, "salt": file.salt, "wrapped": file.wrapped, "entries": file.entries}
        self._write(self._path, json.dumps(kept, indent=1).encode())


def _bound_to(name: str) -> bytes:
    return f"{FORMAT}\0{name}".encode()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise StoreFailed("the vault is damaged: an entry is no base64 text") from error
