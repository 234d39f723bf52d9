"""Holds for every test: the real loop for `async def` tests, loopback only, an empty home, and nothing left behind."""

import asyncio
import decimal
import gc
import inspect
import itertools
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.guards import SocketGuard, finish_loop, leaked_threads, leaked_windows
from tests.known_texts import remember_settings_files
from tests.temporary_files import keep_in_memory

sys.dont_write_bytecode = False  # each worker and each started program would compile hundreds of files anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["QT_QPA_PLATFORM"] = os.environ.get("TRADESTREAM_TEST_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
decimal.DefaultContext.traps[decimal.FloatOperation] = True  # for the threads that tests start
decimal.getcontext().traps[decimal.FloatOperation] = True

ROOT = Path(__file__).resolve().parent.parent
TEST_LIMIT_S = 120.0
"""A test that hangs is a failure with a name, not a silent run."""
QT_FIXTURES = {"qapp", "qtbot", "qapp_cls"}
HOME_VARIABLES = ("HOME", "TRADESTREAM_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")

guard = SocketGuard()
guard.install()
remember_settings_files()
keep_in_memory()


def pytest_collection_finish() -> None:
    """What is loaded by now stays; no collection of garbage looks through it again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs an `async def` test: on the application's own loop where the test uses Qt, else on a plain one."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    on_qt = QT_FIXTURES & set(pyfuncitem.fixturenames) or pyfuncitem.get_closest_marker("qt_loop")
    loop = _qt_loop() if on_qt else asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(asyncio.wait_for(pyfuncitem.obj(**arguments), TEST_LIMIT_S))
    finally:
        left = finish_loop(loop)
    assert not left, f"the test left tasks running: {', '.join(left)}"
    return True


def _qt_loop() -> asyncio.AbstractEventLoop:
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.ui.shell.event_loop import make_event_loop

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    return make_event_loop(app)


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders for homes, not made yet. pytest's own numbering would read the names of all before for each new one."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def empty_home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of this test's own: no test sees the user's files or another test's."""
    home = next(_homes)
    home.mkdir()
    for name in HOME_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TRADESTREAM_HOME", str(home / "TradeStream"))
    return home


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    uses_qt = bool(QT_FIXTURES & set(request.fixturenames))
    threads = threading.enumerate()
    windows = _windows() if uses_qt else []
    guard.take_refusals()
    yield
    problems = guard.take_refusals()
    problems += [f"the test left the thread {name} running" for name in leaked_threads(threads)]
    if uses_qt:
        problems += [f"the test left the window {name}" for name in leaked_windows(windows)]
    assert not problems, "; ".join(problems)


def _windows() -> list[Any]:
    from PyQt6.QtWidgets import QApplication

    return list(QApplication.topLevelWidgets())


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded material that may lie beside the checkout."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared with the recorded material is not beside this checkout")
    return folder
