"""Keeps the alert strip: which waiting alert it shows, what its keys change, and the desk behind its answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtWidgets import QWidget

from tradestream_gui.alerts.desk.shown_order import Wish
from tradestream_gui.ui.format import countdown_text
from tradestream_gui.ui.shell.alert_answers import AlertAnswers
from tradestream_gui.ui.shell.rejections import ask_again, rejected_words
from tradestream_gui.ui.shell.strip_offer import StripOffer, offer_of, paper_account
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.alert_strip import DEAF_MS, AlertStrip
from tradestream_gui.ui.widgets.alert_strip_keys import Toggle
from tradestream_gui.upkeep.settings.service import SettingsChanged

if TYPE_CHECKING:
    from tradestream_gui.alerts.desk.decision_book import Card
    from tradestream_gui.core import Core
    from tradestream_gui.domain.events import AlertDecided
    from tradestream_gui.domain.ids import MessageKey
    from tradestream_gui.domain.messages import MessageRevision
    from tradestream_gui.ui.shell.arming import Arming
    from tradestream_gui.ui.shell.look import Look
    from tradestream_gui.ui.shell.signal_hub import SignalHub

TICK_MS = 250
RESULT_MS = 3000
"""How long the strip stays to tell what became of the last answer, when no other alert waits."""
REFUSED_MS = 20_000
"""How long what was refused can be answered here with another size."""
MARGIN_PX = 12


class AlertStripKeeper(QObject):
    """There is a strip while the setting says so. It shows the alert that has waited longest, one at a time."""

    undoable = pyqtSignal(str, object)

    def __init__(
        self, look: Look, core: Core, hub: SignalHub, arming: Arming, window: QWidget, *, deaf_ms: int = DEAF_MS
    ) -> None:
        super().__init__(window)
        self._look = look
        self._core = core
        self._answers = AlertAnswers(core, arming)
        self._window = window
        self._deaf_ms = deaf_ms
        self.strip: AlertStrip | None = None
        self._revision: MessageRevision | None = None
        self._offer: StripOffer | None = None
        self._wish = Wish()
        self._is_paper = False
        self._is_answering = False
        self._ticks = QTimer(self)
        self._ticks.setInterval(TICK_MS)
        self._ticks.timeout.connect(self.refresh)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.timeout.connect(self._on_leaving)
        hub.alert_decided.connect(self._on_decided)
        core.bus.subscribe(SettingsChanged, self._on_settings)
        self._apply()

    def close(self) -> None:
        self._core.bus.unsubscribe(SettingsChanged, self._on_settings)
        self._drop()

    def take_focus(self) -> None:
        """By its key; without an alert there is nothing to answer."""
        if self.strip is not None and self.strip.isVisible():
            self.strip.take_focus()

    def refresh(self) -> None:
        """The order as of now: prices move, cards run out, edits replace what was shown."""
        if self.strip is None or self._is_answering:
            return
        waiting, shown = self._answers.waiting(), self._revision
        key = shown.message_key if shown is not None else None
        if key not in waiting:  # what risk refused stays in sight, unless another one waits
            key = waiting[0] if waiting else key
        card = self._core.alerts.card(key) if key is not None else None
        if card is None:
            self._leave(self.strip)
            return
        if card.revision is not shown:
            self._begin(self.strip, card)
        self._show(self.strip, card, waiting)

    # -- showing -------------------------------------------------------------------------------------------

    def _begin(self, strip: AlertStrip, card: Card) -> None:
        self._revision = card.revision
        self._wish, self._is_paper = Wish(), False
        self._leaving.stop()
        strip.begin(f"{card.route.analyst.name} · {card.revision.channel_name}", card.revision.text)
        if not strip.isVisible():
            self._place(strip)
        self._ticks.start()

    def _show(self, strip: AlertStrip, card: Card, waiting: list[MessageKey]) -> None:
        own = self._core.accounts.account(card.route.account_id)
        paper, key = paper_account(self._core, own), card.revision.message_key
        self._offer = offer = offer_of(self._core, card, self._wish, paper if paper and self._is_paper else own)
        at = waiting.index(key) + 1 if key in waiting else 1
        strip.show_place(f"{at} of {len(waiting)}" if len(waiting) > 1 else "")
        account = f"{offer.account.name} · {offer.account.kind.value}"
        strip.show_order(offer.sentence, offer.tone, account, offer.market, offer.problem)
        order, wish = offer.order, self._wish
        qty = wish.order_qty or (order.ticket.order_qty if order is not None else None)
        on = {Toggle.MICRO: wish.is_micro, Toggle.LIMIT: wish.at_alert, Toggle.PAPER: self._is_paper}
        strip.keys.show_keys(
            may_send=offer.may_send,
            size=f"1–9  Size {qty}" if qty is not None else "1–9  Size" if offer.problem else "",
            on=frozenset(toggle for toggle, is_on in on.items() if is_on),
            possible=_possible(offer, has_paper=paper is not None),
        )
        self._show_life(strip, card)
        strip.appear()

    def _show_life(self, strip: AlertStrip, card: Card) -> None:
        decision = self._core.alerts.decision(card.revision.message_key)
        if card.expires_at is None or decision is None:
            strip.show_life(None, "No time limit")
            return
        left = max((card.expires_at - self._core.clock.now()).total_seconds(), 0.0)
        total = (card.expires_at - decision.at).total_seconds()
        strip.show_life(left / total if total else 0.0, countdown_text(timedelta(seconds=left)))

    def _place(self, strip: AlertStrip) -> None:
        """At the top of the screen of the window, in the middle; where it was moved to it comes again."""
        screen = self._window.screen()
        if screen is not None and strip.pos().isNull():
            room = screen.availableGeometry()
            left = room.left() + (room.width() - strip.width()) // 2
            strip.move(left, room.top() + self._look.px(MARGIN_PX))

    def _leave(self, strip: AlertStrip) -> None:
        """Nothing waits: it goes at once, or when it has told what became of the answer."""
        self._revision = self._offer = None
        self._ticks.stop()
        strip.rest()
        if not self._leaving.isActive():
            strip.hide()

    def _on_leaving(self) -> None:
        """The answer has been read; what risk refused stands in Messages from here on."""
        shown = self._revision
        if self.strip is not None and (shown is None or shown.message_key not in self._answers.waiting()):
            self._leave(self.strip)

    # -- answers -------------------------------------------------------------------------------------------

    def _on_sized(self, qty: int) -> None:
        self._wish = replace(self._wish, order_qty=qty or None)
        self._change()

    def _on_toggled(self, toggle: Toggle) -> None:
        """Another contract has another size: the one that was pressed goes."""
        wish = self._wish
        if toggle is Toggle.MICRO:
            self._wish = replace(wish, is_micro=not wish.is_micro, order_qty=None)
        elif toggle is Toggle.LIMIT:
            self._wish = replace(wish, at_alert=not wish.at_alert)
        else:
            self._is_paper = not self._is_paper
        self._change()

    def _change(self) -> None:
        if self._leaving.isActive():
            self._leaving.start()
        self.refresh()

    def _on_skipped(self, why: str) -> None:
        shown, strip = self._revision, self.strip
        if shown is not None and strip is not None and not self._is_answering:
            rejected = self._core.alerts.reject(shown.message_key, f"you skipped it: {why}")
            if rejected is not None:
                self.undoable.emit(f"Skipped: {rejected_words(rejected)}", partial(ask_again, self._core, rejected))
            self._after(strip, f"Skipped: {why}.", Tone.SECONDARY)

    def _on_send(self) -> None:
        """Once for each alert: until the desk has answered, nothing more is heard."""
        shown, offer, strip = self._revision, self._offer, self.strip
        if shown is None or strip is None or offer is None or not offer.may_send or self._is_answering:
            return
        self._is_answering = True
        self._core.tasks.spawn(self._send(strip, shown.message_key, offer), f"answer {shown.message_key}")

    async def _send(self, strip: AlertStrip, key: MessageKey, offer: StripOffer) -> None:
        words, tone = "Not sent.", Tone.MUTED
        try:
            words, tone = await self._answers.send(strip, key, offer)
        finally:
            self._is_answering = False
        if strip is self.strip:
            self._after(strip, words, tone)

    def _after(self, strip: AlertStrip, words: str, tone: Tone) -> None:
        """The next alert takes the place at once, with the last one's end below it."""
        self._leaving.start(REFUSED_MS if tone is Tone.DANGER else RESULT_MS)
        self.refresh()
        strip.tell(words, tone)

    # -- on and off ----------------------------------------------------------------------------------------

    def _on_decided(self, fact: AlertDecided) -> None:
        self.refresh()

    def _on_settings(self, fact: SettingsChanged) -> None:
        self._apply()

    def _apply(self) -> None:
        wanted = self._core.settings.current.appearance.alert_strip
        if not wanted:
            self._drop()
        elif self.strip is None:
            self.strip = strip = AlertStrip(self._look, deaf_ms=self._deaf_ms)
            strip.send.connect(self._on_send)
            strip.sized.connect(self._on_sized)
            strip.toggled.connect(self._on_toggled)
            strip.skipped.connect(self._on_skipped)
            self.refresh()

    def _drop(self) -> None:
        self._ticks.stop()
        self._leaving.stop()
        strip, self.strip = self.strip, None
        self._revision = self._offer = None
        if strip is not None:
            strip.hide()
            strip.deleteLater()


def _possible(offer: StripOffer, *, has_paper: bool) -> dict[Toggle, str]:
    possible = {}
    if offer.micro:
        possible[Toggle.MICRO] = Toggle.MICRO.value[1]
    if offer.at_alert:
        possible[Toggle.LIMIT] = f"{Toggle.LIMIT.value[1]} {offer.at_alert}"
    if has_paper:
        possible[Toggle.PAPER] = Toggle.PAPER.value[1]
    return possible
