"""What stands on a page of the Config tab besides its settings: the alert profiles, the health, the about words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.config.extra_pages import AboutCard, ProfilesCard
from tradestream_gui.ui.tabs.config.health_card import HealthCard
from tradestream_gui.ui.tabs.config.setting_page import SettingPage

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub


def add_extra(page: SettingPage, look: Look, core: Core, hub: SignalHub, say: Callable[[str], None]) -> None:
    """Puts the page's extra part below its settings, if it has one; `say` shows a line of words."""
    if page.page.key == "parsers":
        profiles = ProfilesCard(look)
        page.add_widget(profiles)
        own = core.settings.path.parent / "profiles"
        core.tasks.spawn(_load_profiles(profiles, own), "read the alert profiles")
    elif page.page.key == "health":
        health = HealthCard(look)
        health.said.connect(say)
        page.widen()
        page.add_widget(health)
        health.attach(core, hub)
    elif page.page.key == "about":
        about = AboutCard(look)
        about.add_line("Settings", str(core.settings.path))
        page.add_widget(about)


async def _load_profiles(card: ProfilesCard, own: Path) -> None:
    """Reads the shipped profiles and the user's own in a thread and shows them."""
    from tradestream_gui.alerts.profiles import ProfileError, load_profiles
    from tradestream_gui.paths import resource_path

    try:
        card.show_profiles(await asyncio.to_thread(load_profiles, resource_path("profiles"), own))
    except ProfileError as error:
        card.show_failure(str(error))
