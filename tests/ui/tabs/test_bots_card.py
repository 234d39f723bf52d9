"""The Config tab takes a bot's token unseen into the vault, asks for a passphrase where it must, and shows the link."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.adapters.sources.discord.rig import TOKEN, redirect
from tests.servers.discord import DiscordServer
from tests.stories.test_discord_alerts import PASSPHRASE, files_with, opened, room
from tests.support import eventually
from tests.ui.tabs.config_page import config_page
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.signal_hub import SignalHub
from tradestream_gui.ui.tabs.config.bots_card import BotsCard
from tradestream_gui.upkeep.settings.first import first_settings


async def test_token_goes_into_the_vault_and_the_bot_logs_in(
    look: Look, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = DiscordServer()
    await server.start()
    redirect(server, monkeypatch)
    try:
        async with opened(tmp_path, room(server).settings(first_settings())) as profile:
            core = profile.running.core
            hub = SignalHub(core.bus)
            tab = config_page(core, hub, "routing", look, qtbot)
            card = tab.findChild(BotsCard)
            assert isinstance(card, BotsCard)
            await eventually(lambda: "no token is kept" in card.links["main"].text())
            card.fields["main"].setText(TOKEN)
            card.keep["main"].click()
            await eventually(lambda: not card.vault.passphrase.isHidden(), why="without a keyring it asks")
            card.vault.passphrase.setText(PASSPHRASE)
            card.vault.open.click()
            await eventually(lambda: card.vault.passphrase.isHidden(), why="the vault is open")
            card.keep["main"].click()
            await eventually(lambda: card.fields["main"].text() == "", why="the token is kept")
            await eventually(lambda: "reads #alerts-0" in card.links["main"].text())
            assert not files_with(TOKEN, tmp_path)
            hub.detach()
    finally:
        await server.stop()
