"""Colours, row height, text size and motion, shown while they are chosen, taken back when not kept."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tradestream_gui.ui.shell.layout_store import SavedLook
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.look_keeper import BASE_PT, SECTION
from tradestream_gui.ui.shell.theme import Density

if TYPE_CHECKING:
    from tradestream_gui.upkeep.settings.service import Proposal


class LookPreview:
    """Remembers the look as it was before the first edit."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._before: SavedLook | None = None

    def show(self, edits: Mapping[str, Any], errors: Mapping[str, str]) -> None:
        """Shows the edits of the appearance that are in order."""
        wanted = {key: value for key, value in edits.items() if key.startswith(SECTION) and key not in errors}
        if not wanted:
            self.take_back()
            return
        if self._before is None:
            self._before = SavedLook.of(self._look)
        for key, value in wanted.items():
            self._set(key.removeprefix(SECTION), value)

    def take_back(self) -> None:
        before, self._before = self._before, None
        if before is not None:
            before.show_on(self._look)

    def keep(self, proposal: "Proposal") -> None:
        """The changes hold now, so the look stays; one that came with an import is shown."""
        self._before = None
        for change in proposal.changes:
            if change.key.startswith(SECTION):
                self._set(change.key.removeprefix(SECTION), change.after)

    def _set(self, name: str, value: Any) -> None:
        look = self._look
        if name == "theme" and value != look.choice:
            look.set_theme(str(value))
        elif name == "profit_colours" and value != look.profit_colours:
            look.set_profit_colours(str(value))
        elif name == "font_size" and isinstance(value, int) and look.scale != value / BASE_PT:
            look.set_scale(value / BASE_PT)
        elif name == "density" and look.density is not Density[str(value).upper()]:
            look.set_density(Density[str(value).upper()])
        elif name == "reduce_motion" and look.reduce_motion is not bool(value):
            look.set_reduce_motion(bool(value))
