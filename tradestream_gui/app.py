"""The Qt application: event loop, window first, core after the first paint, and one orderly way to stop."""

import asyncio
import gc
import importlib
import logging
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import QApplication

from tradestream_gui.cli import EXIT_ALREADY_RUNNING, EXIT_FAILURE, EXIT_OK, Launch
from tradestream_gui.domain.errors import BadRecord, BrokerUnreachable, ConfigInvalid, StoreFailed, StoreTooNew
from tradestream_gui.instance import instance_lock
from tradestream_gui.last_words import LastWords
from tradestream_gui.logs import ProgramLog
from tradestream_gui.paths import Paths, bundled_root, resource_path
from tradestream_gui.ui.shell.application import make_application
from tradestream_gui.ui.shell.event_loop import make_event_loop
from tradestream_gui.ui.shell.excepthook import CrashHook
from tradestream_gui.ui.shell.lag_meter import QUICK_BEAT_MS
from tradestream_gui.ui.shell.layout_store import LayoutStore
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.paint_watch import PaintWatch
from tradestream_gui.ui.shell.parts import DOCKS, TABS
from tradestream_gui.upkeep.instance_lock import ALREADY_RUNNING, InstanceLock

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.startup import Opened
    from tradestream_gui.ui.shell.alert_strip_keeper import AlertStripKeeper
    from tradestream_gui.ui.shell.column_keeper import ColumnKeeper
    from tradestream_gui.ui.shell.mode_keeper import ModeKeeper
    from tradestream_gui.ui.shell.part_keeper import PartKeeper
    from tradestream_gui.ui.shell.signal_hub import SignalHub
    from tradestream_gui.ui.shell.tray import Tray
    from tradestream_gui.ui.shell.window_actions import WindowActions
    from tradestream_gui.ui.shell.window_settings import WindowSettings

SWITCH_INTERVAL_S = 0.001
"""While modules load in a thread the window gets its turn this often."""
MODULES_OF_PART = {
    "watchlist": ("tradestream_gui.ui.docks.watchlist.dock",),
    "chart": ("tradestream_gui.ui.charts.chart_view", "tradestream_gui.ui.docks.chart.dock"),
    "ladder": ("tradestream_gui.ui.docks.ladder.dock",),
    "log": ("tradestream_gui.ui.docks.log.dock",),
    "portfolio": ("tradestream_gui.ui.tabs.portfolio.tab",),
    "messages": ("tradestream_gui.ui.tabs.messages.tab",),
    "order_entry": ("tradestream_gui.ui.tabs.order_entry.tab",),
    "analytics": ("tradestream_gui.ui.charts.curve_plots", "tradestream_gui.ui.tabs.analytics.tab"),
    "config": ("tradestream_gui.ui.tabs.config",),
}
"""What loads in a thread before a tab or dock is made."""
MODULES_OF_WINDOW = (
    "tradestream_gui.ui.shell.signal_hub",
    "tradestream_gui.ui.shell.window_actions",
    "tradestream_gui.ui.shell.window_settings",
    "tradestream_gui.ui.shell.alert_strip_keeper",
    "tradestream_gui.ui.shell.tray",
    "tradestream_gui.ui.shell.column_keeper",
    "tradestream_gui.ui.shell.part_keeper",
    "tradestream_gui.ui.shell.mode_keeper",
)
"""What loads in a thread before the window is given the core; none is needed to paint it."""
FIRST_SIZE, FRAME = QSize(1600, 960), QSize(16, 48)
"""The window at the first start, and about what the desktop draws around it."""
STOP_TIMEOUT_S = 10.0
PAUSE_BETWEEN_STEPS_S = 0.002
STARTUP_ERRORS = (ConfigInvalid, StoreFailed, StoreTooNew, BadRecord, BrokerUnreachable)
GC_THRESHOLDS = (50_000, 20, 100)

