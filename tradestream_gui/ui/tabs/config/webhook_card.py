"""The webhook's address and token: how senders reach it, which groups there are, and how its port stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QRandomGenerator
from PyQt6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.domain.events import Notice, NoticeKind
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.widgets.vault_line import VaultLine
from tradestream_gui.upkeep.settings.sources import WEBHOOK, WEBHOOK_TOKEN

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub

HOW = (
    "Takes the posts of TradersPost, TradingView and others on this computer only. Each group is a channel above with "
    "the source webhook: its row says whose posts they are, which account trades them and in which mode; a row named "
    "paper_* takes every group whose name begins so, and only paper money. The address ends with the group; where it "
    "does not, the body names it as stub or group. A body may say time, which is judged like the age of any alert, and "
    "id, which must be new for each post. TradingView reaches public addresses only: it needs a tunnel of your own "
    "that sets the Host header to the name below. Anyone who knows the address can send orders to your groups."
)
MADE = "The new token is kept and holds at once; an older address is refused from now on. Copy the address now."
NOT_OPEN = "The port is closed: switch it on above and restart."
GROUP = "GROUP"
HIDDEN_TOKEN = "TOKEN"
"""What stands for the token on the screen: a picture of the window tells nobody how to send orders."""


class WebhookCard(QFrame):
    """The whole address can be copied from when its token is made until the page is left; nothing ever shows it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self._token = ""
        self.setProperty("role", "card")
        how = plain_label(HOW, role="help")
        how.setWordWrap(True)
        self.link = plain_label(role="help")
        self.link.setWordWrap(True)
        self.vault = VaultLine(self)
        self.address = QLineEdit(self)
        self.address.setReadOnly(True)
        self.address.setAccessibleName("Address for senders")
        self.copy = QPushButton("Copy", self)
        self.copy.clicked.connect(self._on_copy)
        self.make = QPushButton("Make a new token", self)
        self.make.clicked.connect(self._on_make)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 12)
        column.addWidget(plain_label("Webhook", role="h2"))
        column.addWidget(how)
        column.addWidget(self.vault)
        row = QHBoxLayout()
        row.addWidget(self.address, 1)
        row.addWidget(self.copy)
        row.addWidget(self.make)
        column.addLayout(row)
        column.addWidget(self.link)

    def attach(self, core: Core, hub: SignalHub) -> None:
        """For a profile that keeps secrets; the demo keeps none."""
        self._core = core
        self.vault.attach(core)
        hub.notice.connect(self._on_notice)
        self._offer("")
        self._show_link()

    def _address(self, token: str) -> str:
        assert self._core is not None, "attached"
        settings = self._core.settings.current
        group = next((row.id for row in settings.routing.channels if row.source == WEBHOOK), GROUP)
        return f"http://127.0.0.1:{settings.webhook.port}/v1/hook/{token}/{group.replace('*', 'name')}"

    def _offer(self, token: str) -> None:
        """The address may be copied as long as its token is known here."""
        self._token = token
        self.copy.setEnabled(bool(token))
        if self._core is not None:
            self.address.setText(self._address(HIDDEN_TOKEN))

    def _on_make(self) -> None:
        chance = QRandomGenerator.system()
        if chance is None:
            return
        token = "".join(f"{chance.generate64():016x}" for _ in range(4))
        self.vault.keep(WEBHOOK_TOKEN, token, MADE, then=lambda: self._offer(token))

    def _on_copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self._address(self._token))
            self.vault.say("Copied. Keep it like a password.")

    def _on_notice(self, notice: Notice) -> None:
        if notice.kind is NoticeKind.CONNECTION and self.isVisible():
            self._show_link()

    def _show_link(self) -> None:
        if self._core is not None:
            state, words = self._core.alerts.links().get(WEBHOOK, (None, ""))
            self.link.setText(NOT_OPEN if state is None else plain(f"{state.value}: {words}"))

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._show_link()

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        if event is not None and not event.spontaneous():  # minimising the window leaves no page
            self._offer("")
