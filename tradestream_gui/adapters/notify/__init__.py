"""Ways out of this computer for notices: e-mail (aiosmtplib), Discord webhooks and Telegram (httpx).

Importing this package loads neither library: an outlet does so at its first delivery.
"""

from tradestream_gui.adapters.notify.discord_webhook import DiscordWebhookOutlet
from tradestream_gui.adapters.notify.email import EmailOutlet, MailServer
from tradestream_gui.adapters.notify.telegram import TelegramOutlet

__all__ = ["DiscordWebhookOutlet", "EmailOutlet", "MailServer", "TelegramOutlet"]
