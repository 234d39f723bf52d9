"""The Config tab takes TopstepX's API key unseen into the vault, and says how the link stands."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.servers.projectx import ACCOUNT_NAME, KEY
from tests.stories.projectx_life import serving, settings_for
from tests.stories.test_discord_alerts import PASSPHRASE, files_with, opened
from tests.support import eventually
from tests.ui.tabs.config_page import config_page
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.signal_hub import SignalHub
from tradestream_gui.ui.tabs.config.broker_key_card import BrokerKeyCard


async def test_key_is_kept_unseen_and_the_account_logs_in_with_it(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    server, _ = await serving()
    async with opened(tmp_path, settings_for(server)) as profile:
        core = profile.running.core
        hub = SignalHub(core.bus)
        tab = config_page(core, hub, "accounts", look, qtbot)
        card = tab.findChild(BrokerKeyCard)
        assert isinstance(card, BrokerKeyCard)
        await eventually(lambda: "no API key is kept" in card.link.text(), why="it says what is missing")
        card.keep.click()
        assert card.vault.words.text() == "Paste the API key first."
        card.key.setText(KEY)
        card.keep.click()
        await eventually(lambda: not card.vault.passphrase.isHidden(), why="without a keyring it asks")
        asked = card.vault.words.text()
        tab.show_page("general")
        tab.show_page("accounts")
        await eventually(lambda: card.vault.words.text() != asked, why="the vault is looked at with the page")
        assert not card.vault.passphrase.isHidden(), "a look takes back nothing that is asked for"
        card.vault.passphrase.setText(PASSPHRASE)
        card.vault.open.click()
        await eventually(lambda: card.vault.passphrase.isHidden(), why="the vault is open")
        card.keep.click()
        await eventually(lambda: not card.key.text(), why="it is kept and shown no more")
        await eventually(lambda: card.link.text().startswith(f"up: {ACCOUNT_NAME}"), why="the next try logs in")
        assert not files_with(KEY, tmp_path)
        hub.detach()
    await server.stop()
