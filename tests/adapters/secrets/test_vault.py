"""Secrets open only with their key, cannot be swapped or read from the file, and no half file is ever left."""

import json
import os
from pathlib import Path

import pytest

from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.secrets.system_keyring import is_trusted, trusted_keyring
from tradestream_gui.adapters.secrets.vault import KeyStore, Vault
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.secrets import SecretsLocked, SecretsState

CANARY = "MTk4-canary-token.XyZ"
QUICK_SCRYPT = 2**10
"""The full cost is for attackers, not for tests."""


class DictKeyring:
    """A keyring that keeps its key in memory."""

    def __init__(self) -> None:
        self.key: bytes | None = None

    def read(self) -> bytes | None:
        return self.key

    def write(self, key: bytes) -> None:
        self.key = key


class ForgetfulKeyring(DictKeyring):
    def write(self, key: bytes) -> None:
        return None


def vault(path: Path, keyring: KeyStore | None = None) -> Vault:
    return Vault(path, keyring, random_bytes=os.urandom, write=write_atomically, scrypt_n=QUICK_SCRYPT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault.json"


def test_a_secret_comes_back_after_a_restart_with_the_passphrase(path: Path) -> None:
    first = vault(path)
    assert first.status().state is SecretsState.EMPTY
    first.unlock("correct horse")
    first.put("discord/bot/token", CANARY)
    first.put("ibkr/main/user", "joe")
    second = vault(path)
    assert second.status().state is SecretsState.LOCKED
    with pytest.raises(SecretsLocked, match="locked"):
        second.get("discord/bot/token")
    with pytest.raises(SecretsLocked, match="passphrase is wrong"):
        second.unlock("wrong horse")
    second.unlock("correct horse")
    assert second.get("discord/bot/token") == CANARY
    assert second.names() == ("discord/bot/token", "ibkr/main/user")
    second.delete("ibkr/main/user")
    assert second.get("ibkr/main/user") is None


def test_a_secret_comes_back_after_a_restart_with_the_keyring(path: Path) -> None:
    keyring = DictKeyring()
    first = vault(path, keyring)
    first.unlock(None)
    first.put("a", CANARY)
    second = vault(path, keyring)
    second.unlock(None)
    assert second.get("a") == CANARY
    with pytest.raises(SecretsLocked, match="does not hold the key"):
        vault(path, DictKeyring()).unlock(None)
    with pytest.raises(SecretsLocked, match="keyring, not with a passphrase"):
        vault(path, keyring).unlock("a passphrase")


def test_without_a_keyring_nothing_is_kept_until_a_passphrase_is_chosen(path: Path) -> None:
    with pytest.raises(SecretsLocked, match="Choose a passphrase"):
        vault(path).unlock(None)
    with pytest.raises(SecretsLocked, match="at least 8"):
        vault(path).unlock("short")
    with pytest.raises(SecretsLocked, match="did not keep"):
        vault(path, ForgetfulKeyring()).unlock(None)
    assert not path.exists()


def test_the_file_shows_no_secret_and_only_this_user_may_read_it(path: Path) -> None:
    ours = vault(path)
    ours.unlock("correct horse")
    ours.put("a", CANARY)
    raw = path.read_bytes()
    for form in (CANARY.encode(), CANARY.encode().hex().encode(), CANARY.encode("utf-16-le")):
        assert form not in raw
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["vault.json"]


@pytest.mark.parametrize("change", ["swap", "flip", "format", "truncate", "garbage"])
def test_a_file_that_was_tampered_with_does_not_open(path: Path, change: str) -> None:
    ours = vault(path)
    ours.unlock("correct horse")
    ours.put("a", "one")
    ours.put("b", "two")
    kept = json.loads(path.read_text())
    if change == "swap":
        kept["entries"]["a"], kept["entries"]["b"] = kept["entries"]["b"], kept["entries"]["a"]
    elif change == "flip":
        kept["entries"]["a"] = ("A" if kept["entries"]["a"][20] != "A" else "B").join(
            (kept["entries"]["a"][:20], kept["entries"]["a"][21:])
        )
    elif change == "format":
        kept["format"] = "tradestream-vault-9"
    text = json.dumps(kept)
    path.write_text({"truncate": text[:50], "garbage": "[]"}.get(change, text))
    with pytest.raises(StoreFailed):
        vault(path).unlock("correct horse")


def test_the_same_secret_is_sealed_differently_each_time(path: Path) -> None:
    ours = vault(path)
    ours.unlock("correct horse")
    seen = set()
    for _ in range(5):
        ours.put("a", CANARY)
        seen.add(json.loads(path.read_text())["entries"]["a"])
    assert len(seen) == 5


def test_only_keyrings_that_ask_the_users_session_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends import SecretService, chainer, fail, null

    assert is_trusted(SecretService.Keyring())
    for backend in (fail.Keyring(), null.Keyring(), chainer.ChainerBackend(), object()):
        assert not is_trusted(backend)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert trusted_keyring("demo") is None
