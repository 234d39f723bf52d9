"""The command line refuses, in words and before anything is touched, what would go wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tradestream_gui.adapters.runtime.clock import RealClock
from tradestream_gui.bus import EventBus
from tradestream_gui.cli import EXIT_USAGE
from tradestream_gui.domain.events import Notice, Severity
from tradestream_gui.relaunch import demo_command, open_demo

ROOT = Path(__file__).parents[2]


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "TRADESTREAM_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tradestream_gui", *arguments]
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("how", [(), ("--headless",), ("verify-audit",)])
def test_a_profile_name_that_is_a_path_is_refused_in_words(tmp_path: Path, how: tuple[str, ...]) -> None:
    done = run(tmp_path / "home", "--profile", "../elsewhere", *how)
    assert done.returncode == EXIT_USAGE
    assert "the profile name '../elsewhere' is not allowed" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("name", ["demo", "demo-messages"])
def test_nobody_trades_in_the_profile_that_the_demo_clears(tmp_path: Path, name: str) -> None:
    done = run(tmp_path / "home", "--headless", "--seconds", "1", "--profile", name)
    assert done.returncode == EXIT_USAGE
    assert f"the profile {name} is the demo's own and is cleared at each of its starts" in done.stderr
    assert not (tmp_path / "home").exists()


def test_the_demo_of_the_welcome_card_is_kept_beside_the_program_that_opened_it(tmp_path: Path) -> None:
    command = [*demo_command(tmp_path), "--headless", "--seconds", "1"]
    subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=True)
    assert (tmp_path / "demo" / "data" / "paper.db").exists()


def test_a_demo_that_the_system_does_not_start_is_told_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[object] = []
    bus = EventBus(lambda fact, error: failed.append(error))
    told: list[Notice] = []
    bus.subscribe(Notice, told.append)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-such-python"))
    open_demo(bus, RealClock(), tmp_path)
    assert [(notice.title, notice.severity) for notice in told] == [("The demo did not open", Severity.WARNING)]
    assert told[0].words == (
        f"{tmp_path / 'no-such-python'} could not be started: No such file or directory. "
        "Start it yourself: tradestream --demo"
    )
    assert not failed
