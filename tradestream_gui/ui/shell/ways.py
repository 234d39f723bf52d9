"""The ways between the window's parts: from an order to its alert, from a row to the chart, words to the corner."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QWidget

from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.widgets.toast import ToastLevel, ToastNote

if TYPE_CHECKING:
    from tradestream_gui.domain.ids import ClOrdId, InstrumentId, LotId, MessageKey

SAID_LENGTH = 200
Undo = Callable[[], str]
"""Takes back what was done and answers with what came of it, in words."""


class Ways(QObject):
    """Joins each part as soon as it is made, by the signals that it has."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._instrument_id: InstrumentId | None = None
        self._ladder_id: InstrumentId | None = None
        """What the ladder shows, or begins with when its dock is opened."""
        window.part_made.connect(self.join)
        for part in window.parts().values():
            self.join(part)

    def join(self, part: QWidget) -> None:
        for name, slot in (
            ("show_message", self.show_message),
            ("show_order", self.show_order),
            ("show_lot", self.show_lot),
            ("show_instrument", self.show_instrument),
            ("symbol_linked", self.follow_symbol),
            ("said", self.say),
            ("undoable", self.offer_undo),
        ):
            signal = getattr(part, name, None)
            if signal is not None:
                signal.connect(slot)
        is_ladder = part is self._ladder()
        begins_with = self._ladder_id if is_ladder else self._instrument_id
        if begins_with is not None:  # an armed ladder follows nothing, but nobody has armed it for what it begins with
            _tell(part, "open_instrument" if is_ladder else "show_instrument_id", begins_with)
        show_account = getattr(part, "show_account", None)
        if show_account is not None:
            self._window.risk_bar.account_changed.connect(show_account)
            show_account(self._window.risk_bar.account_id)

    def show_message(self, message_key: MessageKey) -> None:
        self._reveal("messages", "select_message", message_key)

    def show_order(self, cl_ord_id: ClOrdId) -> None:
        self._reveal("portfolio", "reveal_order", cl_ord_id)

    def show_lot(self, lot_id: LotId) -> None:
        self._reveal("portfolio", "reveal_lot", lot_id)

    def show_instrument(self, instrument_id: InstrumentId) -> None:
        """In the chart, the ticket and the ladder; one that is made later begins with it."""
        self._instrument_id = self._ladder_id = instrument_id
        for part in self._window.parts().values():
            _tell(part, "show_instrument_id", instrument_id)

    def follow_symbol(self, instrument_id: InstrumentId) -> None:
        """A chart of the window's colour shows this contract: the ladder follows, the ticket being typed does not."""
        self._ladder_id = instrument_id
        ladder = self._ladder()
        if ladder is not None:
            _tell(ladder, "show_instrument_id", instrument_id)

    def say(self, words: str) -> None:
        """What an action in a tab has led to, told also when another tab is looked at by then."""
        self._window.toasts.show(ToastNote(ToastLevel.INFO, one_line(words, SAID_LENGTH)))

    def offer_undo(self, words: str, undo: Undo) -> None:
        """What was done, with a button that takes it back while the note stands. No order is among it."""
        take_back = partial(self._undo, undo)
        note = ToastNote(ToastLevel.INFO, one_line(words, SAID_LENGTH), action="Undo", on_action=take_back)
        self._window.toasts.show(note)

    def _ladder(self) -> QWidget | None:
        return self._window.parts().get("ladder")

    def _undo(self, undo: Undo) -> None:
        self.say(undo())

    def _reveal(self, tab: str, method: str, key: object) -> None:
        self._window.look_at(tab, lambda part: _tell(part, method, key))


def _tell(part: QWidget, method: str, what: object) -> None:
    """Calls the part's method, where it has such a one."""
    found = getattr(part, method, None)
    if found is not None:
        found(what)
