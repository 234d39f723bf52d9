"""A secret typed and kept in the real window is on no screenshot: no widget tells it, and no pixel depends on it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PyQt6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from tests.adapters.sources.discord.rig import redirect
from tests.pictures.states import State
from tests.pictures.studio import Studio
from tests.servers.discord import DiscordServer
from tests.stories.test_discord_alerts import PASSPHRASE, room
from tests.stories.test_no_secret_leaks import CANARY, assert_nowhere
from tests.support import eventually
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.app import WindowSession
from tradestream_gui.paths import Paths
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ui.shell.parts import DOCKS, TABS
from tradestream_gui.ui.tabs.config import ConfigTab
from tradestream_gui.ui.tabs.config.bots_card import BotsCard
from tradestream_gui.ui.tabs.config.connect_panel import ConnectPanel
from tradestream_gui.ui.tabs.config.pages import PAGES
from tradestream_gui.ui.widgets.vault_line import VaultLine
from tradestream_gui.upkeep.settings.file import render
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings

OTHER = "Wm4?kenari/Nekot-1b8d+Qp6"
"""As long as the first one, and with no letter in the same place."""
ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
WITH_SECRETS = ("accounts", "connect", "routing", "notifications")
SETTLE_S = 0.3
CELLS = 2_000
"""Of a table that are read."""


@asynccontextmanager
async def window(
    qapp: QApplication, folder: Path, settings: Settings
) -> AsyncIterator[tuple[WindowSession, ConfigTab]]:
    def prepare(paths: Paths) -> None:
        write_atomically(paths.config_file, render(settings).encode())
        (paths.layouts_dir / "welcomed").touch()

    state = State("secrets", ("--profile", "p"), prepare)
    async with Studio(qapp, folder / "pictures")._open(state, folder) as session:
        config = session.window.show_tab("config")
        assert isinstance(config, ConfigTab)
        yield session, config


def words_of(widget: QWidget) -> Iterator[str]:
    """Everything that a widget tells: drawn, on hover, and to a screen reader."""
    yield from (widget.windowTitle(), widget.toolTip(), widget.statusTip(), widget.whatsThis())
    yield from (widget.accessibleName(), widget.accessibleDescription())
    if isinstance(widget, QLineEdit):
        yield from (widget.displayText(), widget.placeholderText())
    elif isinstance(widget, QPlainTextEdit | QTextEdit):
        yield widget.toPlainText()
    elif isinstance(widget, QLabel):
        yield widget.text()
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(index) for index in range(widget.count()))
    elif isinstance(widget, QAbstractItemView):
        yield from _cells(widget.model())


def _cells(model: QAbstractItemModel | None) -> Iterator[str]:
    if model is None:
        return
    columns = 1 if isinstance(model, QAbstractListModel) else max(model.columnCount(), 1)
    for number in range(min(model.rowCount() * columns, CELLS)):
        index = model.index(number // columns, number % columns, QModelIndex())
        yield from (str(model.data(index, role) or "") for role in ROLES)


def assert_untold(*secrets: str) -> int:
    """How many widgets of all windows were read."""
    widgets = QApplication.allWidgets()
    for widget in widgets:
        said = "\n".join(words_of(widget))
        for secret in secrets:
            assert secret not in said, f"{type(widget).__name__} {widget.accessibleName()!r} tells it"
            assert secret[:12] not in said, f"{type(widget).__name__} {widget.accessibleName()!r} tells half of it"
    return len(widgets)


def hidden_fields(config: ConfigTab) -> list[QLineEdit]:
    """Those of the page in sight whose text is never seen, a passphrase that is not asked for included."""
    page = config.stack.currentWidget()
    assert page is not None
    return [one for one in page.findChildren(QLineEdit) if one.echoMode() is QLineEdit.EchoMode.Password]


def look_alike(field: QLineEdit) -> None:
    """Two secrets of one length make one picture, and neither is told while it stands in its field."""
    seen = []
    around = field.parentWidget()
    assert around is not None
    for secret in (CANARY, OTHER):
        field.setText(secret)
        assert_untold(CANARY, OTHER)
        seen.append(around.grab().toImage())
    field.clear()
    assert seen[0] == seen[1], field.accessibleName()
    assert seen[0] != around.grab().toImage() or not field.isVisible(), "the picture shows this field at all"


async def pictures(config: ConfigTab) -> dict[str, QImage]:
    """Of the pages with secrets, when what they ask for has come."""
    seen = {}
    for key in WITH_SECRETS:
        config.show_page(key)
        page = config.stack.currentWidget()
        assert page is not None
        lines = [line for line in page.findChildren(VaultLine) if line.isVisible()]
        await eventually(lambda lines=lines: all(line.words.text() for line in lines))  # type: ignore[misc]  # per page
        await asyncio.sleep(SETTLE_S)
        seen[key] = config.grab().toImage()
    return seen


async def test_a_secret_typed_into_any_field_is_drawn_and_told_by_none(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    checked = []
    async with window(qapp, tmp_path, first_settings()) as (_, config):
        for page in PAGES:
            config.show_page(page.key)
            panel = config.stack.currentWidget()
            services = panel.findChild(ConnectPanel) if panel is not None else None
            for row in range(services.service.count() if services else 1):
                if services is not None:
                    services.service.setCurrentIndex(row)
                for field in hidden_fields(config):
                    look_alike(field)
                    checked.append(f"{page.key}: {field.accessibleName()}")
    assert set(WITH_SECRETS) == {name.split(":")[0] for name in checked}
    assert len(checked) >= 10, checked


async def test_another_secret_kept_changes_no_pixel(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    async with window(qapp, tmp_path, first_settings()) as (_, config):
        config.show_page("routing")
        card = config.findChild(BotsCard)
        assert isinstance(card, BotsCard)
        await _keep(card, CANARY)
        first = await pictures(config)
        config.show_page("routing")
        await _keep(card, OTHER)
        second = await pictures(config)
        assert [key for key in WITH_SECRETS if first[key] != second[key]] == []


async def test_a_token_that_is_kept_used_and_refused_is_told_by_no_page_and_no_dock(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    server = DiscordServer()
    await server.start()
    redirect(server, monkeypatch)
    try:
        async with window(qapp, tmp_path, room(server).settings(first_settings())) as (session, config):
            config.show_page("routing")
            card = config.findChild(BotsCard)
            assert isinstance(card, BotsCard)
            await _keep(card, CANARY)
            core = session.core
            assert core is not None
            link = core.alerts.links
            await eventually(lambda: "no token" not in link()["discord main"][1], within_s=30, why="it was tried")
            assert link()["discord main"][0] is not LinkState.UP
            for page in PAGES:
                config.show_page(page.key)
                assert_untold(CANARY, PASSPHRASE)
            for plan in (*TABS, *DOCKS):
                session.window.part(plan.key)
            assert assert_untold(CANARY, PASSPHRASE) > 500
        assert_nowhere(tmp_path)
    finally:
        await server.stop()


async def _keep(card: BotsCard, token: str) -> None:
    """As a person does: pasted, kept, and the passphrase typed where it is asked for."""
    card.fields["main"].setText(token)
    card.keep["main"].click()
    await eventually(lambda: not card.fields["main"].text() or not card.vault.passphrase.isHidden())
    if card.fields["main"].text():
        card.vault.passphrase.setText(PASSPHRASE)
        card.vault.open.click()
        await eventually(lambda: card.vault.passphrase.isHidden(), why="the vault is open")
        card.keep["main"].click()
    await eventually(lambda: not card.fields["main"].text(), why="it is kept")

