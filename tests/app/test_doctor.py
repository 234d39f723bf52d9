"""The doctor names what is there and what is not, and the self-test ends with its own exit code."""

import io
import json
import os
from pathlib import Path

import pytest

from tradestream_gui import doctor
from tradestream_gui.doctor import Finding, State, examine, has_failed, report
from tradestream_gui.paths import Paths


def found(findings: list[Finding], subject: str) -> Finding:
    return next(finding for finding in findings if finding.subject == subject)


def test_this_environment_is_sound_and_every_package_has_its_version(tmp_path: Path) -> None:
    findings = examine(Paths.for_profile("default", data_dir=tmp_path))
    assert [finding for finding in findings if finding.state is State.FAILED] == []
    assert found(findings, "package PyQt6").detail.startswith("6.")
    assert found(findings, "icons").state is State.OK


def test_looking_makes_no_folder(tmp_path: Path) -> None:
    examine(Paths.for_profile("default", data_dir=tmp_path / "new"))
    assert list(tmp_path.iterdir()) == []


def test_without_a_keyring_it_says_what_happens_to_secrets(tmp_path: Path) -> None:
    keyring = found(examine(Paths.for_profile("default", data_dir=tmp_path)), "keyring")
    assert keyring.state is State.WARNING
    assert keyring.advice.startswith("No system keyring found. Secrets are kept in an encrypted vault")


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps access lists instead of modes")
def test_a_folder_open_to_others_is_named_with_the_remedy(tmp_path: Path) -> None:
    paths = Paths.for_profile("default", data_dir=tmp_path)
    paths.create()
    paths.data_dir.chmod(0o755)
    folder = found(examine(paths), "data folder")
    assert folder.state is State.WARNING
    assert "mode 755" in folder.detail
    assert f"chmod 700 '{paths.data_dir}'" in folder.advice


def test_the_json_report_can_be_read_by_a_program() -> None:
    out = io.StringIO()
    findings = [Finding("Qt", State.OK, "6"), Finding("fonts", State.FAILED, "missing: Inter", "Install again.")]
    report(findings, out, as_json=True)
    answer = json.loads(out.getvalue())
    assert answer["failed"] is True
    assert answer["findings"][1] == {
        "subject": "fonts", "state": "failed", "detail": "missing: Inter", "advice": "Install again.",
    }  # fmt: skip


def test_the_printed_report_closes_with_the_counts() -> None:
    out = io.StringIO()
    report([Finding("Qt", State.OK, "6"), Finding("keyring", State.WARNING, "none", "Type them.")], out)
    assert out.getvalue().splitlines()[-1] == "2 looked at: 0 failed, 1 to know about"
    assert not has_failed([Finding("keyring", State.WARNING, "none")])


def test_a_build_without_its_themes_fails_the_self_test_with_5(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "theme_path", lambda name: tmp_path / name)
    assert doctor.run_selftest() == 5
    assert "missing: dark.toml" in capsys.readouterr().out
