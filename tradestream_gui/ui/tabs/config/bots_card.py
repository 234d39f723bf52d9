"""The tokens of the bots that read Discord: taken unseen into the vault, and how each bot's link stands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.domain.events import Notice, NoticeKind
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.widgets.vault_line import VaultLine, secret_field
from tradestream_gui.upkeep.settings.sources import DISCORD, token_name

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub

HOW = (
    "A bot of your own reads the channels listed above whose source is discord. In Discord's Developer Portal make an "
    "application, switch on its bot's Message Content Intent, and invite it with View Channel and Read Message "
    "History; or follow the analyst's announcement channel into a server where it is. Then paste the bot's token here. "
    "The token of a person's own account is refused: it breaks Discord's terms and puts the account at risk."
)
NOT_ASKED = "not logged in: no listed channel has the source discord"
KEPT = "The token of {bot} is kept; its bot logs in within seconds."


class BotsCard(QFrame):
    """A row for each bot of the settings. A token is only ever put in: nothing shows one that is kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self.setProperty("role", "card")
        self.vault = VaultLine(self)
        self._grid = QGridLayout()
        self.fields: dict[str, QLineEdit] = {}
        self.keep: dict[str, QPushButton] = {}
        self.links: dict[str, QLabel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 12)
        how = plain_label(HOW, role="help")
        how.setWordWrap(True)
        column.addWidget(plain_label("Bot tokens", role="h2"))
        column.addWidget(how)
        column.addWidget(self.vault)
        column.addLayout(self._grid)

    def attach(self, core: Core, hub: SignalHub) -> None:
        """For a profile that keeps secrets; the demo keeps none."""
        self._core = core
        self.vault.attach(core)
        hub.notice.connect(self._on_notice)
        for row, bot in enumerate(bot.id for bot in core.settings.current.discord.bots):
            field = self.fields[bot] = secret_field(f"Token of {bot}", self)
            keep = self.keep[bot] = QPushButton("Keep", self)
            keep.clicked.connect(partial(self._on_keep, bot))
            field.returnPressed.connect(keep.click)
            link = self.links[bot] = plain_label(role="help")
            link.setWordWrap(True)
            for place, part in enumerate((plain_label(bot, role="strong"), field, keep)):
                self._grid.addWidget(part, row * 2, place)
            self._grid.addWidget(link, row * 2 + 1, 1, 1, 2)
        self._show_links()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._show_links()

    def _on_notice(self, notice: Notice) -> None:
        if notice.kind is NoticeKind.CONNECTION and self.isVisible():
            self._show_links()

    def _show_links(self) -> None:
        if self._core is None:
            return
        told = self._core.alerts.links()
        for bot, label in self.links.items():
            state, words = told.get(f"{DISCORD} {bot}", (None, ""))
            label.setText(NOT_ASKED if state is None else plain(f"{state.value}: {words}"))

    def _on_keep(self, bot: str) -> None:
        token = self.fields[bot].text().strip()
        if token:
            self.vault.keep(token_name(bot), token, KEPT.format(bot=bot), then=self.fields[bot].clear)
        else:
            self.vault.say("Paste the bot's token first.")
