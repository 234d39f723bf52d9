"""Keeps the mode band true: it names the most dangerous kind of account connected, and whether that one opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.ui.widgets.mode_band import Band, ModeBand

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.accounts import Account
    from tradestream_gui.ui.shell.signal_hub import SignalHub

_BAND_OF = {
    AccountKind.LIVE: Band.LIVE,
    AccountKind.FUNDED: Band.FUNDED,
    AccountKind.BROKER_PAPER: Band.BROKER_PAPER,
    AccountKind.SIMULATOR: Band.PAPER,
}
"""The most dangerous first."""
SAFE = "Safe mode: alert sources are off"


class ModeKeeper(QObject):
    """Looks anew at each change of an account; the demo's band never changes."""

    def __init__(self, band: ModeBand, core: Core, hub: SignalHub, *, is_demo: bool, is_safe: bool) -> None:
        super().__init__(band)
        self._band = band
        self._core = core
        self._is_demo = is_demo
        self._safe = SAFE if is_safe else ""
        hub.account_state_changed.connect(self._show)
        self._show()

    def _show(self, _fact: object = None) -> None:
        accounts = [one for one in self._core.accounts.accounts() if not self._core.accounts.is_barred(one.account_id)]
        kinds = {account.kind for account in accounts}
        kind = next((kind for kind in _BAND_OF if kind in kinds), AccountKind.SIMULATOR)
        if self._is_demo:
            self._band.show_band(Band.DEMO, self._safe)
        else:
            detail = self._detail([one for one in accounts if one.kind is kind])
            self._band.show_band(_BAND_OF[kind], "  ·  ".join(words for words in (self._safe, detail) if words))

    def _detail(self, accounts: list[Account]) -> str:
        """Of accounts with real money: which take entries, and that the others are shut."""
        guarded = [account for account in accounts if account.kind.is_guarded]
        if not guarded:
            return ""
        opened = [one.name for one in guarded if self._core.accounts.may_open(one.account_id)]
        shut = [one.name for one in guarded if one.name not in opened]
        parts = (("takes entries", opened), ("opens nothing", shut))
        return "  ·  ".join(f"{', '.join(names)} {words}" for words, names in parts if names)
