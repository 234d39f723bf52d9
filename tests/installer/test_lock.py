"""The lock file holds every declared package in a version that the declaration admits."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version


def locked(root: Path) -> dict[str, list[Version]]:
    versions: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", (root / "requirements.lock").read_text(), re.MULTILINE):
        versions.setdefault(re.sub(r"[-_.]+", "-", name).lower(), []).append(Version(version))
    return versions


def test_every_declared_package_is_locked_in_an_admitted_version(root: Path) -> None:
    declaration = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*declaration["project"]["dependencies"], *declaration["dependency-groups"]["test"]]
    versions = locked(root)
    for requirement in map(Requirement, lines):
        found = versions.get(re.sub(r"[-_.]+", "-", requirement.name).lower(), [])
        assert found, f"{requirement.name} is not locked"
        assert all(requirement.specifier.contains(version) for version in found), f"{requirement} but {found}"