_log = logging.getLogger(__name__)


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class StartMoments:
    """Called once each: the window has been painted; the tab in sight shows the running core; every part does. Or the
    profile did not open and the window says why."""

    painted: Callable[[], None] = _nothing
    usable: Callable[[], None] = _nothing
    ready: Callable[[], None] = _nothing
    failed: Callable[[], None] = _nothing


def run_window(launch: Launch, moments: StartMoments = StartMoments()) -> int:
    """Opens the window of the profile and answers the exit code when it is closed. Garbage collection is off until
    every part stands (`cli.load_window`), so that none holds up a frame; what is loaded by then is frozen."""
    started = monotonic()
    paths = Paths.for_profile(launch.profile, data_dir=launch.data_dir)
    paths.create()
    if launch.offscreen_report is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_application(resource_path("app/tradestream-64.png"))
    last_words = LastWords()
    last_words.install()
    hook = CrashHook()
    hook.install()
    loop = make_event_loop(app)
    asyncio.set_event_loop(loop)
    hook.watch_loop(loop)
    lock = instance_lock(paths)
    try:
        if not lock.acquire():
            loop.run_until_complete(lock.ask_to_raise())
            print(ALREADY_RUNNING, file=sys.stderr)
            return EXIT_ALREADY_RUNNING
        log = ProgramLog(paths.logs_dir, launch.log_level)
        last_words.clean = log.redactor.clean
        try:
            session = WindowSession(app, launch, paths, hook, lock, started, moments, log)
            return loop.run_until_complete(session.run())
        finally:
            log.close()
    finally:
        gc.enable()
        loop.close()
        hook.uninstall()


