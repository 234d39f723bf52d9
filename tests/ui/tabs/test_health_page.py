"""The health page shows what was measured, in words and shapes, and saves a bundle without a secret."""

import io
import json
import logging
import zipfile
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.support import eventually
from tests.ui.tabs.config_page import config_page
from tests.ui.tabs.rig import Rig, demo_rig
from tradestream_gui.logs import FILE_NAME, ProgramLog
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.config import ConfigTab
from tradestream_gui.ui.tabs.config import health_card as health_module
from tradestream_gui.ui.tabs.config.health_card import HealthCard
from tradestream_gui.upkeep.diagnostics import Diagnostics, Surroundings, tail
from tradestream_gui.upkeep.health import Level, Reading

SECRET = "hunter2-is-no-password"


def shown_card(look: Look, qtbot: QtBot, rig: Rig) -> tuple[HealthCard, ConfigTab]:
    """The card and the tab that owns it."""
    tab = config_page(rig.core, rig.hub, "health", look, qtbot)
    card = tab.findChild(HealthCard)
    assert isinstance(card, HealthCard)
    return card, tab


async def test_each_reading_stands_there_with_its_state_in_words(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path, 70) as rig:
        card, _tab = shown_card(look, qtbot, rig)
        checkup = rig.core.health.latest
        assert checkup is not None
        card.model.flush()
        assert card.model.keys == [(reading.component, reading.name) for reading in checkup.readings]
        assert card.title.text() == f"Health {checkup.score} of 100"
        rig.core.health.add(lambda: [Reading("Disk", "Room", "1 MB", Level.DANGER, "Make room now.")])
        card.now.click()
        card.model.flush()
        row = card.model.row(("Disk", "Room"))
        assert row is not None
        told = {column.key: column.text(row) for column in health_module.COLUMNS}
        assert told == {
            "state": "danger", "part": "Disk", "what": "Room", "what_state": "Room", "value": "1 MB",
            "advice": "Make room now.",
        }  # fmt: skip
        in_one = next(column for column in health_module.COLUMNS if column.key == "what_state")
        assert "danger" in in_one.spoken(row), "what stands for two columns says both"


async def test_the_bundle_holds_the_doctors_report_health_settings_and_a_masked_log(tmp_path: Path) -> None:
    async with demo_rig(tmp_path, 130) as rig:
        log = ProgramLog(tmp_path)
        log.redactor.learn([SECRET])
        logging.getLogger("tradestream").info("an order went out")
        log.close()
        with (tmp_path / FILE_NAME).open("a", encoding="utf-8") as file:
            file.write(f'{{"event": "signed in with {SECRET}"}}\n')
        around = Surroundings(tmp_path / FILE_NAME, log.redactor.clean, lambda: '{"findings": []}')
        packed = Diagnostics(around, rig.core.health, rig.core.settings).pack()
    with zipfile.ZipFile(io.BytesIO(packed)) as bundle:
        parts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert sorted(parts) == ["README.txt", "doctor.json", "health.json", "log.jsonl", "settings.yaml"]
    assert "an order went out" in parts["log.jsonl"]
    assert "signed in with [secret]" in parts["log.jsonl"]
    assert SECRET not in "".join(parts.values())
    looks = json.loads(parts["health.json"])
    assert len(looks) >= 2
    assert looks[-1]["readings"][0].keys() == {"component", "name", "value", "level", "advice"}
    assert "daily_loss_limit" in parts["settings.yaml"]


async def test_the_button_saves_where_the_user_says(
    look: Look, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def chosen(*args: object, **more: object) -> Path:
        return tmp_path / "bundle.zip"

    monkeypatch.setattr(health_module, "ask_save_path", chosen)
    async with demo_rig(tmp_path, 70) as rig:
        card, _tab = shown_card(look, qtbot, rig)
        said: list[str] = []
        card.said.connect(said.append)
        around = Surroundings(tmp_path / FILE_NAME, str, lambda: "{}")
        rig.core.tasks.spawn(card._save(Diagnostics(around, rig.core.health, rig.core.settings)), "save")
        await eventually(lambda: said)
        assert zipfile.is_zipfile(tmp_path / "bundle.zip")
        assert said[0].startswith("Diagnostics saved to")


def test_a_long_log_is_cut_at_a_line(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("".join(f"line {number}\n" for number in range(1000)))
    cut = tail(path, 100)
    assert cut.startswith("line 9")
    assert len(cut) <= 100
    assert tail(tmp_path / "none", 100) == ""
