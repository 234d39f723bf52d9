"""Settings under which everybody who speaks in a set of messages is followed: for replays and recorded rooms."""

from collections.abc import Iterable

from tradestream_gui.ports.source import IncomingMessage
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings

ACCOUNT = "history"


def followed_settings(
    messages: Iterable[IncomingMessage],
    *,
    use_micros: bool,
    account_name: str = "Replay",
    watchlist: tuple[str, ...] = (),
) -> Settings:
    """The first-run settings with each channel listened to and each author at AUTO on one simulator account."""
    every = list(messages)
    wanted = plain(first_settings())
    wanted["general"]["confirm_quit"] = False
    wanted["accounts"][0] |= {"id": ACCOUNT, "name": account_name}
    wanted["market"]["watchlist"] = list(watchlist)
    wanted["routing"]["defaults"] |= {"account": ACCOUNT, "use_micros": use_micros, "micro_when_zero": use_micros}
    channels = {each.channel_id: each for each in every}
    wanted["routing"]["channels"] = [
        {"id": channel_id, "name": each.channel_name, "source": each.source} for channel_id, each in channels.items()
    ]
    authors = {each.author_id: each.author_name for each in every}
    wanted["routing"]["analysts"] = [
        {"id": f"author-{number}", "name": name or "unnamed", "authors": [author_id], "mode": "AUTO"}
        for number, (author_id, name) in enumerate(authors.items(), 1)
    ]
    return Settings.model_validate(wanted)
