"""The connection wizard at the loopback servers: what is needed, what each call answered, and what to do in words."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PyQt6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.adapters.sources.discord.rig import TOKEN, redirect
from tests.servers.discord import DiscordServer
from tests.servers.projectx import ACCOUNT_NAME, KEY
from tests.servers.tws import TwsServer
from tests.stories import ibkr_life, projectx_life
from tests.stories.ibkr_life import CODE
from tests.stories.test_discord_alerts import PASSPHRASE, opened, room
from tests.support import eventually
from tests.ui.tabs.config_page import config_page
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.startup import Opened
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.signal_hub import SignalHub
from tradestream_gui.ui.tabs.config.connect_panel import BAD, GOOD, ConnectPanel
from tradestream_gui.upkeep.connection_guides import DISCORD_GUIDE, IBKR_GUIDE, PROJECTX_GUIDE
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings

PAPER, LIVE, TOPSTEP, BOT = range(4)


@asynccontextmanager
async def wizard(
    folder: Path, settings: Settings, look: Look, qtbot: QtBot
) -> AsyncIterator[tuple[Opened, ConnectPanel]]:
    async with opened(folder, settings) as profile:
        hub = SignalHub(profile.running.core.bus)
        tab = config_page(profile.running.core, hub, "connect", look, qtbot, height=1400)
        panel = tab.findChild(ConnectPanel)
        assert isinstance(panel, ConnectPanel)
        yield profile, panel
        hub.detach()


async def asked(panel: ConnectPanel) -> list[tuple[str, bool, str]]:
    """What the lines say after a click on the test."""
    panel.said.setText("")
    panel.test.click()
    await eventually(lambda: panel.said.text() in (GOOD, BAD), why="the test is over", within_s=20)
    assert [label.text() for label in panel.steps.words] == [step.words for step in panel.steps.shown]
    return [(step.name, step.is_good, step.words) for step in panel.steps.shown]


async def walk(server: TwsServer) -> None:
    """The market moves."""
    for number in range(1000):
        server.price("ESZ6", "6326.00", "6326.25", "6326.25", size=40 + number)
        await asyncio.sleep(0.1)


async def test_each_service_says_what_it_needs_and_what_only_an_account_proves(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with wizard(tmp_path, first_settings(), look, qtbot) as (_, panel):
        for row, guide in ((PAPER, IBKR_GUIDE), (LIVE, IBKR_GUIDE), (TOPSTEP, PROJECTX_GUIDE), (BOT, DISCORD_GUIDE)):
            panel.service.setCurrentIndex(row)
            assert all(line in panel.needs.text() for line in guide.needs)
            assert all(line in panel.unproven.text() for line in guide.unproven)
            assert guide.title in panel.service.currentText()
        panel.service.setCurrentIndex(LIVE)
        assert panel.fields["port"].text() == "7496"


async def test_log_in_at_tws_is_tried_beside_the_programs_own_and_answered_call_by_call(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    server, _ = await ibkr_life.serving()
    async with wizard(tmp_path, ibkr_life.settings_for(server.port), look, qtbot) as (profile, panel):
        core = profile.running.core
        await eventually(lambda: core.accounts.state(ibkr_life.ACCOUNT).trading_state is TradingState.ACTIVE)
        told = await asked(panel)
        assert all(is_good for _, is_good, _ in told), told
        by_name = {name: said for name, _, said in told}
        assert f"{CODE} is a BROKER PAPER account" in by_name["Accounts"]
        assert "not read-only" in by_name["Working orders"]
        assert "ESZ6" in by_name["Contracts of ES"]
        assert by_name["Price of ES"] == "prices come, real-time"
        panel.steps.raws[-1].click()
        assert "data type 1" in panel.steps.raw.toPlainText()
        panel.steps.copy.click()
        clipboard = QGuiApplication.clipboard()
        assert clipboard is not None
        assert "tick" in clipboard.text()
        await eventually(lambda: len(server.sessions) == 1, why="the wizard has hung up")
        assert core.accounts.state(ibkr_life.ACCOUNT).trading_state is TradingState.ACTIVE
        server.delayed_only = True
        walking = asyncio.create_task(walk(server), name="market")
        assert ("Price of ES", True, "prices come, delayed") in await asked(panel)
        walking.cancel()
        panel.service.setCurrentIndex(LIVE)
        panel.fields["port"].setText("70000")
        words = "“70000” is no port: TWS 7497 or 7496, IB Gateway 4002 or 4001"
        assert await asked(panel) == [("Log-in", False, words)]
    port = server.port
    await server.stop()
    async with wizard(tmp_path / "later", first_settings(), look, qtbot) as (profile, panel):
        panel.fields["port"].setText(str(port))
        ((name, is_good, words),) = await asked(panel)
        assert (name, is_good) == ("Log-in", False)
        assert "Start TWS or IB Gateway" in words
        panel.keep.click()
        await eventually(lambda: "ibkr.paper_port" in panel.said.text(), why="the port is kept")
        assert profile.running.core.settings.current.ibkr.paper_port == port


async def test_topstepx_answers_are_shown_without_key_or_token(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    server, _ = await projectx_life.serving()
    settings = projectx_life.settings_for(server)
    async with wizard(tmp_path, settings, look, qtbot) as (_, panel):
        panel.service.setCurrentIndex(TOPSTEP)
        assert "no API key is kept" in (await asked(panel))[0][2]
        panel.fields["key"].setText("another-key")
        ((_, is_good, words),) = await asked(panel)
        assert not is_good
        assert "make a new key" in words
        assert "another-key" not in "".join(step.raw for step in panel.steps.shown)
        panel.fields["key"].setText(KEY)
        told = await asked(panel)
        assert all(is_good for _, is_good, _ in told), told
        assert f"{ACCOUNT_NAME} (practice, may trade)" in {name: said for name, _, said in told}["Accounts"]
        raws = "".join(step.raw for step in panel.steps.shown)
        assert '"canTrade": true' in raws
        assert KEY not in raws
        assert not any(token in raws for token in server.tokens._valid)
        panel.keep.click()
        await eventually(lambda: not panel.vault.passphrase.isHidden(), why="without a keyring it asks")
        panel.vault.passphrase.setText(PASSPHRASE)
        panel.vault.open.click()
        await eventually(lambda: panel.vault.passphrase.isHidden(), why="the vault is open")
        panel.keep.click()
        await eventually(lambda: panel.fields["key"].text() == "", why="the key is kept")
        assert all(is_good for _, is_good, _ in await asked(panel)), "by the key out of the vault"
    await server.stop()


async def test_bot_is_told_what_it_lacks_until_it_reads(
    look: Look, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = DiscordServer()
    await server.start()
    redirect(server, monkeypatch)
    at = room(server, 2)
    bot = server.world.bots[TOKEN]
    server.bot("a-persons-token", "trader", is_user=True)
    server.post(at.channels[0], at.analyst, "ES long 6326")
    async with wizard(tmp_path, at.settings(first_settings()), look, qtbot) as (_, panel):
        panel.service.setCurrentIndex(BOT)
        panel.fields["token"].setText("never-given-out")
        assert "does not know this bot token" in (await asked(panel))[0][2]
        panel.fields["token"].setText("a-persons-token")
        assert "token of the person's account trader" in (await asked(panel))[0][2]
        panel.fields["token"].setText(TOKEN)
        bot.content_intent = False
        server.hide(at.channels[1], bot)
        told = await asked(panel)
        assert [is_good for _, is_good, _ in told] == [True, True, False, True, False]
        assert told[1][2].startswith("1000 of 1000 log-ins left")
        assert "turn on Message Content Intent" in told[2][2]
        assert "readable" in told[3][2]
        assert "give it View Channel" in told[4][2]
        assert "session_start_limit" in panel.steps.shown[1].raw
        assert not server.sessions.sockets, "asked over REST alone"
        bot.content_intent, server.sessions.starts_left = True, 0
        told = await asked(panel)
        assert "all 1000 log-ins of the day are used up; Discord lets the bot in again in 24.0 h" in told[1][2]
        server.sessions.starts_left = 990
        server.limit_next(7.0)
        assert "try again in 7 s" in (await asked(panel))[0][2]
        server.show(at.channels[1], bot)
        told = await asked(panel)
        assert all(is_good for _, is_good, _ in told), told
        assert "ES long 6326" in told[3][2]
        assert TOKEN not in "".join(step.raw for step in panel.steps.shown)
    await server.stop()
