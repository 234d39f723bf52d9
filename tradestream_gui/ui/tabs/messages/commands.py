"""What a person's answer to a waiting card makes the alert desk do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tradestream_gui.ui.shell.rejections import ask_again, rejected_words
from tradestream_gui.ui.tabs.messages.answer import AFTER_FILL
from tradestream_gui.ui.tabs.messages.rows import MessageRow

if TYPE_CHECKING:
    from tradestream_gui.alerts.binding.corrections import AmendChoice
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import MessageKey
    from tradestream_gui.ui.shell.ways import Undo


class CardCommands:
    """Each does nothing for a row that waits for no answer."""

    def __init__(self, core: Core, say: Callable[[str], None], offer_undo: Callable[[str, Undo], None]) -> None:
        self._core = core
        self._say = say
        self._offer_undo = offer_undo

    def approve(self, row: MessageRow | None) -> None:
        """Judges the card again as of now and carries it out."""
        if row is None or not row.is_card:
            return
        if row.decision is not None and row.decision.code == AFTER_FILL:
            self._say("A yes alone would say nothing: keep the position, swap it or flatten it.")
        else:
            self._core.tasks.spawn(self._approve(row.key), f"approve {row.key}")

    def settle(self, row: MessageRow | None, choice: AmendChoice) -> None:
        """Keeps, swaps or flattens the position whose alert was corrected after its fill."""
        if row is not None and row.is_card:
            self._core.tasks.spawn(self._settle(row.key, choice), f"settle {row.key}")

    def reject(self, row: MessageRow | None) -> None:
        if row is not None and row.is_card:
            rejected = self._core.alerts.reject(row.key, "you said no")
            if rejected is not None:
                self._offer_undo(f"Rejected: {rejected_words(rejected)}", partial(ask_again, self._core, rejected))

    async def _approve(self, key: MessageKey) -> None:
        await self._core.alerts.approve(key)

    async def _settle(self, key: MessageKey, choice: AmendChoice) -> None:
        await self._core.alerts.settle(key, choice)
