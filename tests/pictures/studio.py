"""Opens the real window, brings it into a state, stops its clock there and photographs every tab and dock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import monotonic

from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import QApplication, QDialog, QMenu, QScrollArea, QTabWidget, QWidget

from tests.pictures.states import Act, Scene, State
from tradestream_gui.adapters.runtime.clock import VirtualClock
from tradestream_gui.app import StartMoments, WindowSession
from tradestream_gui.cli import build_parser, launch_from
from tradestream_gui.domain.events import SessionClosed
from tradestream_gui.instance import instance_lock
from tradestream_gui.paths import Paths
from tradestream_gui.ui.shell.built_in_layouts import BUILT_IN, put_in_place
from tradestream_gui.ui.shell.excepthook import CrashHook
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.parts import DOCKS, TABS
from tradestream_gui.ui.tabs.config import ConfigTab
from tradestream_gui.ui.tabs.config.pages import PAGES

READY_S = 600.0
SETTLE_S, BEAT_S = 0.35, 1.2
"""How long a tab gets to lay itself out before its picture is taken."""
SHEET_LOOKS = 10
STOPPED = 0.001
"""Virtual seconds per second at which a picture holds still."""


class Studio:
    """Takes the same set of pictures of each state: a folder per state, a file per tab, page, dock and theme."""

    def __init__(
        self,
        app: QApplication,
        folder: Path,
        *,
        themes: tuple[str, ...] = ("dark",),
        scale: float = 1.0,
        size: tuple[int, int] = (1600, 960),
    ) -> None:
        self._app = app
        self._folder = folder
        self._themes = themes
        self._scale = scale
        self._size = size

    async def photograph(self, state: State, home: Path) -> int:
        """Answers how many pictures it took."""
        folder = self._folder / state.name
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        taken = 0
        async with self._open(state, home) as session:
            session.look.set_scale(self._scale)
            session.window.resize(*self._size)
            if session.core is not None:  # a profile that did not open has no docks to place
                put_in_place(session.window, BUILT_IN[state.layout - 1])
            for theme in self._themes:
                session.look.set_theme(theme)
                taken += await self._take(session, state, folder, theme)
        return taken

    @asynccontextmanager
    async def _open(self, state: State, home: Path) -> AsyncIterator[WindowSession]:
        launch = launch_from(build_parser().parse_args([*state.arguments, "--data-dir", str(home)]))
        paths = Paths.for_profile(launch.profile, data_dir=home)
        paths.create()
        state.prepare(paths)
        lock = instance_lock(paths)
        assert lock.acquire(), "a fresh folder has no other instance"
        stands = asyncio.Event()
        moments = StartMoments(ready=stands.set, failed=stands.set)
        session = WindowSession(self._app, launch, paths, CrashHook(), lock, monotonic(), moments)
        task = asyncio.create_task(session.run(), name=state.name)
        await _until_it_stands(stands, task)
        try:
            await _play(state, session)
            yield session
        finally:
            session.window.close()
            await asyncio.wait_for(task, READY_S)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    async def _take(self, session: WindowSession, state: State, folder: Path, theme: str) -> int:
        window = session.window
        taken = 0
        if state.view is not None:
            seen = state.view(Scene(session))
            await asyncio.sleep(SETTLE_S)
            return _save(seen, folder / f"{state.name}-{theme}.png")
        for name, open_sheet in state.sheets:
            taken += await _take_sheet(session, open_sheet, folder / f"{name}-{theme}.png")
        if state.sheets:
            return taken
        if state.is_first_sight:
            await asyncio.sleep(BEAT_S)  # the second that the hurried day held up has come
            window.lag.start()  # else the foot tells how late it was
            await asyncio.sleep(BEAT_S)
            return _save(window, folder / f"window-{theme}.png")
        for key in (plan.key for plan in TABS):
            part = window.show_tab(key)
            await asyncio.sleep(SETTLE_S)
            taken += _save(window, folder / f"{key}-{theme}.png")
            if state.every_page:
                taken += await _take_pages(part, key, folder, theme)
        return taken + await _take_docks(window, folder, theme)


async def _until_it_stands(stands: asyncio.Event, session: "asyncio.Task[int]") -> None:
    """Raises what ended the session before its window stood."""
    standing = asyncio.create_task(stands.wait())
    await asyncio.wait({standing, session}, timeout=READY_S, return_when=asyncio.FIRST_COMPLETED)
    standing.cancel()
    if session.done():
        session.result()
    assert stands.is_set(), f"the window did not stand within {READY_S:g} s"


async def _play(state: State, session: WindowSession) -> None:
    """Runs the demo as fast as it goes to the state's moment, acting on the way, and holds it still there."""
    scene = Scene(session)
    clock = session.core.clock if session.core is not None else None
    if session.core is not None and isinstance(clock, VirtualClock):
        arrived = asyncio.Event()
        for at_s, act in state.acts:
            clock.call_later(at_s - clock.monotonic(), partial(act, scene))
        if state.until_s is None:
            session.core.bus.subscribe(SessionClosed, lambda _: arrived.set())
        else:
            clock.call_later(state.until_s - clock.monotonic(), partial(_hold, clock, arrived))
        clock.speed = None
        await asyncio.wait_for(arrived.wait(), READY_S)
    elif session.core is not None:
        for _, act in state.acts:
            act(scene)
    await asyncio.sleep(SETTLE_S)
    if session.core is not None:
        state.arrange(scene)


