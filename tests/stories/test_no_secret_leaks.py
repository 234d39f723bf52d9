"""A secret kept by the real command is in no file, argument or picture of a session: every byte is looked at."""

import asyncio
import base64
import logging
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.stories.test_demo_day import launch
from tradestream_gui.adapters.storage.offline import read_state
from tradestream_gui.logs import FILE_NAME, MASK, ProgramLog
from tradestream_gui.paths import Paths
from tradestream_gui.startup import open_profile

ROOT = Path(__file__).parents[2]
CANARY = "Zq7!canary/Token+9f3e=Xk2"
PASSPHRASE = "a passphrase of the canary"
NAME = "discord/main/bot_token"


@pytest.fixture
def without_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


def spellings(secret: str) -> list[bytes]:
    raw = secret.encode()
    return [
        raw,
        raw[:12],
        secret.encode("utf-16-le"),
        quote(secret, safe="").encode(),
        raw.hex().encode(),
        base64.b64encode(raw).rstrip(b"=")[:-2],
        base64.urlsafe_b64encode(raw).rstrip(b"=")[:-2],
    ]


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, and every member of an archive unpacked."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        yield str(path), path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield f"{path}/{name}", archive.read(name)


def assert_nowhere(folder: Path) -> int:
    """How many files were looked at."""
    count = 0
    for name, data in contents(folder):
        count += 1
        for secret in (CANARY, PASSPHRASE):
            for spelling in spellings(secret):
                assert spelling not in data, f"{name} holds {spelling!r}"
    return count


def tradestream(*words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tradestream_gui", *words]
    return subprocess.run(command, cwd=ROOT, input=given, capture_output=True, text=True, check=False)


def test_the_command_takes_lists_and_deletes_secrets_and_never_shows_one(tmp_path: Path, without_keyring: None) -> None:
    home = ["--profile", "p", "--data-dir", str(tmp_path)]
    kept = tradestream(*home, "secret", "set", NAME, given=f"{CANARY}\n{PASSPHRASE}\n")
    assert kept.returncode == 0, kept.stderr
    assert f"{NAME} is kept" in kept.stdout
    listed = tradestream(*home, "secret", "list", given=f"{PASSPHRASE}\n")
    assert listed.stdout.strip() == NAME
    wrong = tradestream(*home, "secret", "list", given="another passphrase\n")
    assert wrong.returncode == 1
    assert "passphrase is wrong" in wrong.stderr
    assert tradestream(*home, "secret", "set").returncode == 2
    for ended in (kept, listed, wrong):
        assert CANARY not in ended.stdout + ended.stderr
    assert assert_nowhere(tmp_path) > 0
    assert tradestream(*home, "secret", "delete", NAME, given=f"{PASSPHRASE}\n").returncode == 0
    assert tradestream(*home, "secret", "list", given=f"{PASSPHRASE}\n").stdout.strip() == "No secrets are kept."


async def test_no_file_of_a_session_that_used_and_dropped_a_secret_holds_it(
    tmp_path: Path, without_keyring: None
) -> None:
    """An adapter reads the token, fails, and quotes it in its error: the worst that a library does."""
    wanted = launch(tmp_path, demo=True)
    paths = Paths.for_profile(wanted.profile, data_dir=tmp_path)
    paths.create()
    home = ["--profile", "demo", "--data-dir", str(tmp_path)]
    kept = await asyncio.to_thread(tradestream, *home, "secret", "set", NAME, given=f"{CANARY}\n{PASSPHRASE}\n")
    assert kept.returncode == 0, kept.stderr
    log = ProgramLog(paths.logs_dir, "DEBUG")
    try:
        opened = await open_profile(wanted, paths, log)
        await opened.start()
        await asyncio.to_thread(opened.secrets.unlock, PASSPHRASE)
        token = await asyncio.to_thread(opened.secrets.get, NAME)
        assert token == CANARY

        async def fails() -> None:
            raise RuntimeError(f"GET https://chat.example/login?key={quote(token, safe='')} Bot {token} was refused")

        logging.getLogger("httpx").warning("401 for %s", token, extra={"header": f"Bot {token}"})
        opened.running.core.tasks.spawn(fails(), "sign in")
        assert opened.day is not None
        await opened.drive(opened.day.start.replace(minute=32))
        state = opened.running.core.accounts.state("demo")
        assert "sign in failed" in state.reason
        assert CANARY not in state.reason
        assert assert_nowhere(tmp_path) > 5, "looked at while the write-ahead log is still apart"
        await opened.close()
    finally:
        log.close()
    backup = await asyncio.to_thread(tradestream, *home, "backup", str(tmp_path / "all.tsbackup"))
    assert backup.returncode == 0, backup.stderr
    assert read_state(paths.paper_db).messages
    looked_at = assert_nowhere(tmp_path)
    assert looked_at > 8
    assert MASK in (paths.logs_dir / FILE_NAME).read_text("utf-8")


def test_neither_arguments_nor_environment_of_a_running_command_hold_the_value(
    tmp_path: Path, without_keyring: None
) -> None:
    command = [sys.executable, "-m", "tradestream_gui", "--profile", "p", "--data-dir", str(tmp_path)]
    with subprocess.Popen(
        [*command, "secret", "set", NAME], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdin is not None
        running.stdin.write(f"{CANARY}\n")
        running.stdin.flush()
        for source in ("cmdline", "environ"):
            seen = Path(f"/proc/{running.pid}/{source}").read_bytes()
            assert not any(spelling in seen for spelling in spellings(CANARY))
        running.communicate(f"{PASSPHRASE}\n")
        assert running.returncode == 0
    assert os.stat(tmp_path / "p" / "config" / "vault.json").st_mode & 0o077 == 0
