"""A person's yes to a waiting alert, wherever it is given: asked about first where that must be, and told what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.ui.shell.dialogs import Question, ask
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.order_entry.submit import formal_doubts

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import MessageKey
    from tradestream_gui.ui.shell.arming import Arming
    from tradestream_gui.ui.shell.strip_offer import StripOffer

SENT = (Outcome.TRADED, Outcome.DONE)


class AlertAnswers:
    """Sends what was shown and nothing else; the desk answers each alert once."""

    def __init__(self, core: Core, arming: Arming) -> None:
        self._core = core
        self._arming = arming

    def waiting(self) -> list[MessageKey]:
        """What waits for approval, the oldest first."""
        found = []
        for key in self._core.alerts.cards():
            decision = self._core.alerts.decision(key)
            if decision is not None and decision.outcome is Outcome.AWAITING:
                found.append((decision.at, key))
        return [key for _, key in sorted(found)]

    def doubts(self, offer: StripOffer) -> list[str]:
        """What is asked before it goes; what opens nothing never is."""
        return formal_doubts(self._core, self._arming, offer.account.account_id) if offer.order is not None else []

    async def send(self, parent: QWidget, key: MessageKey, offer: StripOffer) -> tuple[str, Tone]:
        """What became of it, in words."""
        self._arming.note_use()
        if not await self._is_meant(parent, offer):
            return "Not sent.", Tone.MUTED
        return _result(await self._core.alerts.approve(key, offer.order))

    async def _is_meant(self, parent: QWidget, offer: StripOffer) -> bool:
        doubts, account = self.doubts(offer), offer.account
        if not doubts:
            return True
        question = Question(
            "Send this order?",
            "\n".join(doubts),
            confirm="Send",
            facts=[("Order", offer.sentence), ("Account", f"{account.name}, {account.kind.value}")],
            role="danger" if account.kind.is_guarded else offer.tone.name.lower(),
        )
        if not await ask(parent, question):
            return False
        self._arming.note_confirmed(account.account_id)
        return True


def _result(decision: Decision | None) -> tuple[str, Tone]:
    if decision is None:
        return "It had run out or was answered elsewhere; nothing was sent from here.", Tone.WARN
    words = decision.words.rstrip(".")
    if decision.outcome in SENT:
        return f"{words[:1].upper()}{words[1:]}.", Tone.OK
    held = " It is held in Messages, Needs a look." if decision.outcome is Outcome.HELD else ""
    return f"Not sent: {words}.{held}", Tone.DANGER
