"""The alert profiles: the shipped ones and the user's copies, their fields, examples and file, and the teaching."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from tradestream_gui.alerts.profiles.profile_check import check_examples
from tradestream_gui.alerts.profiles.profile_files import KnownProfile, Loaded
from tradestream_gui.alerts.profiles.profiles import ProfileError
from tradestream_gui.domain.alert_profile import ProfileExample
from tradestream_gui.ui.shell.dialogs import Question, ask
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain, plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.config.dry_run_panel import DryRunPanel
from tradestream_gui.ui.tabs.config.field_row import QWIDGETSIZE_MAX
from tradestream_gui.ui.tabs.config.profile_examples import ExamplesPage
from tradestream_gui.ui.tabs.config.profile_file import FilePage
from tradestream_gui.ui.tabs.config.profile_form import ProfileForm
from tradestream_gui.ui.tabs.config.teach_panel import TeachPanel

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub

LIST_PX, HEIGHT_PX = 168, 690
BESIDE_PX, ABOVE_HIGH_PX, LEAST_PX = 640, 140, 320
"""At 100 %: in a narrower page the list of profiles stands above, so high."""


class ProfilePanel(QWidget):
    """Saves and deletes the user's copies only; what is saved holds from the next message on."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._known: tuple[KnownProfile, ...] = ()
        self.list = QListWidget()
        self.list.setAccessibleName("Alert profiles")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.duplicate = self._button("copy", "Duplicate", self._on_duplicate)
        self.remove = self._button("trash", "Delete copy", self._on_remove)
        self.told = plain_label()
        self.told.setWordWrap(True)
        self.form, self.file, self.examples = ProfileForm(look), FilePage(look), ExamplesPage(look)
        self.save = QPushButton("Save fields")
        self.save.setProperty("role", "primary")
        self.teach, self.dry_run = TeachPanel(look), DryRunPanel(look)
        self.tabs = QTabWidget()
        self._lay_out()
        self.list.currentRowChanged.connect(self._on_chosen)
        self.form.edited.connect(self._on_edited)
        self.save.clicked.connect(self._on_save_fields)
        self.file.save_wanted.connect(self._on_save_text)
        self.examples.remove_wanted.connect(self._on_remove_example)
        self.teach.saved.connect(self._on_taught)

    def attach(self, core: "Core", hub: "SignalHub") -> None:
        self._core = core
        self.teach.attach(core)
        self.dry_run.attach(core)
        core.tasks.spawn(self.reload(), "read the alert profiles")

    async def reload(self, choose: str = "") -> None:
        """Reads all files again and lets what can be read hold."""
        core = self._core
        if core is None:
            return
        try:
            loaded = await asyncio.to_thread(core.profile_files.load)
        except (ProfileError, OSError) as error:
            self._say(Tone.DANGER, str(error))
            return
        core.alerts.profiles.replace_all(loaded.profiles)
        self._show_loaded(loaded, choose)

    # -- making --------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.list, 1)
        self._own = own = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        own.addWidget(self.duplicate)
        own.addWidget(self.remove)
        left.addLayout(own)
        fields = QWidget()
        column = QVBoxLayout(fields)
        column.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("Fields of the profile")
        area.setWidget(self.form)
        column.addWidget(area, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.save)
        column.addLayout(foot)
        for title, page in (
            ("Teach by example", self.teach), ("Fields", fields), ("Examples", self.examples), ("File", self.file),
            ("Dry run", self.dry_run),
        ):  # fmt: skip
            self.tabs.addTab(page, title)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(self.tabs, 1)
        right.addWidget(self.told)
        self._halves = row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left)
        row.addLayout(right, 1)
        self._look.changed.connect(self._turn)
        self._turn()

    def _turn(self) -> None:
        """The profiles beside what is done with one, or above it where the page is narrow."""
        px = self._look.px
        is_above = self.width() < px(BESIDE_PX)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._halves.setDirection(below if is_above else beside)
        self._own.setDirection(beside if is_above else below)
        self.list.setMinimumWidth(px(LIST_PX))
        self.list.setMaximumWidth(QWIDGETSIZE_MAX if is_above else px(LIST_PX))
        self.list.setMaximumHeight(px(ABOVE_HIGH_PX) if is_above else QWIDGETSIZE_MAX)
        self.setMinimumHeight(px(HEIGHT_PX + ABOVE_HIGH_PX if is_above else HEIGHT_PX))

    def _button(self, icon: str, words: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.setIcon(self._look.icon(icon))
        button.clicked.connect(slot)
        return button

    # -- showing -------------------------------------------------------------------------------------------

    def _show_loaded(self, loaded: Loaded, choose: str) -> None:
        current = self._current()
        wanted = choose or (current.profile.name if current is not None else "default")
        self._known = loaded.known
        before = self.list.blockSignals(True)
        self.list.clear()
        for known in self._known:
            mark = "" if known.own_file is None else "  ·  yours" if known.shipped is None else "  ·  changed"
            self.list.addItem(f"{one_line(known.profile.name, 40)}{mark}")
        names = [known.profile.name for known in self._known]
        self.list.setCurrentRow(names.index(wanted) if wanted in names else 0)
        self.list.blockSignals(before)
        self._on_chosen(self.list.currentRow())
        if loaded.mistakes:
            self._say(Tone.DANGER, "\n".join(loaded.mistakes))

    def _current(self) -> KnownProfile | None:
        row = self.list.currentRow()
        return self._known[row] if 0 <= row < len(self._known) else None

    def _on_chosen(self, row: int) -> None:
        known, core = self._current(), self._core
        if known is None or core is None:
            return
        self.form.show_profile(known.profile)
        served = next((channel for channel, _ in known.profile.match if channel), "")
        self.teach.show_channel(served)
        self.save.setEnabled(False)
        results = check_examples(known.profile, core.reference.calendar.is_trading_day)
        self.examples.show_results(results)
        failed = sum(not result.passes for result in results)
        self.tabs.setTabText(2, f"Examples {len(results)}" + (f", {failed} differ" if failed else ""))
        where = str(known.own_file) if known.own_file else "Shipped with the program; saving makes your copy of it."
        try:
            self.file.show_text(known.profile.name, core.profile_files.text_of(known), where)
        except OSError as error:
            self._say(Tone.DANGER, str(error))
            return
        self.remove.setText("Reset to shipped" if known.shipped is not None else "Delete copy")
        self.remove.setEnabled(known.own_file is not None and known.own_file.stem == known.profile.name)
        self._say(Tone.SECONDARY, _words_of(known))

    def _on_edited(self) -> None:
        self.save.setEnabled(self.form.profile() is not None)

    def _say(self, tone: Tone, words: str) -> None:
        self.told.setText(plain(words))
        palette = self.told.palette()
        palette.setColor(self.told.foregroundRole(), self._look.tone(tone))
        self.told.setPalette(palette)

    # -- changing ------------------------------------------------------------------------------------------

    def _on_save_fields(self) -> None:
        profile, core = self.form.profile(), self._core
        if profile is not None and core is not None:
            self._run(lambda: core.profile_files.save(profile), profile.name, "Saved")

    def _on_save_text(self, text: str) -> None:
        known, core = self._current(), self._core
        if known is not None and core is not None:
            name = known.profile.name
            self._run(lambda: core.profile_files.save_text(name, text), name, "Saved")

    def _on_remove_example(self, example: ProfileExample) -> None:
        known, core = self._current(), self._core
        if known is None or core is None:
            return
        kept = tuple(each for each in known.profile.examples if each != example)
        profile = replace(known.profile, examples=kept)
        self._run(lambda: core.profile_files.save(profile), profile.name, "Example removed")

    def _on_duplicate(self) -> None:
        known, core = self._current(), self._core
        if known is None or core is None:
            return
        names, number = {each.profile.name for each in self._known}, 2
        stem = re.sub(r"-\d+$", "", known.profile.name)[:36]
        while f"{stem}-{number}" in names:
            number += 1
        name = f"{stem}-{number}"
        copy = replace(known.profile, name=name, title=f"{known.profile.title} (copy)", match=())
        self._run(
            lambda: core.profile_files.save(copy), name, "Duplicated; nothing is read by it before it serves a room"
        )

    def _on_remove(self) -> None:
        if self._core is not None:
            self._core.tasks.spawn(self._remove(self._core), "delete a profile")

    async def _remove(self, core: "Core") -> None:
        known = self._current()
        if known is None or known.own_file is None:
            return
        name = known.profile.name
        after = (
            "the shipped profile reads again" if known.shipped is not None else "whoever it served is read otherwise"
        )
        text = f"Your file {known.own_file.name} with {len(known.profile.examples)} examples goes; {after}."
        question = Question(f"Delete your copy of {name}?", text, confirm="Delete copy", role="danger")
        if await ask(self, question):
            self._run(lambda: core.profile_files.delete(name), name, "Deleted")

    def _run(self, work: Callable[[], object], name: str, done: str) -> None:
        if self._core is not None:
            self._core.tasks.spawn(self._change(work, name, done), f"{done}: profile {name}")

    async def _change(self, work: Callable[[], object], name: str, done: str) -> None:
        try:
            await asyncio.to_thread(work)
        except (ProfileError, OSError) as error:
            self._say(Tone.DANGER, f"Nothing was changed: {error}")
            return
        await self.reload(name)
        self._say(Tone.OK, f"{done}. It holds from the next message on.")

    def _on_taught(self, name: str) -> None:
        if self._core is not None:
            self._core.tasks.spawn(self.reload(name), "read the alert profiles")

    # overridden Qt methods

    def minimumSizeHint(self) -> QSize:
        """As wide as the tabs alone: the list goes above them then."""
        return QSize(self._look.px(LEAST_PX), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._turn()


def _words_of(known: KnownProfile) -> str:
    profile = known.profile
    serves = ", ".join(" / ".join(part for part in pair if part) or "anyone" for pair in profile.match)
    kind = "Yours" if known.shipped is None else "Your copy, over the shipped one" if known.own_file else "Shipped"
    return f"{one_line(profile.title, 120)}. {kind}. Serves {one_line(serves, 200) or 'whoever names it'}."
