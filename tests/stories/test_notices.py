"""Notices in the whole program: a fill on paper arrives by e-mail, on Discord and by Telegram, each as it is set."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email import message_from_string
from email.policy import default
from pathlib import Path
from typing import Any

from tests.servers.outlets import WebOutlets, web_outlets
from tests.servers.smtp import MailServerForTests
from tests.stories.test_discord_alerts import PASSPHRASE, files_with, opened
from tests.support import eventually
from tests.trading.stage import Stage, open_stage
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.secrets.vault import Vault
from tradestream_gui.assembly.notices import remote_outlets
from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.domain.orders import Side
from tradestream_gui.upkeep.notices.post_office import PostOffice
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings
from tradestream_gui.upkeep.settings.notifications import DISCORD_URL, EMAIL_PASSWORD, TELEGRAM_TOKEN, Outlet

PASSWORD, HOOK, BOT = "mail-pass-of-the-trader", "hook-secret-of-the-trader", "123456:AA-token_of_the_traders_bot"


def mail_settings(server: MailServerForTests, **more: Any) -> dict[str, Any]:
    return {
        "enabled": True, "host": "127.0.0.1", "port": server.port, "security": "none", "user": "trader",
        "sender": "tradestream@example.org", "to": ["me@example.org"], **more,
    }  # fmt: skip


@asynccontextmanager
async def outlets_of(stage: Stage, web: WebOutlets, folder: Path) -> AsyncIterator[PostOffice]:
    """The real outlets over loopback, on the stage's core; secrets in a vault of their own."""
    vault = Vault(folder / "vault.json", None, random_bytes=lambda count: bytes(range(count)), write=write_atomically)
    await asyncio.to_thread(vault.unlock, PASSPHRASE)
    kept = {
        EMAIL_PASSWORD: PASSWORD, DISCORD_URL: f"{web.base}/api/webhooks/42/{HOOK}", TELEGRAM_TOKEN: BOT,
    }  # fmt: skip
    for name, value in kept.items():
        await asyncio.to_thread(vault.put, name, value)
    outlets = remote_outlets(stage.settings, vault, discord_bases=(web.base,), telegram_base=web.base)
    office = PostOffice(
        bus=stage.bus, clock=stage.clock, tasks=stage.tasks, settings=stage.settings, outlets=outlets,
        label_of=lambda account_id: f"{account_id} · SIMULATOR",
    )  # fmt: skip
    office.start()
    try:
        yield office
    finally:
        await office.close()


async def test_fill_on_paper_arrives_everywhere_and_says_that_it_is_paper(tmp_path: Path) -> None:
    server = MailServerForTests(user="trader", password=PASSWORD)
    await server.start()
    stage = await open_stage(tmp_path)
    wanted = {
        "notifications.email": mail_settings(server), "notifications.discord.enabled": True,
        "notifications.telegram": {"enabled": True, "chat": "-10077"},
        "notifications.grid": [{"id": "fill", "email": "on", "discord": "on", "telegram": "silent"}],
    }  # fmt: skip
    flat = {
        f"{key}.{name}": one for key, value in wanted.items() if isinstance(value, dict) for name, one in value.items()
    } | {key: value for key, value in wanted.items() if not isinstance(value, dict)}
    await stage.settings.apply(stage.settings.propose(flat), confirmed=True)
    try:
        async with web_outlets() as web, outlets_of(stage, web, tmp_path):
            await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
            await eventually(lambda: server.mails and len(web.requests) == 2, why="all three have it")
            text = message_from_string(server.mails[0].text, policy=default).get_content()
            assert "Entry filled · sim · SIMULATOR: Bought 2 MES Dec26 at 6,326" in text
            assert (server.mails[0].user, server.mails[0].sender) == ("trader", "tradestream@example.org")
            assert server.mails[0].to == ["me@example.org"]
            by_path = dict(web.requests)
            assert "Entry filled" in by_path[f"/api/webhooks/42/{HOOK}?wait=true"]["content"]
            told = by_path[f"/bot{BOT}/sendMessage"]
            assert (told["chat_id"], told["disable_notification"]) == ("-10077", True)
    finally:
        await stage.close()
        await server.stop()


async def test_profile_sends_mail_once_its_password_is_kept_and_keeps_it_out_of_every_file(tmp_path: Path) -> None:
    server = MailServerForTests(user="trader", password=PASSWORD)
    await server.start()
    wanted = plain(first_settings())
    wanted["notifications"] |= {"email": mail_settings(server)}
    try:
        async with opened(tmp_path, Settings.model_validate(wanted)) as profile:
            core = profile.running.core
            told: list[Notice] = []
            core.bus.subscribe(Notice, told.append)
            alarm = Notice(NoticeKind.RISK, Severity.DANGER, "Daily loss limit", "reached", core.clock.now())
            core.bus.publish(alarm)
            await eventually(lambda: any("no password is kept" in notice.words for notice in told))
            await asyncio.to_thread(profile.secrets.unlock, PASSPHRASE)
            await asyncio.to_thread(profile.secrets.put, EMAIL_PASSWORD, PASSWORD)
            tried = await core.post_office.test(Outlet.EMAIL)
            assert tried.error == ""
            core.bus.publish(replace(alarm, title="KILL"))
            await eventually(lambda: len(server.mails) >= 2)
            subjects = [message_from_string(mail.text, policy=default)["Subject"] for mail in server.mails]
            assert subjects[:2] == ["TradeStream: Test", "TradeStream: KILL"]
            assert not files_with(PASSWORD, tmp_path)
        async with opened(tmp_path / "demo-like", first_settings()) as profile:
            assert profile.running.core.post_office.outlets == (Outlet.EMAIL, Outlet.DISCORD, Outlet.TELEGRAM)
    finally:
        await server.stop()
