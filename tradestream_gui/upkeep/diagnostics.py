"""The diagnostics bundle: one file for whoever helps, with nothing in it that is secret or about trades."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tradestream_gui.upkeep.health import Checkup, HealthMonitor
from tradestream_gui.upkeep.settings.service import SettingsService

LOG_TAIL_BYTES = 2_000_000
"""So much of the newest log goes in."""
ABOUT = """TradeStream diagnostics

doctor.json    what this computer and this build have and lack
health.json    what was measured of the running program, one look a minute for up to a day
settings.yaml  the settings; passwords and keys never stand there
log.jsonl      the newest part of the program's log, masked once more while it was packed

Not in here: passwords, keys, account numbers, messages, databases and backups.
"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the bundle takes from outside of the core: the log's file, the mask for secrets, and the doctor's report."""

    log_file: Path
    clean: Callable[[str], str]
    examine: Callable[[], str]


class Diagnostics:
    """Packs the bundle. `pack` blocks: it is called on a worker thread."""

    def __init__(self, surroundings: Surroundings, health: HealthMonitor, settings: SettingsService) -> None:
        self._surroundings = surroundings
        self._health = health
        self._settings = settings

    def pack(self) -> bytes:
        """The bundle as a zip file; every part goes through the mask. Raises OSError."""
        clean = self._surroundings.clean
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in self._parts():
                bundle.writestr(name, "\n".join(clean(line) for line in text.split("\n")))
        return packed.getvalue()

    def _parts(self) -> Iterator[tuple[str, str]]:
        yield "README.txt", ABOUT
        yield "doctor.json", self._surroundings.examine()
        yield "health.json", json.dumps([_as_json(checkup) for checkup in self._health.history], indent=1)
        yield "settings.yaml", self._settings.export_text()
        yield "log.jsonl", tail(self._surroundings.log_file, LOG_TAIL_BYTES)


def tail(path: Path, size: int) -> str:
    """The last whole lines of a text file, up to so many bytes; empty where there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - size, 0))
        text = file.read().decode("utf-8", "replace")
    return text if path.stat().st_size <= size else text.partition("\n")[2]


def _as_json(checkup: Checkup) -> dict[str, object]:
    readings = [
        {name: value for name, value in asdict(reading).items() if name != "told"} | {"level": reading.level.name}
        for reading in checkup.readings
    ]
    return {"at": checkup.at.isoformat(), "score": checkup.score, "readings": readings}
