"""Keeps an answered message as a labelled example in the user's copy of the room's profile."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tradestream_gui.domain.ids import ChannelId, MessageKey
from tradestream_gui.ui.tabs.messages.rows import MessageRow

if TYPE_CHECKING:
    from tradestream_gui.alerts.desk.answered import AnsweredOnArrival
    from tradestream_gui.core import Core

UNANSWERED = "Fix, approve or reject it first: an example needs the right answer."
HAS_EMBED = "A message with an embed cannot be kept as an example."


class ExampleKeeper:
    """Remembers by which text a message was fixed; says what became of keeping it."""

    def __init__(self, core: "Core", say: Callable[[str], None]) -> None:
        self._core = core
        self._say = say
        self._fixed: dict[MessageKey, str] = {}

    def was_fixed(self, key: MessageKey, text: str) -> None:
        self._fixed[key] = text

    def keep(self, row: MessageRow) -> None:
        actions = self._actions(row)
        if row.revision.embeds or actions is None:
            self._say(HAS_EMBED if row.revision.embeds else UNANSWERED)
            return
        self._core.tasks.spawn(self._keep(row, actions), f"keep {row.key} as an example")

    async def _keep(self, row: MessageRow, actions: list[dict[str, Any]]) -> None:
        from tradestream_gui.alerts.profiles.profiles import ProfileError
        from tradestream_gui.alerts.teaching.kept_examples import with_example

        core, revision = self._core, row.revision
        route = core.alerts.rules.route(ChannelId(revision.channel_id), revision.author_id)
        name = route.profile if route is not None else ""
        profile = core.alerts.profiles.profile_for(name, revision.channel_id, revision.author_id)
        try:
            await asyncio.to_thread(core.profile_files.save, with_example(profile, revision, actions))
            loaded = await asyncio.to_thread(core.profile_files.load)
        except (ProfileError, OSError) as error:
            self._say(f"Not kept: {error}")
            return
        core.alerts.profiles.replace_all(loaded.profiles)
        what = "what it is read as" if actions else "no alert"
        self._say(f"Kept in your copy of {profile.name} as {what}. Config, Parsers shows whether it reads so.")

    def _actions(self, row: MessageRow) -> list[dict[str, Any]] | None:
        from tradestream_gui.alerts.alert_json import action_json
        from tradestream_gui.alerts.teaching.kept_examples import bare, said_by_answer

        fixed = self._fixed.get(row.key)
        if fixed is not None:
            reading = self._core.alerts.preview(replace(row.revision, text=fixed)).reading
            return [bare(action_json(action)) for action in reading.actions] if reading is not None else None
        return said_by_answer(row.decision) if row.decision is not None else None


def answered_by_key(core: "Core") -> "AnsweredOnArrival":
    """Loaded with the core: the window paints before it."""
    from tradestream_gui.alerts.desk.answered import AnsweredOnArrival

    return AnsweredOnArrival(core.bus, core.tasks, core.alerts)
