"""Keeps the window's look, the appearance settings and the small file that the next first paint reads the same."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer

from tradestream_gui.domain.errors import ConfigInvalid
from tradestream_gui.domain.quotes import DataKind
from tradestream_gui.ui.shell.layout_store import LayoutStore, SavedLook
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.upkeep.settings.service import Proposal, SettingsChanged

if TYPE_CHECKING:
    from tradestream_gui.core import Core

SECTION = "appearance."
BASE_PT = 10
"""The text size in points that stands for 100 %."""
STORE_MS = 400
"""Keys pressed in a row are stored once."""

_log = logging.getLogger(__name__)


class LookKeeper(QObject):
    """The settings decide, live; what the keys of the window change is written back to them.

    A theme given on the command line holds for this run only. A demo, whose settings begin anew at each start, takes
    over the look that was chosen before.
    """

    def __init__(self, look: Look, core: Core, layouts: LayoutStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core = core
        self._layouts = layouts
        self._only_now = look.choice if look.choice != layouts.look().theme else ""
        self._storing = QTimer(self)
        self._storing.setSingleShot(True)
        self._storing.setInterval(STORE_MS)
        self._storing.timeout.connect(self._store)
        core.bus.subscribe(SettingsChanged, self._on_settings)
        if core.subscriptions.feed.kind is DataKind.DEMO:
            self._store()
        else:
            self._adopt()

    def set_theme(self, name: str) -> None:
        self._only_now = ""
        self._look.set_theme(name)
        self._storing.start()

    def set_scale(self, scale: float) -> None:
        self._look.set_scale(scale)
        self._storing.start()

    def _adopt(self) -> None:
        """Shows what the settings say and keeps it for the next start."""
        wanted = self._core.settings.current.appearance
        saved = SavedLook(
            theme=wanted.theme.value,
            scale=wanted.font_size / BASE_PT,
            density=wanted.density.value,
            reduce_motion=wanted.reduce_motion,
            profit_colours=wanted.profit_colours.value,
        )
        saved.show_on(self._look, theme=self._only_now or saved.theme)
        self._layouts.save_look(saved)

    def _store(self) -> None:
        """Brings the settings to what is seen."""
        look, now = self._look, SavedLook.of(self._look)
        seen = {
            "font_size": round(look.scale * BASE_PT),
            "density": now.density,
            "reduce_motion": now.reduce_motion,
            "profit_colours": now.profit_colours,
        }
        if not self._only_now:
            seen["theme"] = now.theme
        proposal = self._core.settings.propose({SECTION + name: value for name, value in seen.items()})
        if proposal.changes:
            self._core.tasks.spawn(self._apply(proposal), "keep the look")
        else:
            self._adopt()

    async def _apply(self, proposal: Proposal) -> None:
        try:
            await self._core.settings.apply(proposal)
        except (ConfigInvalid, OSError) as error:
            _log.warning("the look is not kept for the next start: %s", error)

    def _on_settings(self, fact: SettingsChanged) -> None:
        if any(change.key.startswith(SECTION) for change in fact.changes):
            self._adopt()
