"""The read-only calls that show what a bot may read on Discord."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

import aiohttp
import discord

from tradestream_gui.adapters.runtime.check_steps import CheckSteps
from tradestream_gui.adapters.sources.discord.channels import NOT_SEEN, OUT_OF_REACH
from tradestream_gui.adapters.sources.discord.log_in import NO_CONTENT, OF_A_PERSON, REFUSED
from tradestream_gui.ports.connection_check import Tell

SHOWN = 3
"""Newest messages that are asked of each channel."""
TIMEOUT_S = 10.0
CONTENT = 1 << 18 | 1 << 19
"""Flags of an application whose bot gets messages with their words, verified or not."""
FAILS = (aiohttp.ClientError, OSError, TimeoutError, ValueError)
_WRONG = {401: REFUSED, 403: NOT_SEEN, 404: OUT_OF_REACH}


async def check(token: str, channels: Sequence[str], tell: Tell) -> bool:
    """Asks over REST alone: no session of the gateway is used up."""
    steps = CheckSteps(tell, secrets=(token,), fails=FAILS)
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    headers = {"Authorization": f"Bot {token}"}
    async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
        me = await steps.step("Who the token is", lambda: _get(session, "/users/@me"), _who)
        if me is None or not steps.is_good:
            return False
        await steps.step("Log-ins left today", lambda: _get(session, "/gateway/bot"), _starts)
        await steps.step("What it may read", lambda: _get(session, "/oauth2/applications/@me"), _intents)
        for channel in channels:
            ask = partial(_get, session, f"/channels/{channel}/messages?limit={SHOWN}")
            await steps.step(f"Channel {channel}", ask, _messages)
        return steps.is_good


async def _get(session: aiohttp.ClientSession, path: str) -> tuple[int, Any]:
    async with session.get(f"{discord.http.Route.BASE}{path}") as response:
        text = await response.text()
        try:
            return response.status, json.loads(text)
        except ValueError:
            return response.status, text


def _wrong(answer: tuple[int, Any]) -> str:
    """Why there is no answer; empty where there is one."""
    status, row = answer
    if status == 429 and isinstance(row, dict):
        return f"Discord asks for fewer questions: try again in {float(row.get('retry_after') or 1):.0f} s"
    return "" if status == 200 else _WRONG.get(status, f"Discord answers with status {status}: try again in a moment")


def _who(answer: tuple[int, Any]) -> tuple[bool, str]:
    wrong, (_, row) = _wrong(answer), answer
    if wrong:
        return False, wrong
    if not row.get("bot"):
        return False, OF_A_PERSON.format(name=row.get("username"))
    return True, f"the bot {row.get('username')}"


def _starts(answer: tuple[int, Any]) -> tuple[bool, str]:
    wrong, (_, row) = _wrong(answer), answer
    if wrong:
        return False, wrong
    limit = row.get("session_start_limit") or {}
    left, total = int(limit.get("remaining") or 0), int(limit.get("total") or 0)
    hours = int(limit.get("reset_after") or 0) / 3_600_000
    if not left:
        return False, f"all {total} log-ins of the day are used up; Discord lets the bot in again in {hours:.1f} h"
    return True, f"{left} of {total} log-ins left; a program that logs in again and again uses them up"


def _intents(answer: tuple[int, Any]) -> tuple[bool, str]:
    wrong, (_, row) = _wrong(answer), answer
    if wrong:
        return False, wrong
    if not int(row.get("flags") or 0) & CONTENT:
        return False, NO_CONTENT.format(name=row.get("name"))
    return True, "Message Content Intent is on: messages come with their words"


def _messages(answer: tuple[int, Any]) -> tuple[bool, str]:
    wrong, (_, rows) = _wrong(answer), answer
    if wrong:
        return False, wrong
    if not rows:
        return True, "readable; nothing stands in it yet"
    newest = rows[0]
    words = str(newest.get("content") or "a card without words")[:60]
    return True, f"readable; the newest is by {newest.get('author', {}).get('username')}: {words}"
