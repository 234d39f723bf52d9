"""Keeps the tray: which alerts wait there, what choosing one does, the mode in its face, and the same in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from tradestream_gui.alerts.desk.shown_order import Wish
from tradestream_gui.ui.shell.alert_answers import AlertAnswers
from tradestream_gui.ui.shell.frame_clock import FrameClock
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.shell.strip_offer import StripOffer, offer_of
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.shell.tray_icon import TrayIcon, face
from tradestream_gui.ui.shell.tray_menu import SHOWN_ALERTS, AlertLine, TrayMenu
from tradestream_gui.ui.shell.window_actions import WindowActions
from tradestream_gui.ui.widgets.toast import ToastLevel, ToastNote
from tradestream_gui.upkeep.settings.service import SettingsChanged

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import MessageKey
    from tradestream_gui.ui.shell.look import Look
    from tradestream_gui.ui.shell.signal_hub import SignalHub

LEVELS = {Tone.OK: ToastLevel.OK, Tone.WARN: ToastLevel.WARN, Tone.DANGER: ToastLevel.ERROR}
SAID = 200
LONGEST_NAME, LONGEST_SENTENCE = 24, 150
REFRESH_MS = 200
LOOK_S = 5
"""So often a tray is looked for while there is none, or while the window is hidden in it."""


class Tray(QObject):
    """Armed, a choice sends the order that its line says; disarmed it only shows the alert. What opens nothing is sent
    either way. `close` before the core goes."""

    def __init__(
        self, window: MainWindow, look: Look, core: Core, hub: SignalHub, actions: WindowActions, icon: TrayIcon
    ) -> None:
        super().__init__(window)
        self._window = window
        self._look = look
        self._core = core
        self._actions = actions
        self._icon = icon
        self._answers = AlertAnswers(core, window.arming)
        self._offers: dict[MessageKey, StripOffer] = {}
        self._waiting = 0
        self._has_hidden = False
        self._seconds = 0
        self._worn: tuple[object, ...] = ()
        self._frames = FrameClock(self.refresh, REFRESH_MS, self)
        self.menu = TrayMenu(look, window)
        self.menu.opening.connect(self._on_opening)
        self.menu.alert_chosen.connect(self._on_alert)
        self._connect_lines()
        window.band.waiting.pressed.connect(self.open)
        window.band.shown.connect(self._show_face)
        window.arming.changed.connect(self.refresh)
        look.changed.connect(self._show_face)
        for signal in (hub.alert_decided, hub.lot_changed):
            signal.connect(self._on_fact)
        hub.second.connect(self._on_second)
        core.bus.subscribe(SettingsChanged, self._on_settings)
        actions.keys.bind("waiting_alerts", self.open)
        icon.hang(self.menu, window.bring_back)
        window.desktop = icon
        self._on_settings()
        self.refresh()

    def close(self) -> None:
        self._core.bus.unsubscribe(SettingsChanged, self._on_settings)
        self._frames.stop()
        self._icon.hide()

    def open(self) -> None:
        """The menu in the window: by its key, and by the band's button."""
        self.refresh()
        self.menu.open_at(self._window.band.waiting)

    def refresh(self, _fact: object = None) -> None:
        """The orders as of now."""
        waiting = self._answers.waiting()
        self._waiting = len(waiting)
        first = waiting[:SHOWN_ALERTS]
        self._offers = {key: offer for key in first if (offer := self._offer(key)) is not None}
        lines = [AlertLine(key, self._words(key, offer)) for key, offer in self._offers.items()]
        self.menu.show_alerts(lines, len(self._core.alerts.cards()))
        is_away = not self._window.isVisible() or self._window.isMinimized()
        self.menu.show_desktop(has_tray=self._icon.is_there, is_away=is_away)
        self._show_face()

    # -- alerts --------------------------------------------------------------------------------------------

    def _offer(self, key: MessageKey) -> StripOffer | None:
        card = self._core.alerts.card(key)
        if card is None:
            return None
        return offer_of(self._core, card, Wish(), self._core.accounts.account(card.route.account_id))

    def _sends(self, offer: StripOffer) -> bool:
        """Only a sentence that its line shows whole."""
        is_readable = offer.may_send and len(offer.sentence) <= LONGEST_SENTENCE
        return is_readable and (offer.order is None or self._window.arming.is_armed)

    def _words(self, key: MessageKey, offer: StripOffer) -> str:
        card = self._core.alerts.card(key)
        who = one_line(card.route.analyst.name, LONGEST_NAME) if card is not None else ""
        verb = "Look at" if not self._sends(offer) else "Send…" if self._answers.doubts(offer) else "Send"
        return f"{verb} ({who}): {offer.sentence}"

    def _on_alert(self, key: MessageKey) -> None:
        """Exactly what its line said: what has changed since then is looked at, not sent."""
        offer = self._offers.get(key)
        if offer is None or not self._sends(offer):
            self._window.bring_back()
            self._actions.ways.show_message(key)
        else:
            self._core.tasks.spawn(self._send(key, offer), f"answer {key}")

    async def _send(self, key: MessageKey, offer: StripOffer) -> None:
        if self._answers.doubts(offer):
            self._window.bring_back()
        words, tone = await self._answers.send(self._window, key, offer)
        self._tell(words, tone)

    def _tell(self, words: str, tone: Tone) -> None:
        """In the window, and on the desktop too while the window is behind others."""
        self._window.toasts.show(ToastNote(LEVELS.get(tone, ToastLevel.INFO), one_line(words, SAID)))
        if not self._window.isActiveWindow():
            self._icon.show("TradeStream", one_line(words, SAID))

    # -- the other lines -----------------------------------------------------------------------------------

    def _connect_lines(self) -> None:
        menu = self.menu
        menu.needs_look.triggered.connect(self._on_look)
        menu.kill.triggered.connect(self._on_kill)
        menu.flatten.triggered.connect(self._on_flatten)
        menu.notices.triggered.connect(self._on_notices)
        menu.sounds.triggered.connect(self._on_sounds)
        menu.window_line.triggered.connect(self._on_window)
        menu.quit.triggered.connect(self._on_quit)

    def _on_look(self) -> None:
        self._window.bring_back()
        self._window.look_at("messages", _show_waiting)

    def _on_kill(self) -> None:
        self._actions.kill()

    def _on_flatten(self) -> None:
        self._actions.kill()
        self._actions.flatten("KILL and flatten")

    def _on_notices(self, is_on: bool) -> None:
        self._set("notifications.desktop", is_on)

    def _on_sounds(self, is_on: bool) -> None:
        self._set("notifications.sounds", is_on)

    def _set(self, key: str, is_on: bool) -> None:
        settings = self._core.settings
        self._core.tasks.spawn(settings.apply(settings.propose({key: is_on})), f"set {key}")

    def _on_opening(self) -> None:
        self._icon.appear()
        self.refresh()

    def _on_window(self) -> None:
        if not self._window.isVisible() or self._window.isMinimized():
            self._window.bring_back()
        elif self._icon.appear():
            self._has_hidden = True
            self._window.put_away()
        else:
            self._window.showMinimized()

    def _on_quit(self) -> None:
        """What is at stake is asked about, and the question must be seen."""
        self._window.bring_back()
        self._window.close()

    # -- facts ---------------------------------------------------------------------------------------------

    def _on_fact(self, _fact: object) -> None:
        """Talk is decided too, many times a second."""
        self._frames.request()

    def _on_second(self) -> None:
        if self.menu.is_open:
            self.refresh()
        self._has_hidden &= not self._window.isVisible()
        self._seconds += 1
        if self._seconds % LOOK_S == 0 and (self._has_hidden or not self._icon.is_there):
            self._look_for_tray()

    def _look_for_tray(self) -> None:
        """It may come late; and when it goes, nobody could find a hidden window any more."""
        if not self._icon.appear() and self._has_hidden:
            self._window.bring_back()

    def _on_settings(self, fact: object = None) -> None:
        wanted = self._core.settings.current
        keys = wanted.keyboard.map()
        self.menu.notices.setChecked(wanted.notifications.desktop)
        self.menu.sounds.setChecked(wanted.notifications.sounds)
        self.menu.show_keys(keys["kill"], keys["flatten"])

    def _show_face(self, _band: object = None) -> None:
        look, band, waiting = self._look, self._window.band.band, self._waiting
        held = len(self._core.lots.open_lots())
        worn = (band, waiting, held, look.theme.name)
        if worn == self._worn:
            return
        self._worn = worn
        word, words, token = band.value
        ground, ink = look.color(token), look.color("on_band")
        self._icon.wear(
            face(self._window.windowIcon(), word[:1], ground, ink, waiting, look.tone(Tone.WARN)),
            tray_words(word, words, waiting, held),
        )
        self._window.band.show_waiting(waiting)


def tray_words(word: str, words: str, waiting: int, held: int) -> str:
    """Under the pointer: the mode, and counts. No profit: a tool tip does not show how old its price is."""
    alerts = "No alert waits" if not waiting else "1 alert waits" if waiting == 1 else f"{waiting} alerts wait"
    positions = "no position open" if not held else "1 position open" if held == 1 else f"{held} positions open"
    return f"TradeStream {word}: {words}\n{alerts}, {positions}"


def _show_waiting(part: object) -> None:
    from tradestream_gui.ui.tabs.messages.rows import Chip
    from tradestream_gui.ui.tabs.messages.tab import MessagesTab

    if isinstance(part, MessagesTab):
        part.bar.choose(Chip.NEEDS_A_LOOK)
