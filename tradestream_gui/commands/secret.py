"""Where a profile's secrets are kept, and `tradestream secret`, which lists, takes and deletes them, shown never."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Iterable

from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.secrets.learned import LearnedSecrets
from tradestream_gui.adapters.secrets.system_keyring import trusted_keyring
from tradestream_gui.adapters.secrets.vault import Vault
from tradestream_gui.cli import EXIT_FAILURE, EXIT_OK, EXIT_USAGE
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.paths import Paths
from tradestream_gui.ports.secrets import Secrets, SecretsLocked

NAMES = "a name like discord/main/bot_token"


def secrets_of(paths: Paths, learn: Callable[[Iterable[str]], None]) -> LearnedSecrets:
    """The vault of a profile under the system's keyring, or under a passphrase where there is none that we trust."""

    def vault() -> Vault:
        keyring = trusted_keyring(paths.profile)
        return Vault(paths.vault_file, keyring, random_bytes=os.urandom, write=write_atomically)

    return LearnedSecrets(vault, learn)


def run_secret(options: argparse.Namespace) -> int:
    """Reads values from the terminal unseen, or line by line from a pipe; never from arguments."""
    try:
        paths = Paths.for_profile(options.profile, data_dir=options.data_dir)
        paths.create()
        return _run(options.do, options.name, secrets_of(paths, nobody_logs))
    except (SecretsLocked, StoreFailed, ValueError) as error:
        print(f"tradestream secret: {error}", file=sys.stderr)
        return EXIT_FAILURE


def _run(do: str, name: str | None, secrets: Secrets) -> int:
    if do != "list" and not name:
        print(f"tradestream secret {do}: needs {NAMES}", file=sys.stderr)
        return EXIT_USAGE
    value = _asked(f"Value of {name} (not shown): ") if do == "set" else ""
    _open(secrets)
    if do == "set":
        secrets.put(str(name), value)
        print(f"{name} is kept. {secrets.status().words}")
    elif do == "delete":
        secrets.delete(str(name))
        print(f"{name} is not kept any more.")
    else:
        print("\n".join(secrets.names()) or "No secrets are kept.")
    return EXIT_OK


def _open(secrets: Secrets) -> None:
    """By the keyring, else with a passphrase, which is asked for only then."""
    try:
        secrets.unlock(None)
    except SecretsLocked as error:
        print(error, file=sys.stderr)
        secrets.unlock(_asked("Passphrase of the vault (not shown): "))


def _asked(words: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(words)
    return sys.stdin.readline().rstrip("\n")


def nobody_logs(values: Iterable[str]) -> None:
    """This command writes no log."""
