"""The Config tab makes the webhook's token, shows the whole address once, and says how the port stands."""

from pathlib import Path

from PyQt6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.adapters.sources.webhook.rig import BODY, Sender, free_port
from tests.stories.test_discord_alerts import PASSPHRASE, files_with, opened
from tests.support import eventually
from tests.ui.tabs.config_page import config_page
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.signal_hub import SignalHub
from tradestream_gui.ui.tabs.config.webhook_card import WebhookCard
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings


async def test_token_is_made_the_port_opens_and_the_copied_address_takes_a_post(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    wanted = plain(first_settings())
    wanted["webhook"] = {"enabled": True, "port": free_port()}
    wanted["routing"]["channels"] += [{"id": "swing", "name": "Swing", "source": "webhook", "speaks_for": "me"}]
    async with opened(tmp_path, Settings.model_validate(wanted)) as profile:
        core = profile.running.core
        hub = SignalHub(core.bus)
        tab = config_page(core, hub, "routing", look, qtbot)
        card = tab.findChild(WebhookCard)
        assert isinstance(card, WebhookCard)
        await eventually(lambda: "no token is kept" in card.link.text())
        assert not card.copy.isEnabled()
        card.make.click()
        await eventually(lambda: not card.vault.passphrase.isHidden(), why="without a keyring it asks")
        card.vault.passphrase.setText(PASSPHRASE)
        card.vault.open.click()
        await eventually(lambda: card.vault.passphrase.isHidden(), why="the vault is open")
        card.make.click()
        await eventually(card.copy.isEnabled, why="the address can be copied")
        card.copy.click()
        clipboard = QGuiApplication.clipboard()
        assert clipboard is not None
        address = clipboard.text()
        assert address.startswith(f"http://127.0.0.1:{wanted['webhook']['port']}/v1/hook/")
        assert address.endswith("/swing")
        token = address.split("/")[-2]
        assert len(token) == 64
        await eventually(lambda: "up: listens on" in card.link.text())
        path = address.partition(str(wanted["webhook"]["port"]))[2]
        sender = Sender(wanted["webhook"]["port"])
        assert (await sender.post(BODY, path=path, without=("X-TradeStream-Token",))).status == 202
        assert not files_with(token, tmp_path)
        assert token not in card.address.text()
        tab.hide()
        assert not card.copy.isEnabled()
        hub.detach()