def _hold(clock: VirtualClock, arrived: asyncio.Event) -> None:
    clock.speed = STOPPED
    arrived.set()


async def _take_sheet(session: WindowSession, open_sheet: Act, path: Path) -> int:
    open_sheet(Scene(session))
    sheets: list[QWidget] = []
    for _ in range(SHEET_LOOKS):
        await asyncio.sleep(SETTLE_S)
        sheets = [top for top in QApplication.topLevelWidgets() if top.isVisible() and isinstance(top, QDialog | QMenu)]
        if sheets:
            break
    for sheet in sheets:
        _save(sheet, path)
        sheet.close()
    await asyncio.sleep(SETTLE_S)
    return len(sheets)


async def _take_docks(window: MainWindow, folder: Path, theme: str) -> int:
    """Each as it looks when it is brought to the front; the layout is put back afterwards."""
    before = window.layout_state()
    for key in (plan.key for plan in DOCKS):
        window.dock(key).show()
        window.dock(key).raise_()
        await asyncio.sleep(SETTLE_S)
        _save(window.dock(key), folder / f"dock-{key}-{theme}.png")
        window.restore_layout(*before)
    return len(DOCKS)


async def _take_pages(part: QWidget, key: str, folder: Path, theme: str) -> int:
    """The pages inside of a tab, and what lies below the fold of those that scroll."""
    taken = 0
    if isinstance(part, ConfigTab):
        for page in PAGES:
            part.show_page(page.key)
            await asyncio.sleep(SETTLE_S)
            taken += _save(part, folder / f"{key}-{page.key}-{theme}.png")
            part.page(page.key).finish()
            await asyncio.sleep(SETTLE_S)
            taken += _save_whole(part.page(page.key), folder / f"{key}-{page.key}-whole-{theme}.png")
            taken += await _take_tabs(part, f"{key}-{page.key}", folder, theme)
        part.show_page(PAGES[0].key)
    else:
        taken += await _take_tabs(part, key, folder, theme)
    return taken


async def _take_tabs(part: QWidget, key: str, folder: Path, theme: str) -> int:
    """Every page of the tabs inside that are in sight."""
    taken = 0
    for tabs in part.findChildren(QTabWidget):
        if not tabs.isVisible():
            continue
        before = tabs.currentIndex()
        for index in range(tabs.count()):
            tabs.setCurrentIndex(index)
            await asyncio.sleep(SETTLE_S)
            name = tabs.tabText(index).split(" ")[0].lower()
            taken += _save(part, folder / f"{key}-{name}-{theme}.png")
            for scroll in _scrolling(tabs, part):
                taken += _save_whole(scroll, folder / f"{key}-{name}-whole-{theme}.png")
        tabs.setCurrentIndex(before)
    return taken


def _scrolling(tabs: QTabWidget, part: QWidget) -> list[QScrollArea]:
    """The area around or in these tabs of which a part is out of sight, the outermost."""
    around = [area for area in part.findChildren(QScrollArea) if area.isAncestorOf(tabs)]
    inside = [area for area in tabs.findChildren(QScrollArea) if area.isVisible()]
    hidden = [area for area in (*around, *inside) if _is_beyond(area)]
    return hidden[:1]


def _is_beyond(area: QScrollArea) -> bool:
    bars = (area.verticalScrollBar(), area.horizontalScrollBar())
    return any(bar is not None and bar.maximum() > 0 for bar in bars)


def _save_whole(area: QScrollArea, path: Path) -> int:
    """Everything in it, also what one must scroll to; nothing where all is in sight."""
    inner = area.widget()
    if inner is None or not _is_beyond(area):
        return 0
    picture = QPixmap(inner.size())
    picture.fill(inner.palette().window().color())  # it is clear, and what lies behind it is not taken
    inner.render(picture)
    picture.save(str(path))
    return 1


def _save(widget: QWidget, path: Path) -> int:
    widget.grab().save(str(path))
    return 1
