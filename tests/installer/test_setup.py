"""The environment is made once, fits the checkout, and is made anew when what it was made from changes."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installer import setup_env
from installer.setup_env import Environment, make_bare, make_importable, stamp_text

BARE_HOOK = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {hidden!r}:
            raise ImportError(name + " is hidden")

sys.meta_path.insert(0, Hidden())
sys.argv = [{script!r}, *{arguments!r}]
import runpy
runpy.run_path({script!r}, run_name="__main__")
"""


@pytest.fixture
def checkout(tmp_path: Path, root: Path) -> Path:
    """A copy of the installer beside a package that answers with its arguments, and a lock of nothing."""
    copy = tmp_path / "check out"
    shutil.copytree(root / "installer", copy / "installer", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(root / "resources" / "app", copy / "resources" / "app")
    (copy / "requirements.lock").write_text("# nothing\n")
    package = copy / "tradestream_gui"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(
        "import os, sys\nprint('started', *sys.argv[1:], os.environ.get('PYTHONHOME'), flush=True)\n"
        "sys.exit(5 if '--five' in sys.argv else 0)\n"
    )
    return copy


def run(
    checkout: Path, *arguments: str, hidden: tuple[str, ...] = (), **variables: str
) -> subprocess.CompletedProcess[str]:
    code = BARE_HOOK.format(hidden=hidden, script=str(checkout / "installer" / "run.py"), arguments=arguments)
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-I", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**environment, **variables},
    )


def test_the_first_run_sets_up_the_second_passes_its_words_on_and_clean_removes_what_was_made(checkout: Path) -> None:
    result = run(checkout)
    assert result.returncode == 0, result.stderr
    assert "Setting up TradeStream" in result.stdout
    assert "No display found. Running the demo headless for 60 s; use --display to force a window." in result.stdout
    assert "started --demo --headless --speed 60 --duration 60 None" in result.stdout
    result = run(checkout, "--duration", "2.5", "--five")
    assert "Setting up TradeStream" not in result.stdout
    assert "started --demo --headless --speed 60 --duration 2.5 --five" in result.stdout
    assert result.returncode == 5
    assert run(checkout, "clean").returncode == 0
    assert sorted(path.name for path in checkout.iterdir()) == [
        "installer",
        "requirements.lock",
        "resources",
        "tradestream_gui",
    ]
    assert "Nothing to remove." in run(checkout, "clean").stdout


def test_a_changed_lock_and_a_moved_checkout_make_the_environment_anew(checkout: Path, tmp_path: Path) -> None:
    run(checkout)
    left_over = checkout / ".venv" / "left-over"
    left_over.touch()
    (checkout / "requirements.lock").write_text("# still nothing\n")
    assert "Setting up TradeStream" in run(checkout).stdout
    assert not left_over.exists()
    result = run(checkout.rename(tmp_path / "elsewhere"))
    assert "Setting up TradeStream" in result.stdout
    assert "started" in result.stdout


def test_it_works_where_the_venv_and_ensurepip_modules_are_missing(checkout: Path) -> None:
    result = run(checkout, hidden=("venv", "ensurepip"))
    assert result.returncode == 0, result.stderr
    assert "started --demo --headless" in result.stdout


def test_a_stray_pythonhome_of_the_caller_does_not_reach_the_program(checkout: Path) -> None:
    result = run(checkout, PYTHONHOME="/nowhere", PYTHONPATH="/nowhere")
    assert result.returncode == 0, result.stderr
    assert "--duration 60 None" in result.stdout


def test_packages_that_cannot_be_installed_end_with_1_and_advice(checkout: Path) -> None:
    (checkout / "requirements.lock").write_text("no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n")
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    result = run(checkout, PATH="/usr/bin:/bin", **nowhere)
    assert result.returncode == 1
    assert "Set-up failed: " in result.stderr
    assert "started" not in result.stdout
    assert not (checkout / ".venv" / "tradestream-stamp").exists()


def test_an_unknown_command_is_a_usage_error_that_names_the_known_ones(checkout: Path) -> None:
    result = run(checkout, "tset")
    assert result.returncode == 2
    assert "run, test, doctor, package-notices, clean" in result.stderr


def test_the_stamp_knows_the_lock_the_python_and_the_place(tmp_path: Path) -> None:
    here, there = (Environment(tmp_path / name / ".venv", tmp_path / name) for name in ("here", "there"))
    assert stamp_text(here) != stamp_text(there)
    assert sys.version in stamp_text(here)


def test_the_command_starts_the_package_of_the_checkout(tmp_path: Path) -> None:
    environment = Environment(tmp_path / "it's .venv", tmp_path / "root")
    package = environment.root / "tradestream_gui"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text("import sys\nprint('here', sys.argv[1:])\n")
    make_bare(environment)
    make_importable(environment)
    answer = subprocess.run([environment.command, "--demo", "a b"], capture_output=True, text=True, check=True)
    assert answer.stdout == "here ['--demo', 'a b']\n"


def test_the_installer_needs_the_standard_library_only(root: Path) -> None:
    for path in (root / "installer").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            foreign = {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - {"installer"}
            assert not foreign, f"{path.name} imports {foreign}"


def test_the_lock_holds_hashes_and_no_addresses() -> None:
    lines = setup_env.LOCK.read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if "==" in line and not line.startswith(" ")]
    assert len(packages) > 50
    assert all(line.endswith("\\") for line in packages)
    assert not [line for line in lines if "://" in line or line.startswith("-")]
