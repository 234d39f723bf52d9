"""The API key of TopstepX: taken unseen into the vault, and how the link stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.domain.events import BrokerLinkChanged
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.widgets.vault_line import VaultLine, secret_field
from tradestream_gui.upkeep.settings.brokers import PROJECTX, PROJECTX_KEY

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub

HOW = (
    "TopstepX needs its API add-on, a user name and an API key: in TopstepX open Settings, API, subscribe, and make a "
    "key. Its rules want this program to run on your own computer, without a VPN or a rented server. Add a practice "
    "account above: its id is its name there, such as PRAC-V2-12345-67890, its kind BROKER PAPER, its broker projectx. "
    "In its risk settings leave Position Brackets off, else TopstepX lays stops of its own beside ours. Targets run "
    "here, not at TopstepX: while this program is off, the stop stands there and nothing else. FUNDED and LIVE "
    "accounts are connected over the same log-in and open nothing until you unlock them below."
)
NOT_ASKED = "not logged in: no enabled account above has the broker projectx"
KEPT = "The API key is kept; TopstepX is tried again within seconds."


class BrokerKeyCard(QFrame):
    """A key is only ever put in: nothing shows one that is kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        how = plain_label(HOW, role="help")
        how.setWordWrap(True)
        self.vault = VaultLine(self)
        self.key = secret_field("API key of TopstepX", self)
        self.keep = QPushButton("Keep", self)
        self.keep.clicked.connect(self._on_keep)
        self.key.returnPressed.connect(self.keep.click)
        self.link = plain_label(NOT_ASKED, role="help")
        self.link.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 12)
        column.addWidget(plain_label("TopstepX API key", role="h2"))
        column.addWidget(how)
        column.addWidget(self.vault)
        row = QHBoxLayout()
        row.addWidget(self.key, 1)
        row.addWidget(self.keep)
        column.addLayout(row)
        column.addWidget(self.link)

    def attach(self, core: Core, hub: SignalHub) -> None:
        """For a profile that keeps secrets; the demo keeps none."""
        self.vault.attach(core)
        hub.broker_link_changed.connect(self._on_link)
        state = core.order_desk.links().get(PROJECTX)
        if state is not None:
            self.link.setText(plain(state.value))

    def _on_keep(self) -> None:
        key = self.key.text().strip()
        if not key:
            self.vault.say("Paste the API key first.")
            return
        self.vault.keep(PROJECTX_KEY, key, KEPT, then=self.key.clear)

    def _on_link(self, fact: BrokerLinkChanged) -> None:
        if fact.broker == PROJECTX:
            self.link.setText(plain(f"{fact.state}: {fact.detail}"))
