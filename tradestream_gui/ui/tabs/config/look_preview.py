"""Theme, row height, text size and motion, shown while they are being chosen and taken back when they are not kept."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.look_keeper import BASE_PT, SECTION
from tradestream_gui.ui.shell.theme import Density

if TYPE_CHECKING:
    from tradestream_gui.upkeep.settings.service import Proposal


class LookPreview:
    """Remembers the look as it was before the first edit."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._before: tuple[str, float, Density, bool] | None = None

    def show(self, edits: Mapping[str, Any], errors: Mapping[str, str]) -> None:
        """Shows the edits of the appearance that are in order."""
        wanted = {key: value for key, value in edits.items() if key.startswith(SECTION) and key not in errors}
        if not wanted:
            self.take_back()
            return
        if self._before is None:
            look = self._look
            self._before = (look.theme.name, look.scale, look.density, look.reduce_motion)
        for key, value in wanted.items():
            self._set(key.removeprefix(SECTION), value)

    def take_back(self) -> None:
        before, self._before = self._before, None
        if before is not None:
            name, scale, density, reduce_motion = before
            self._look.set_theme(name)
            self._look.set_scale(scale)
            self._look.set_density(density)
            self._look.set_reduce_motion(reduce_motion)

    def keep(self, proposal: "Proposal") -> None:
        """The changes hold now, so the look stays; one that came with an import is shown."""
        self._before = None
        for change in proposal.changes:
            if change.key.startswith(SECTION):
                self._set(change.key.removeprefix(SECTION), change.after)

    def _set(self, name: str, value: Any) -> None:
        look = self._look
        if name == "theme" and value != look.theme.name:
            look.set_theme(str(value))
        elif name == "font_size" and isinstance(value, int) and look.scale != value / BASE_PT:
            look.set_scale(value / BASE_PT)
        elif name == "density" and look.density is not Density[str(value).upper()]:
            look.set_density(Density[str(value).upper()])
        elif name == "reduce_motion" and look.reduce_motion is not bool(value):
            look.set_reduce_motion(bool(value))
