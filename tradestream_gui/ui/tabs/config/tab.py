"""The Config tab itself: search, pages, the bar that applies or discards, import, export and the way back."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtGui import QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from tradestream_gui.ui.format import date_time_text
from tradestream_gui.ui.shell.dialogs import answer_of, ask_open_path, ask_save_path
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.config.apply_bar import ApplyBar
from tradestream_gui.ui.tabs.config.look_preview import LookPreview
from tradestream_gui.ui.tabs.config.page_list import PageList
from tradestream_gui.ui.tabs.config.pages import PAGES, Page, count_of, page_of
from tradestream_gui.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub
    from tradestream_gui.ui.tabs.config.draft import Draft
    from tradestream_gui.ui.tabs.config.extra_pages import VersionsCard
    from tradestream_gui.ui.tabs.config.setting_page import SettingPage
    from tradestream_gui.upkeep.settings.service import Proposal

ROOMY_PX, TIGHT_PX = 1080, 680
"""In a narrower tab a page with tables takes the room of the list's words."""
CHECK_MS = 250
"""An edit is judged when the typing pauses this long."""
LOADING = "The settings appear here when the profile is open."


class ConfigTab(QWidget):
    """Everything stays a draft until it is applied; the look alone is shown at once."""

    undoable = pyqtSignal(str, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._hub: SignalHub | None = None
        self._draft: Draft | None = None
        self._preview = LookPreview(look)
        self._specs: tuple[Any, ...] = ()
        self._pages: dict[str, SettingPage] = {}
        self._versions: VersionsCard | None = None
        self.list = PageList(look)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(EmptyState(look, LOADING, icon="config"))
        self.bar = ApplyBar(look)
        self._checks = QTimer(self)
        self._checks.setSingleShot(True)
        self._checks.setInterval(CHECK_MS)
        self._checks.timeout.connect(self._check)
        self._lay_out()
        self.list.page_chosen.connect(self.show_page)
        self.list.searched.connect(self._on_search)
        self.bar.apply_wanted.connect(self._on_apply)
        self.bar.discard_wanted.connect(self.discard)

    def attach(self, core: Core, hub: SignalHub) -> None:
        from tradestream_gui.ui.tabs.config.draft import Draft
        from tradestream_gui.upkeep.settings.first import describe_settings

        self._core, self._hub = core, hub
        self._specs = describe_settings()
        self._draft = Draft(core.settings)
        self._draft.reread()
        self.list.set_ready()
        if self.isVisible():
            self.show_page(PAGES[0].key)

    @property
    def draft(self) -> Draft | None:
        return self._draft

    def page(self, key: str) -> SettingPage:
        """The page, made now if it has not been looked at yet."""
        if key not in self._pages:
            plan = next(page for page in PAGES if page.key == key)
            self._pages[key] = self._make(plan)
            self.stack.addWidget(self._pages[key])
        return self._pages[key]

    def show_page(self, key: str) -> None:
        if self._draft is None:
            return
        page = self.page(key)
        self.stack.setCurrentWidget(page)
        page.show_draft(self._draft)
        page.show_matches(self.list.text)
        self.list.choose(key)
        self._fit_list()
        if key == "advanced":
            self._show_versions()

    def edit(self, key: str, value: object) -> None:
        """Takes an edit into the draft; it is judged when the typing pauses."""
        if self._draft is not None:
            self._draft.edit(key, value)
            self._checks.start()
            self.bar.show_edits(len(self._draft.edits), "")

    def discard(self) -> None:
        if self._draft is not None:
            self._draft.discard()
            self._preview.take_back()
            self._show_draft()

    async def apply(self, proposal: Proposal) -> bool:
        """Shows the difference, and after a yes makes it hold; True when it does."""
        from tradestream_gui.domain.errors import ConfigInvalid
        from tradestream_gui.ui.tabs.config.diff_dialog import DiffDialog

        core = self._core
        if core is None or not proposal.changes:
            self.bar.show_words("Nothing differs from what holds now.")
            return False
        dialog = DiffDialog(self._look, proposal, self)
        if await answer_of(dialog) != DiffDialog.DialogCode.Accepted.value:
            return False
        try:
            await core.settings.apply(proposal, confirmed=True)
        except ConfigInvalid as error:
            self.bar.show_error(str(error))
            return False
        self._preview.keep(proposal)
        if self._draft is not None:
            self._draft.discard()
            self._draft.reread()
        self._show_draft()
        self._show_versions()
        restart = " Restart for the rest." if proposal.needs_restart else ""
        self.bar.show_words(f"{len(proposal.changes)} applied.{restart}")
        return True

    # inside

    def _make(self, plan: Page) -> SettingPage:
        from tradestream_gui.ui.tabs.config.extra_pages import VersionsCard
        from tradestream_gui.ui.tabs.config.extras import add_extra
        from tradestream_gui.ui.tabs.config.setting_page import SettingPage

        page = SettingPage(self._look, plan, self._specs)
        page.edited.connect(self.edit)
        if self._core is not None and self._hub is not None:
            add_extra(page, self._look, self._core, self._hub, self.bar.show_words, self.undoable.emit)
        if plan.key == "advanced":
            self._versions = VersionsCard(self._look)
            self._versions.export_wanted.connect(self._on_export)
            self._versions.import_wanted.connect(self._on_import)
            self._versions.revert_wanted.connect(self._on_revert)
            page.add_widget(self._versions)
        return page

    def _check(self) -> None:
        if self._draft is not None:
            self._draft.check()
            self._preview.show(self._draft.edits, self._draft.errors)
            self._show_draft()

    def _show_draft(self) -> None:
        draft = self._draft
        if draft is None:
            return
        shown = self.stack.currentWidget()
        for page in self._pages.values():
            if page is shown:
                page.show_draft(draft)
        self.bar.show_edits(
            len(draft.edits), "\n".join(f"{key}: {words}" if key else words for key, words in draft.errors.items())
        )

    def _show_versions(self) -> None:
        core = self._core
        if core is None or self._versions is None:
            return
        zone = ZoneInfo(core.settings.current.general.display_zone)
        named = []
        for version in core.settings.versions():
            at = datetime.fromtimestamp(version.stat().st_mtime, UTC)
            named.append((version, f"{version.stem}   replaced {date_time_text(at, zone)}"))
        self._versions.show_versions(core.settings.path, named)

    def _on_search(self, text: str) -> None:
        if self._draft is None:
            return
        counts = {page.key: count_of(page, self._specs, text) for page in PAGES} if text else {}
        self.list.show_counts(counts)
        shown = self.stack.currentWidget()
        current = next((key for key, page in self._pages.items() if page is shown), PAGES[0].key)
        found = [key for key, count in counts.items() if count]
        if text and found and current not in found:
            current = found[0]
        self.show_page(current)

    def _on_apply(self) -> None:
        draft = self._draft
        if draft is None:
            return
        proposal = draft.check()
        if proposal is None:
            self._show_draft()
        else:
            self._spawn(self.apply(proposal), "apply the settings")

    def _on_export(self) -> None:
        self._spawn(self._export(), "export the settings")

    def _on_import(self) -> None:
        self._spawn(self._import(), "import settings")

    def _on_revert(self, version: Path) -> None:
        self._spawn(self._revert(version), "go back to older settings")

    async def _export(self) -> None:
        core = self._core
        path = await ask_save_path(
            self, title="Export settings", suggested="tradestream.yaml", kinds="Settings (*.yaml)"
        )
        if core is not None and path is not None:
            await asyncio.to_thread(path.write_text, core.settings.export_text(), "utf-8")
            self.bar.show_words(f"Exported to {path}")

    async def _import(self) -> None:
        core = self._core
        path = await ask_open_path(self, title="Import settings", kinds="Settings (*.yaml *.yml)")
        if core is not None and path is not None:
            await self._propose_file(core, path, is_version=False)

    async def _revert(self, version: Path) -> None:
        if self._core is not None:
            await self._propose_file(self._core, version, is_version=True)

    async def _propose_file(self, core: Core, path: Path, *, is_version: bool) -> None:
        from tradestream_gui.domain.errors import ConfigInvalid
        from tradestream_gui.upkeep.settings.file import read

        try:
            if is_version:
                proposal = await core.settings.propose_version(path)
            else:
                proposal = await core.settings.propose_text(await asyncio.to_thread(read, path))
        except ConfigInvalid as error:
            self.bar.show_error(str(error))
            return
        await self.apply(proposal)

    def _spawn(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        if self._core is not None:
            self._core.tasks.spawn(work, name)
        else:
            work.close()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(self.stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(self.bar)

    def _fit_list(self) -> None:
        is_wide = any(page.is_wide and page is self.stack.currentWidget() for page in self._pages.values())
        self.list.set_narrow(self.width() < self._look.px(ROOMY_PX if is_wide else TIGHT_PX))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit_list()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        if self._draft is not None:
            self._draft.reread()
            if self.stack.currentIndex() == 0:
                self.show_page(PAGES[0].key)
            self._show_draft()


def reveal_setting(tab: ConfigTab, key: str) -> None:
    """Opens the page of one setting and puts the keyboard into its field; a search that hides it is ended."""
    found = page_of(key)
    if found is not None and tab.draft is not None:
        tab.list.edit.clear()
        tab.show_page(found.key)
        tab.page(found.key).reveal_setting(key)
