"""The `tradestream parse` command: JSON lines of messages in, JSON lines of readings out; no network, no state."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from tradestream_gui.alerts.alert_json import JsonValue, reading_json
from tradestream_gui.alerts.grammar.dates import EASTERN, IsTradingDay
from tradestream_gui.alerts.grammar.trading_days import is_us_trading_day
from tradestream_gui.alerts.parser import parse
from tradestream_gui.alerts.profiles.profiles import ProfileError, choose_profile, load_profile_file, load_profiles
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import AlertText, Embed
from tradestream_gui.paths import resource_path

MAX_LINE = 200_000
"""Characters of one input line; a longer one is answered as unreadable."""


def run_parse(stdin: TextIO, stdout: TextIO, profiles_path: Path | None = None) -> int:
    """Answers each input line with one output line; returns the exit code (3 for an unusable profile file)."""
    try:
        profiles = profiles_for(resource_path("profiles"), profiles_path)
    except (ProfileError, OSError) as error:
        print(f"tradestream parse: {error}", file=sys.stderr)
        return 3
    for line in stdin:
        if line.strip():
            stdout.write(json.dumps(answer(line, profiles, is_us_trading_day), ensure_ascii=False) + "\n")
    return 0


def profiles_for(shipped: Path, extra: Path | None) -> tuple[AlertProfile, ...]:
    """The shipped profiles with those of a file or folder on top."""
    profiles = {profile.name: profile for profile in load_profiles(shipped)}
    if extra is not None:
        more = load_profiles(shipped, extra) if extra.is_dir() else load_profile_file(extra)
        profiles.update({profile.name: profile for profile in more})
    return tuple(profiles.values())


def answer(line: str, profiles: Sequence[AlertProfile], calendar: IsTradingDay) -> dict[str, JsonValue]:
    """The reading of one input line; a line that is no message says so in `reasons`."""
    try:
        row = json.loads(line) if len(line) <= MAX_LINE else None
    except ValueError:
        row = None
    if not isinstance(row, dict):
        return _unreadable(None, "the line is not a JSON object")
    identity = row.get("id")
    text, author, channel = row.get("text"), row.get("author"), row.get("channel")
    sent_at = read_time(row.get("ts"))
    if not isinstance(text, str) or sent_at is None:
        return _unreadable(identity, "a message needs `text` and an ISO `ts`")
    reply = row.get("reply_to")
    alert = AlertText(
        text=text,
        embeds=_embeds(row.get("embeds")),
        reply_text=reply if isinstance(reply, str) and reply else None,
        sent_at=sent_at,
        channel=channel if isinstance(channel, str) else "",
        author=author if isinstance(author, str) else "",
    )
    reading = parse(alert, choose_profile(profiles, alert.channel, alert.author), calendar)
    return {"id": identity, **reading_json(reading)}


def read_time(value: object) -> datetime | None:
    """An ISO time; without an offset it is Eastern time, as rooms and exchanges speak it; a bare date is noon."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if at.tzinfo is None:
        if len(value.strip()) <= 10:
            at = at.replace(hour=12)
        at = at.replace(tzinfo=EASTERN)
    return at.astimezone(UTC)


def _embeds(value: object) -> tuple[Embed, ...]:
    if not isinstance(value, list):
        return ()
    out = []
    for item in value[:10]:
        if isinstance(item, dict):
            out.append(Embed(tuple((str(name), str(text)) for name, text in item.items() if isinstance(text, str))))
    return tuple(out)


def _unreadable(identity: object, why: str) -> dict[str, JsonValue]:
    shown = identity if isinstance(identity, (str, int)) else None
    return {"id": shown, "actions": [], "held": False, "candidate": [], "reasons": [f"UNREADABLE: {why}"]}
