"""An installed wheel finds its own resources and themes and starts without the checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROBE = """
import sys
sys.path.insert(0, {place!r})
from tradestream_gui.paths import bundled_root, resource_path, theme_path
assert bundled_root("resources").name == "_resources", bundled_root("resources")
assert resource_path("icons/buy.svg").is_file() and theme_path("dark.toml").is_file()
assert resource_path("THIRD-PARTY-NOTICES.md").is_file() and resource_path("app/tradestream.svg").is_file()
from tradestream_gui.cli import main
sys.exit(main({arguments!r}))
"""


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run_installed(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = PROBE.format(place=str(installed), arguments=list(arguments))
    return subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False, cwd=installed
    )


def test_the_command_starts_from_the_wheel_alone(installed: Path) -> None:
    result = run_installed(installed, "doctor")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "installed package" in result.stdout


def test_the_wheel_declares_the_command_and_carries_the_licence(installed: Path) -> None:
    (metadata,) = installed.glob("*.dist-info")
    assert "tradestream = tradestream_gui.cli:main" in (metadata / "entry_points.txt").read_text()
    assert any("GNU GENERAL PUBLIC LICENSE" in path.read_text() for path in metadata.rglob("LICENSE"))


def test_every_module_of_the_package_is_in_the_wheel(installed: Path, root: Path) -> None:
    def modules(folder: Path) -> set[str]:
        return {path.relative_to(folder).as_posix() for path in (folder / "tradestream_gui").rglob("*.py")}

    assert modules(root) - modules(installed) == set()
