"""Every outlet with a test: the secrets of those beyond this computer, the exact error, and how long it took."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QApplication, QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, plain, plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.toast import ToastLevel, ToastNote
from tradestream_gui.ui.widgets.vault_line import VaultLine, secret_field
from tradestream_gui.upkeep.settings.notifications import DISCORD_URL, EMAIL_PASSWORD, TELEGRAM_TOKEN, Outlet

if TYPE_CHECKING:
    from tradestream_gui.core import Core

WORDS = (
    "Each test sends one line now, with the settings that hold: apply first what you changed. Passwords, tokens and "
    "the webhook's URL go into the vault and are never shown again."
)
NAMES = {
    Outlet.TOAST: "In the window",
    Outlet.SOUND: "Sound",
    Outlet.DESKTOP: "Desktop",
    Outlet.EMAIL: "E-mail",
    Outlet.DISCORD: "Discord webhook",
    Outlet.TELEGRAM: "Telegram",
}
SECRETS = {
    Outlet.EMAIL: (EMAIL_PASSWORD, "Password of the mail server"),
    Outlet.DISCORD: (DISCORD_URL, "URL of the webhook"),
    Outlet.TELEGRAM: (TELEGRAM_TOKEN, "Token of your bot"),
}
WHERE = {
    Outlet.DISCORD: "Discord gives it in the channel's settings, under Integrations.",
    Outlet.TELEGRAM: "BotFather gives it, in Telegram.",
}
NO_TRAY = "This desktop has no tray, so it shows no notices. On GNOME the extension AppIndicator adds one."
TEST = "This is a test. Nothing happened in your accounts."


class OutletsCard(QFrame):
    """In the demo only what stays on this computer can be tried."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self.fields: dict[Outlet, QLineEdit] = {}
        self.keep: dict[Outlet, QPushButton] = {}
        self.test: dict[Outlet, QPushButton] = {}
        self.results: dict[Outlet, QLabel] = {}
        self.setProperty("role", "card")
        self.vault = VaultLine(self)
        words = plain_label(WORDS, role="help")
        words.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 12)
        column.addWidget(plain_label("Outlets", role="h2"))
        column.addWidget(words)
        column.addWidget(self.vault)
        column.addLayout(self._grid)

    def attach(self, core: Core) -> None:
        self._core = core
        self.vault.attach(core)
        self.vault.setVisible(core.secrets is not None)
        here = (Outlet.TOAST, Outlet.SOUND, Outlet.DESKTOP)
        for row, outlet in enumerate((*here, *core.post_office.outlets)):
            self._add_row(row * 2, outlet)

    def _add_row(self, row: int, outlet: Outlet) -> None:
        name = NAMES[outlet]
        self._grid.addWidget(plain_label(name, role="strong"), row, 0)
        if outlet in SECRETS:
            secret, hint = SECRETS[outlet]
            field = self.fields[outlet] = secret_field(hint, self)
            explain(field, WHERE.get(outlet, hint))
            keep = self.keep[outlet] = QPushButton("Keep", self)
            keep.setAccessibleName(f"Keep: {hint}")
            keep.clicked.connect(partial(self._on_keep, outlet, secret))
            field.returnPressed.connect(keep.click)
            self._grid.addWidget(field, row, 1)
            self._grid.addWidget(keep, row, 2)
        test = self.test[outlet] = QPushButton("Test", self)
        test.setAccessibleName(f"Test {name}")
        test.clicked.connect(partial(self._on_test, outlet))
        self._grid.addWidget(test, row, 3)
        result = self.results[outlet] = plain_label(role="help")
        result.setWordWrap(True)
        result.hide()
        self._grid.addWidget(result, row + 1, 1, 1, 3)

    def _on_keep(self, outlet: Outlet, secret: str) -> None:
        value = self.fields[outlet].text().strip()
        if value:
            self.vault.keep(secret, value, f"Kept for {NAMES[outlet]}.", then=partial(self._on_kept, outlet))
        else:
            self.vault.say(f"{SECRETS[outlet][1]}: paste it first.")

    def _on_kept(self, outlet: Outlet) -> None:
        self.fields[outlet].clear()
        if self._core is not None:
            self._core.post_office.secrets_changed()

    def _on_test(self, outlet: Outlet) -> None:
        core = self._core
        if core is None:
            return
        if outlet in SECRETS:
            self.test[outlet].setEnabled(False)
            self._show(outlet, "On its way…", Tone.SECONDARY)
            core.tasks.spawn(self._try(core, outlet), f"test {outlet.value}")
        elif outlet is Outlet.SOUND:
            QApplication.beep()
            self._show(outlet, "Played, as loud as your system lets it.", Tone.OK)
        elif outlet is Outlet.DESKTOP:
            self._try_desktop()
        else:
            self._try_toast()

    async def _try(self, core: Core, outlet: Outlet) -> None:
        tried = await core.post_office.test(outlet)
        self.test[outlet].setEnabled(True)
        if tried.error:
            self._show(outlet, f"Not delivered after {tried.elapsed_s:.2f} s: {tried.error}", Tone.DANGER)
        else:
            self._show(outlet, f"Delivered in {tried.elapsed_s:.2f} s.", Tone.OK)

    def _try_desktop(self) -> None:
        desktop = getattr(self.window(), "desktop", None)
        if desktop is not None and desktop.show("Test", TEST):
            self._show(Outlet.DESKTOP, "Handed to the desktop.", Tone.OK)
        else:
            self._show(Outlet.DESKTOP, NO_TRAY, Tone.DANGER)

    def _try_toast(self) -> None:
        toasts = getattr(self.window(), "toasts", None)
        if toasts is not None:
            toasts.show(ToastNote(ToastLevel.INFO, "Test", TEST))
        self._show(Outlet.TOAST, "Shown in the corner of the tabs.", Tone.OK)

    def _show(self, outlet: Outlet, words: str, tone: Tone) -> None:
        label = self.results[outlet]
        palette = label.palette()
        palette.setColor(palette.ColorRole.WindowText, self._look.tone(tone))
        label.setPalette(palette)
        label.setText(plain(words))
        label.show()
