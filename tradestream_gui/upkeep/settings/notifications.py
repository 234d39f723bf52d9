"""Settings of what makes itself heard: the grid of events and outlets, e-mail, Discord and Telegram."""

import ipaddress
import re
from enum import Enum
from typing import Annotated

from pydantic import model_validator

from tradestream_gui.domain.events import NoticeKind
from tradestream_gui.upkeep.settings.fields import Section, like, option, rail, rows
from tradestream_gui.upkeep.settings.rails import TimeText

EMAIL_PASSWORD = "notify/email/password"
DISCORD_URL = "notify/discord/webhook_url"
TELEGRAM_TOKEN = "notify/telegram/bot_token"
"""Under which names the secrets keep them."""
_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\Z")
ChatText = Annotated[
    str, like(r"(-?[0-9]{1,20}|@[A-Za-z][A-Za-z0-9_]{4,31})?", "write the chat's number or the channel's @name")
]


class Outlet(Enum):
    """The columns of the grid."""

    TOAST = "toast"
    SOUND = "sound"
    DESKTOP = "desktop"
    EMAIL = "email"
    DISCORD = "discord"
    TELEGRAM = "telegram"


class Telling(Enum):
    """Silent: it is delivered and makes no noise. A toast then closes by itself, whatever it says."""

    ON = "on"
    SILENT = "silent"
    OFF = "off"


LOUD_ONLY = (Outlet.SOUND, Outlet.DESKTOP)
"""These cannot be silent."""
ALWAYS = ((NoticeKind.UNPROTECTED, Outlet.TOAST),)
"""A position without its stop is shown in the window whatever the grid says."""
_ON, _SILENT, _OFF = Telling.ON, Telling.SILENT, Telling.OFF
FIRST_GRID: dict[NoticeKind, tuple[Telling, ...]] = {
    NoticeKind.ALERT: (_ON, _ON, _OFF, _OFF, _OFF, _OFF),
    NoticeKind.APPROVAL: (_ON, _ON, _ON, _OFF, _OFF, _ON),
    NoticeKind.FILL: (_ON, _OFF, _OFF, _OFF, _ON, _SILENT),
    NoticeKind.TARGET: (_ON, _OFF, _OFF, _OFF, _ON, _SILENT),
    NoticeKind.STOP: (_ON, _ON, _OFF, _OFF, _ON, _ON),
    NoticeKind.REFUSAL: (_OFF, _OFF, _OFF, _OFF, _OFF, _OFF),
    NoticeKind.REJECT: (_ON, _ON, _ON, _ON, _OFF, _ON),
    NoticeKind.RISK: (_ON, _ON, _ON, _ON, _OFF, _ON),
    NoticeKind.UNPROTECTED: (_ON, _ON, _ON, _ON, _OFF, _ON),
    NoticeKind.CONNECTION: (_ON, _ON, _ON, _ON, _OFF, _SILENT),
    NoticeKind.PRICE: (_ON, _ON, _ON, _OFF, _OFF, _ON),
    NoticeKind.SYSTEM: (_ON, _ON, _ON, _ON, _OFF, _OFF),
}
"""What holds of an event that the settings say nothing of, in the order of the outlets."""


class NoticeRow(Section):
    """One event of the grid."""

    id: NoticeKind = rail(NoticeKind.FILL, "Which event.", "")
    toast: Telling = option(Telling.ON, "In the corner of the window.")
    sound: Telling = option(Telling.OFF, "The system's own sound.")
    desktop: Telling = option(Telling.OFF, "Notice of the desktop.")
    email: Telling = option(Telling.OFF, "E-mail.")
    discord: Telling = option(Telling.OFF, "Discord webhook.")
    telegram: Telling = option(Telling.OFF, "Telegram.")

    @model_validator(mode="after")
    def _can_be_so(self) -> "NoticeRow":
        for outlet in LOUD_ONLY:
            if getattr(self, outlet.value) is Telling.SILENT:
                raise ValueError(f"{self.id.value}: {outlet.value} is on or off")
        for kind, outlet in ALWAYS:
            if self.id is kind and getattr(self, outlet.value) is not Telling.ON:
                raise ValueError(f"{kind.value}: {outlet.value} stays on")
        return self


class MailSecurity(Enum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class EmailSettings(Section):
    """Where e-mail goes out. Its password is a secret: tradestream secret set notify/email/password."""

    enabled: bool = option(False, "Send e-mail.")
    host: str = option("", "Mail server that sends for you, as smtp.example.org.")
    port: int = option(587, "Its port: 587 for STARTTLS, 465 for TLS.", low=1, high=65_535)
    security: MailSecurity = option(MailSecurity.STARTTLS, "How the line is kept private.")
    user: str = option("", "Name for its log-in; empty for none.")
    sender: str = option("", "Address that it comes from.")
    to: tuple[str, ...] = option((), "Addresses that it goes to.")

    @model_validator(mode="after")
    def _can_be_sent(self) -> "EmailSettings":
        for address in (*([self.sender] if self.sender else []), *self.to):
            if not _ADDRESS.match(address):
                raise ValueError(f"{address} is no e-mail address")
        if self.enabled and not (self.host and self.sender and self.to):
            raise ValueError("e-mail needs host, sender and to before it is switched on")
        if self.enabled and self.user and self.security is MailSecurity.NONE and not _is_here(self.host):
            raise ValueError(f"a password would go to {self.host} in the open: choose starttls or tls")
        return self


class DiscordOutSettings(Section):
    """Your own fills in a channel of yours. The webhook's URL is a secret."""

    enabled: bool = option(False, "Post to a Discord webhook.")


class TelegramSettings(Section):
    """Messages of a Telegram bot of yours. Its token is a secret."""

    enabled: bool = option(False, "Send by Telegram.")
    chat: ChatText = option("", "Chat id, as 123456789, or @channel; write to the bot first.")

    @model_validator(mode="after")
    def _has_chat(self) -> "TelegramSettings":
        if self.enabled and not self.chat:
            raise ValueError("telegram needs a chat before it is switched on")
        return self


class NotificationSettings(Section):
    """What makes itself heard, and how."""

    sounds: bool = option(True, "Play sounds.")
    only_when_unfocused: bool = option(False, "Sounds and desktop notices only while the window is in the background.")
    quiet_from: TimeText | None = option(None, "Start of the quiet hours, such as 22:00; empty for none.")
    quiet_until: TimeText | None = option(None, "Their end.")
    desktop: bool = option(True, "Show desktop notices.")
    toast_seconds: int = option(6, "How long a toast stays; errors stay until closed.", unit="s", low=2, high=60)
    grid: tuple[NoticeRow, ...] = rows("Events that are told otherwise than at first.")
    email: EmailSettings = EmailSettings()
    discord: DiscordOutSettings = DiscordOutSettings()
    telegram: TelegramSettings = TelegramSettings()

    @model_validator(mode="after")
    def _quiet_has_both_ends(self) -> "NotificationSettings":
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise ValueError("quiet_from and quiet_until belong together: give both or none")
        kinds = [row.id for row in self.grid]
        for kind in kinds:
            if kinds.count(kind) > 1:
                raise ValueError(f"grid: {kind.value} stands there twice")
        return self

    def telling(self, kind: NoticeKind, outlet: Outlet) -> Telling:
        """How the event is told there."""
        row = next((row for row in self.grid if row.id is kind), None)
        if row is None:
            return FIRST_GRID[kind][list(Outlet).index(outlet)]
        found = getattr(row, outlet.value)
        assert isinstance(found, Telling)
        return found


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
