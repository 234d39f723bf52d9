"""A program that falls over a secret tells it nowhere: not in its last words, its log, its database or its bundle."""

import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.stories.crashing_child import BUNDLE, WAYS
from tests.stories.test_no_secret_leaks import CANARY, NAME, PASSPHRASE, ROOT, assert_nowhere, spellings, tradestream
from tradestream_gui.adapters.storage.offline import read_state
from tradestream_gui.logs import FILE_NAME, MASK
from tradestream_gui.paths import Paths

PATIENCE_S = 60.0
MODES = {"headless": ["--headless"], "window": [], "abort": ["--headless"]}


def crashed(folder: Path, last: str) -> "subprocess.CompletedProcess[str]":
    """The program with its faults, allowed to leave an image of its memory, in a folder of its own."""
    home = ["--profile", "p", "--data-dir", str(folder)]
    kept = tradestream(*home, "secret", "set", NAME, given=f"{CANARY}\n{PASSPHRASE}\n")
    assert kept.returncode == 0, kept.stderr
    command = [sys.executable, "-m", "tests.stories.crashing_child", str(folder), last, *home, *MODES[last]]
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    return subprocess.run(
        command, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, input=f"{NAME}\n{PASSPHRASE}\n",
        capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (most, most)),
    )  # fmt: skip


@pytest.mark.parametrize("last", MODES)
def test_a_crash_that_quotes_a_secret_tells_it_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    ended = crashed(tmp_path, last)
    said = ended.stdout + ended.stderr
    assert ended.returncode != 0, said
    for spelling in spellings(CANARY):
        assert spelling not in said.encode(), said
    assert assert_nowhere(tmp_path) > 5
    paths = Paths.for_profile("p", data_dir=tmp_path)
    log = (paths.logs_dir / FILE_NAME).read_text("utf-8")
    told = log + said
    for way in WAYS if last == "window" else [way for way in WAYS if way != "a slot"]:
        assert f"{way}: GET /login" in told, f"{way} is told, only its secret is not"
    assert MASK in log
    assert "Refused: the last one" in said or last == "abort"
    reasons = [state.reason for state in read_state(paths.paper_db).account_states]
    assert any("was refused for" in reason and MASK in reason for reason in reasons), reasons
    with zipfile.ZipFile(tmp_path / BUNDLE) as bundle:
        assert MASK in bundle.read("log.jsonl").decode()