def settle_memory() -> None:
    """What the start has left behind goes; what it made is looked at by no later collection, which then costs what is
    new alone."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    gc.enable()


class WindowSession:
    """One life of the window: shown, filled, used, closed. `run` answers the exit code."""

    def __init__(
        self,
        app: QApplication,
        launch: Launch,
        paths: Paths,
        hook: CrashHook,
        lock: InstanceLock,
        started: float,
        moments: StartMoments = StartMoments(),
        log: ProgramLog | None = None,
    ) -> None:
        self._launch = launch
        self._paths = paths
        self._hook = hook
        self._lock = lock
        self._log = log
        self._started = started
        self._moments = moments
        self._layouts = LayoutStore(paths.layouts_dir)
        saved = self._layouts.look()
        self.look = Look(
            app,
            themes_dir=bundled_root("themes"),
            resources_dir=bundled_root("resources"),
            theme=launch.theme or saved.theme,
        )
        saved.show_on(self.look, theme=self.look.choice)
        self.window = MainWindow(self.look, TABS, DOCKS)
        self.first_paint_ms: float | None = None
        self.start_stall_ms: float | None = None
        self._stop = asyncio.Event()
        self._paint_watch = PaintWatch(self.window, self._on_first_paint)
        self._opened: Opened | None = None
        self._hub: SignalHub | None = None
        self._actions: WindowActions | None = None
        self._manners: WindowSettings | None = None
        self._strip: AlertStripKeeper | None = None
        self._tray: Tray | None = None
        self._mode: ModeKeeper | None = None
        self._keepers: tuple[ColumnKeeper | PartKeeper, ...] = ()

    @property
    def core(self) -> "Core | None":
        """The open profile's core; None until it is open."""
        return self._opened.running.core if self._opened is not None else None

    async def run(self) -> int:
        self._restore_layout()
        self._listen_to_signals()
        self.window.closing.connect(self._on_closing)
        self.window.show()
        self.window.setFocus()
        await self._paint_watch.painted.wait()
        self.window.lag.start(QUICK_BEAT_MS)
        try:
            opened = await self._open()
        except STARTUP_ERRORS as error:
            return await self._show_failure(str(error))
        try:
            return await self._live(opened)
        finally:
            await self._close(opened)

    async def _open(self) -> "Opened":
        """Loads the core's modules in a thread while the window already answers, then opens the profile."""
        from tradestream_gui.arenas import share_one_heap

        share_one_heap()  # before the first thread
        await _load("tradestream_gui.startup", *MODULES_OF_WINDOW)
        gc.freeze()  # modules stay: the collection that ends the start would stall the window over them
        startup = importlib.import_module("tradestream_gui.startup")
        await asyncio.to_thread(startup.clear_demo, self._launch, self._paths)
        opened: Opened = await startup.open_profile(self._launch, self._paths, self._log)
        return opened

    async def _live(self, opened: "Opened") -> int:
        from tradestream_gui.relaunch import open_demo
        from tradestream_gui.ui.shell.alert_strip_keeper import AlertStripKeeper
        from tradestream_gui.ui.shell.mode_keeper import ModeKeeper
        from tradestream_gui.ui.shell.signal_hub import SignalHub
        from tradestream_gui.ui.shell.tray import Tray
        from tradestream_gui.ui.shell.tray_icon import TrayIcon
        from tradestream_gui.ui.shell.window_actions import WindowActions
        from tradestream_gui.ui.shell.window_settings import WindowSettings
        from tradestream_gui.upkeep.health_probes import lag_probe

        core = opened.running.core
        self._opened = opened
        self.window.contents.make_by(self._make_later)
        self._hook.listen(opened.running.outside.failsafe.trip)
        self._hub = SignalHub(core.bus, self.window)
        await opened.start()
        self.window.attach(core, self._hub)
        core.health.add(lag_probe(partial(self.window.lag.percentile, 0.99)))
        is_safe, is_demo = self._launch.safe_mode, self._launch.demo
        self._keep_parts(fresh=self._launch.reset_layout or is_safe)
        self._actions = WindowActions(self.window, self.look, core, self._hub, self._layouts)
        self._actions.demo_wanted.connect(partial(open_demo, core.bus, core.clock, self._launch.data_dir))
        icon = TrayIcon(self.window.windowIcon())
        self._manners = WindowSettings(self.window, core, self._hub, icon)
        self._tray = Tray(self.window, self.look, core, self._hub, self._actions, icon)
        self._strip = AlertStripKeeper(self.look, core, self._hub, self.window.arming, self.window)
        self._strip.undoable.connect(self._actions.ways.offer_undo)
        self._actions.keys.bind("alert_strip", self._strip.take_focus)
        self._actions.welcome()
        self._actions.show_return()
        if is_safe:
            self._actions.tell_safe_mode()
        self._mode = ModeKeeper(self.window.band, core, self._hub, is_demo=is_demo, is_safe=is_safe)
        await self._lock.open_door(self.window.bring_back)
        driver = asyncio.create_task(opened.drive(), name="virtual time")
        try:
            await self._make_parts()
            settle_memory()
            self.start_stall_ms = self.window.lag.percentile(1.0)
            self.window.lag.start()
            self._moments.ready()
            if self._launch.offscreen_report is not None:
                return await self._report(opened, driver)
            await self._wait_for_stop(driver)
            return EXIT_OK
        finally:
            driver.cancel()
            await asyncio.gather(driver, return_exceptions=True)

    def _keep_parts(self, *, fresh: bool) -> None:
        """What each part was left like by the last run, given back to it as soon as it is made."""
        from tradestream_gui.ui.shell.column_keeper import ColumnKeeper
        from tradestream_gui.ui.shell.part_keeper import PartKeeper

        columns = ColumnKeeper(self.look, self._layouts, self.window)
        self._keepers = (columns, PartKeeper(self._layouts, self.window, fresh=fresh))
        for keeper in self._keepers:
            self.window.part_made.connect(keeper.take)
            for part in self.window.parts().values():
                keeper.take(part)

    async def _make_parts(self) -> None:
        """Makes the tabs and docks, the one in sight first and in small steps: the window answers between them."""
        for number, key in enumerate(self.window.unmade()):
            await self._make_part(key)
            if number == 0:
                self._moments.usable()

    def _make_later(self, key: str) -> None:
        """A tab that is looked at for the first time: the window answers while it is made."""
        assert self.core is not None, "the profile is open"
        self.core.tasks.spawn(self._make_part(key), f"make {key}")

    async def _make_part(self, key: str) -> None:
        await _load(*MODULES_OF_PART[key])
        for step in (self.window.contents.make, self.window.contents.join, self.window.contents.part):
            step(key)
            await asyncio.sleep(PAUSE_BETWEEN_STEPS_S)

    async def _report(self, opened: "Opened", driver: "asyncio.Task[None]") -> int:
        from tradestream_gui.ui.shell.offscreen_report import OffscreenReport

        report = OffscreenReport(self.window, self.look, opened.running.core, self.window.lag)
        figures = {"first_paint_ms": self.first_paint_ms, "start_stall_ms": self.start_stall_ms}
        report.note_start(figures, seed=self._launch.seed, speed=self._launch.speed)
        await asyncio.wait({driver}, timeout=self._launch.seconds)
        assert self._launch.offscreen_report is not None
        await report.write(self._launch.offscreen_report)
        return EXIT_OK

    async def _wait_for_stop(self, driver: "asyncio.Task[None]") -> None:
        stop = asyncio.create_task(self._stop.wait(), name="stop")
        try:
            await asyncio.wait({stop}, timeout=self._launch.seconds)
            if driver.done() and not driver.cancelled() and driver.exception() is not None:
                _log.error("virtual time stopped", exc_info=driver.exception())
        finally:
            stop.cancel()

    async def _close(self, opened: "Opened") -> None:
        self._save_layout()
        self._hook.forget_listeners()
        if self._manners is not None:
            self._manners.close()
        for keeper in (self._strip, self._tray):
            if keeper is not None:
                keeper.close()
        if self._hub is not None:
            self._hub.detach()
        try:
            await asyncio.wait_for(opened.close(), STOP_TIMEOUT_S)
        except TimeoutError:
            _log.error("closing took longer than %s s", STOP_TIMEOUT_S)
        await self._lock.close()
        self.window.hide()
        self.window.deleteLater()

    async def _show_failure(self, words: str) -> int:
        """The profile did not open: the window says why and what now, and waits to be closed."""
        _log.error("the profile did not open: %s", words)
        self.window.show_failure(words)
        self._moments.failed()
        if self._launch.offscreen_report is None:
            await self._stop.wait()
        await self._lock.close()
        self.window.hide()
        self.window.deleteLater()
        return EXIT_FAILURE

    def _on_first_paint(self) -> None:
        self.first_paint_ms = (monotonic() - self._started) * 1000
        self._moments.painted()

    def _on_closing(self) -> None:
        """Without a core there is nothing to ask about; in a report nobody answers."""
        if self._manners is None or self._launch.offscreen_report is not None:
            self._ask_to_stop()
        else:
            self._manners.leave(self._ask_to_stop)

    def _ask_to_stop(self) -> None:
        self._stop.set()

    def _listen_to_signals(self) -> None:
        """A log-out or a Ctrl+C closes the window in order, as a click does; Windows has no such signals for a loop."""
        if sys.platform != "win32":
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self._ask_to_stop)

    def _restore_layout(self) -> None:
        screen = self.window.screen()
        room = screen.availableSize() - FRAME if screen is not None else FIRST_SIZE
        self.window.resize(FIRST_SIZE.boundedTo(room))
        stored = None if self._launch.reset_layout or self._launch.safe_mode else self._layouts.layout()
        if stored is None or not self.window.restore_layout(*stored):
            self._layouts.forget()
            self.window.default_layout()

    def _save_layout(self) -> None:
        if self._launch.offscreen_report is None:
            self._layouts.save_layout(*self.window.layout_state())
            for keeper in self._keepers:
                keeper.save()


async def _load(*names: str) -> None:
    """Imports the modules in a thread, with the window getting its turn often."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    try:
        for name in names:
            await asyncio.to_thread(importlib.import_module, name)
    finally:
        sys.setswitchinterval(before)
