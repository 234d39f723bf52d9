"""The few files that the window reads before it paints: its look and its layout of the last run."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from PyQt6.QtCore import QByteArray

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.theme import FOLLOW_SYSTEM, OWN_PROFIT_COLOURS, THEME_NAMES, Density, clamp_scale

COLUMNS_FILE, PARTS_FILE = "columns.json", "parts.json"


@dataclass(frozen=True, slots=True)
class SavedLook:
    """What first paint needs to know of the settings."""

    theme: str = "dark"
    scale: float = 1.0
    density: str = "compact"
    reduce_motion: bool = False
    profit_colours: str = OWN_PROFIT_COLOURS

    @classmethod
    def of(cls, look: Look) -> "SavedLook":
        return cls(look.choice, look.scale, look.density.name.lower(), look.reduce_motion, look.profit_colours)

    def show_on(self, look: Look, *, theme: str = "") -> None:
        """Changes the look to this one where it differs; `theme` is taken instead of the saved one."""
        theme = theme or self.theme
        if look.choice != theme:
            look.set_theme(theme)
        if look.profit_colours != self.profit_colours:
            look.set_profit_colours(self.profit_colours)
        if look.scale != self.scale:
            look.set_scale(self.scale)
        if look.density.name.lower() != self.density:
            look.set_density(Density[self.density.upper()])
        if look.reduce_motion is not self.reduce_motion:
            look.set_reduce_motion(self.reduce_motion)


@dataclass(frozen=True, slots=True)
class KeptColumns:
    """How one table was left: its columns then, the header's own state, and the scale of its widths."""

    keys: tuple[str, ...]
    state: bytes
    scale: float


class LayoutStore:
    """Files of one profile's layouts folder; what cannot be read is treated as absent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def look(self) -> SavedLook:
        try:
            stored = json.loads((self._folder / "look.json").read_text(encoding="utf-8"))
            theme, scale = str(stored["theme"]), float(stored["scale"])
            density, reduce_motion = str(stored["density"]), bool(stored["reduce_motion"])
            profit_colours = str(stored.get("profit_colours", OWN_PROFIT_COLOURS))
        except (OSError, ValueError, KeyError, TypeError):
            return SavedLook()
        known = density.upper() in Density.__members__
        return SavedLook(
            theme if theme in (*THEME_NAMES, FOLLOW_SYSTEM) else "dark",
            clamp_scale(scale),
            density if known else "compact",
            reduce_motion,
            profit_colours,
        )

    def save_look(self, look: SavedLook) -> None:
        (self._folder / "look.json").write_text(json.dumps(asdict(look)), encoding="utf-8")

    def layout(self, name: str = "last") -> tuple[QByteArray, QByteArray] | None:
        try:
            geometry = (self._folder / f"{name}.geometry").read_bytes()
            state = (self._folder / f"{name}.state").read_bytes()
        except OSError:
            return None
        return QByteArray(geometry), QByteArray(state)

    def save_layout(self, geometry: QByteArray, state: QByteArray, name: str = "last") -> None:
        (self._folder / f"{name}.geometry").write_bytes(geometry.data())
        (self._folder / f"{name}.state").write_bytes(state.data())

    @staticmethod
    def named(monitors: str, name: str) -> str:
        """Under which a layout of the user's own is kept; any name makes a file name."""
        return f"named-{monitors}-{name.encode(errors='replace').hex()}"

    def names(self, monitors: str) -> list[str]:
        """The user's own layouts of one set of monitors; a file that nobody here wrote is passed over."""
        found = []
        for file in self._folder.glob(f"named-{monitors}-*.state"):
            try:
                found.append(bytes.fromhex(file.stem.rpartition("-")[2]).decode())
            except ValueError:
                continue
        return sorted(found, key=str.lower)

    def forget(self, name: str = "last") -> None:
        for ending in ("geometry", "state"):
            (self._folder / f"{name}.{ending}").unlink(missing_ok=True)

    def columns(self) -> dict[str, KeptColumns]:
        """By the table's name."""
        try:
            stored = json.loads((self._folder / COLUMNS_FILE).read_text(encoding="utf-8"))
            return {
                str(name): KeptColumns(
                    tuple(map(str, kept["keys"])), bytes.fromhex(kept["state"]), clamp_scale(float(kept["scale"]))
                )
                for name, kept in stored.items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def save_columns(self, columns: Mapping[str, KeptColumns]) -> None:
        told = {
            name: {"keys": kept.keys, "state": kept.state.hex(), "scale": kept.scale} for name, kept in columns.items()
        }
        (self._folder / COLUMNS_FILE).write_text(json.dumps(told), encoding="utf-8")

    def parts(self) -> dict[str, Mapping[str, object]]:
        """What tabs and docks were set to, by the name that each keeps it under."""
        try:
            stored = json.loads((self._folder / PARTS_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        found = stored.items() if isinstance(stored, Mapping) else ()
        return {str(name): kept for name, kept in found if isinstance(kept, Mapping)}

    def save_parts(self, parts: Mapping[str, Mapping[str, object]]) -> None:
        told = {name: dict(kept) for name, kept in parts.items()}
        (self._folder / PARTS_FILE).write_text(json.dumps(told), encoding="utf-8")

    def was_welcomed(self) -> bool:
        return (self._folder / "welcomed").exists()

    def note_welcome(self) -> None:
        (self._folder / "welcomed").touch()
