"""Discord's messages as the desk takes them: whose words, in which channel, in reply to what."""

from collections.abc import Callable

import discord

from tradestream_gui.adapters.sources.discord.setup import SOURCE
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.ports.source import IncomingMessage

OWN_WORDS = (discord.MessageType.default, discord.MessageType.reply)
"""Everything else is Discord's own news: joins, pins, threads opened."""
Pairs = tuple[tuple[str, str], ...]


def incoming(
    message: discord.Message, channel_id: str, arrival: Arrival, text_of: Callable[[str], str | None]
) -> IncomingMessage | None:
    """The message as one of the listed channel, which is the parent's where it stands in a thread. `text_of` gives
    the words of a message of that channel by its id. None for what nobody wrote."""
    if message.type not in OWN_WORDS or not hasattr(message, "author"):
        return None
    reply_id, reply_text = _reply(message, text_of)
    snapshots = message.message_snapshots
    words = [message.content, *(snapshot.content for snapshot in snapshots)]
    return IncomingMessage(
        source=SOURCE,
        channel_id=channel_id,
        channel_name=channel_name(message.channel, channel_id),
        message_id=str(message.id),
        author_id=str(message.webhook_id or message.author.id),
        author_name=message.author.display_name,
        text="\n".join(part for part in words if part),
        sent_at=message.created_at,
        order_no=message.id,
        arrival=arrival,
        reply_to_id=reply_id,
        reply_text=reply_text,
        embeds=_embeds(message),
        forwarded=bool(snapshots),
    )


def channel_name(channel: object, channel_id: str) -> str:
    """As Discord shows it; a thread bears its parent's name."""
    shown = channel.parent if isinstance(channel, discord.Thread) else channel
    name = getattr(shown, "name", None)
    return f"#{name}" if name else channel_id


def listed_channel(channel: object, wanted: frozenset[str]) -> str | None:
    """Which listed channel a place belongs to: itself, or the parent of a thread."""
    own = str(getattr(channel, "id", ""))
    if own in wanted:
        return own
    parent = str(channel.parent_id) if isinstance(channel, discord.Thread) else ""
    return parent if parent in wanted else None


def _reply(message: discord.Message, text_of: Callable[[str], str | None]) -> tuple[str | None, str | None]:
    """What it answers. A followed announcement carries a reference too, to where it was first posted: no answer."""
    reference = message.reference
    if message.type is discord.MessageType.reply and reference is not None and reference.message_id is not None:
        replied_id, resolved = str(reference.message_id), reference.resolved
        told = _text(resolved) if isinstance(resolved, discord.Message) else None
        return replied_id, told or text_of(replied_id)
    if isinstance(message.channel, discord.Thread) and message.id != message.channel.id:
        starter = str(message.channel.id)  # a thread bears the id of the message that it hangs on
        return starter, text_of(starter)
    return None, None


def _text(message: discord.Message) -> str:
    lines = [message.content] if message.content else []
    for pairs in _embeds(message):
        lines += [f"{name}: {value}" if name else value for name, value in pairs]
    return "\n".join(lines)


def _embeds(message: discord.Message) -> tuple[Pairs, ...]:
    """Cards that a bot or webhook made. What Discord unfurls from a link is the words of whoever owns that page."""
    if not (message.author.bot or message.webhook_id):
        return ()
    return tuple(pairs for embed in message.embeds if embed.type == "rich" and (pairs := _pairs(embed)))


def _pairs(embed: discord.Embed) -> Pairs:
    named = [("", embed.title), ("", embed.description)]
    named += [(field.name or "", field.value) for field in embed.fields]
    named.append(("", embed.footer.text))
    return tuple((name, text) for name, text in named if text)
