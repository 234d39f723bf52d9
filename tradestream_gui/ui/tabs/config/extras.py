"""What stands on a page of the Config tab besides its settings: the alert profiles, the health, the about words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.config.bots_card import BotsCard
from tradestream_gui.ui.tabs.config.broker_key_card import BrokerKeyCard
from tradestream_gui.ui.tabs.config.connect_panel import ConnectPanel
from tradestream_gui.ui.tabs.config.drill_card import DrillCard
from tradestream_gui.ui.tabs.config.extra_pages import AboutCard
from tradestream_gui.ui.tabs.config.health_card import HealthCard
from tradestream_gui.ui.tabs.config.live_card import LiveCard
from tradestream_gui.ui.tabs.config.outlets_card import OutletsCard
from tradestream_gui.ui.tabs.config.price_alerts_card import PriceAlertsCard
from tradestream_gui.ui.tabs.config.profile_panel import ProfilePanel
from tradestream_gui.ui.tabs.config.setting_page import SettingPage
from tradestream_gui.ui.tabs.config.webhook_card import WebhookCard

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub
    from tradestream_gui.ui.shell.ways import Undo
    from tradestream_gui.ui.tabs.config.tab import ConfigTab


def add_extra(
    page: SettingPage,
    look: Look,
    core: Core,
    hub: SignalHub,
    say: Callable[[str], None],
    offer_undo: Callable[[str, Undo], None],
) -> None:
    """Puts the page's extra part below its settings, if it has one; `say` shows a line of words, `offer_undo` one with
    the way back."""
    if page.page.key == "parsers":
        profiles = ProfilePanel(look)
        page.widen()
        page.add_widget(profiles)
        profiles.attach(core, hub)
    elif page.page.key == "accounts" and core.secrets is not None:
        key = BrokerKeyCard()
        page.add_widget(key)
        key.attach(core, hub)
        live = LiveCard()
        page.add_widget(live)
        live.attach(core, hub)
    elif page.page.key == "connect":
        wizard = ConnectPanel(look)
        page.add_widget(wizard)
        wizard.attach(core)
    elif page.page.key == "routing" and core.secrets is not None:
        bots = BotsCard()
        page.add_widget(bots)
        bots.attach(core, hub)
        webhook = WebhookCard()
        page.add_widget(webhook)
        webhook.attach(core, hub)
    elif page.page.key == "notifications":
        outlets = OutletsCard(look)
        page.add_widget(outlets)
        outlets.attach(core)
        alerts = PriceAlertsCard(look)
        page.add_widget(alerts)
        alerts.attach(core, hub)
        alerts.undoable.connect(offer_undo)
    elif page.page.key == "health":
        health = HealthCard(look)
        health.said.connect(say)
        page.widen()
        page.add_widget(health)
        health.attach(core, hub)
        _add_drill(page, look, core, hub, health, say)
    elif page.page.key == "about":
        page.add_widget(_about(look, core))


def _about(look: Look, core: Core) -> AboutCard:
    about = AboutCard(look)
    about.add_line("Settings", str(core.settings.path))
    return about


def show_drill(tab: ConfigTab) -> None:
    """Brings the outage drill into sight, where there is one."""
    tab.show_page("health")
    page = tab.page("health")
    card = page.findChild(DrillCard)
    if card is not None:
        page.reveal(card)


def _add_drill(
    page: SettingPage, look: Look, core: Core, hub: SignalHub, health: HealthCard, say: Callable[[str], None]
) -> None:
    """Below the readings, where there is something that may be broken; the page's head leads there."""
    health.drill.setVisible(core.drill is not None)
    if core.drill is not None:
        drill = DrillCard(look)
        drill.said.connect(say)
        page.add_widget(drill)
        drill.attach(core, hub)
        health.drill.clicked.connect(partial(page.reveal, drill))
        drill.sight_wanted.connect(page.bring_into_sight)
