"""Where alerts are read: the bots that read Discord, and the webhook's port. Tokens are secrets, never kept here."""

from typing import Annotated

from pydantic import model_validator

from tradestream_gui.upkeep.settings.fields import Section, like, name_text, option, rail

DISCORD = "discord"
WEBHOOK = "webhook"
WEBHOOK_TOKEN = "webhook/main/token"
"""Under which name the secrets keep the token of whoever may post to the webhook."""
BotName = Annotated[str, name_text()]
Snowflake = Annotated[str, like(r"[0-9]{1,20}", "write the number that Discord gives it")]
"""An id of Discord's."""


def token_name(bot: str) -> str:
    """Under which name the secrets keep the token of a bot."""
    return f"{DISCORD}/{bot}/bot_token"


class DiscordBotRow(Section):
    """A bot of your own that reads Discord."""

    id: BotName = rail("main", "Short name; its token is kept by: tradestream secret set discord/NAME/bot_token.", "")
    enabled: bool = option(True, "Log it in at start.", restart=True)
    guilds: tuple[Snowflake, ...] = option((), "Server ids that it may read; empty: any.", restart=True)
    channels: tuple[Snowflake, ...] = option(
        (), "Channel ids that it reads of those listed; empty: all with the source discord.", restart=True
    )


class DiscordSettings(Section):
    """Bots that read the listed channels whose source is discord."""

    bots: tuple[DiscordBotRow, ...] = option(
        (DiscordBotRow(id="main"),), "Bots of your own, each with a token of its own.", restart=True
    )

    @model_validator(mode="after")
    def _names_differ(self) -> "DiscordSettings":
        names = [bot.id for bot in self.bots]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"discord.bots: the id {name} stands there twice")
        return self


class WebhookSettings(Section):
    """Posts of other platforms, on a port of this computer only."""

    enabled: bool = option(False, "Open the port at start.", restart=True)
    port: int = option(8787, "Port on 127.0.0.1.", low=1_024, high=65_535, restart=True)
    signed: bool = option(
        False, "Take signed posts only: HMAC-SHA256, 30 s, each once. TradingView cannot sign.", tighter="on"
    )
