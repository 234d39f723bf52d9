"""Hears of every exception that nobody caught: logs it, halts trading, shows it; the process goes on."""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from PyQt6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

Listener = Callable[[str], None]

_log = logging.getLogger("tradestream.crash")
_qt_log = logging.getLogger("tradestream.qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class CrashHook:
    """Installed before anything else: without it an exception in a slot aborts the whole process."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._before = sys.excepthook, threading.excepthook
        self.count = 0

    def install(self) -> None:
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(self._on_qt_message)

    def uninstall(self) -> None:
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(None)

    def watch_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.set_exception_handler(self._on_loop_exception)

    def listen(self, listener: Listener) -> None:
        """Calls back with one line of words for each crash; a listener that fails itself is only logged."""
        self._listeners.append(listener)

    def forget_listeners(self) -> None:
        """From here on crashes are only logged: those who listened are closing."""
        self._listeners.clear()

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.critical("unhandled exception", exc_info=(kind, error, trace))
        self._tell(f"{kind.__name__}: {error}")

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        _log.critical("unhandled exception in a thread", exc_info=args.exc_value)
        self._tell(f"{args.exc_type.__name__}: {args.exc_value}")

    def _on_loop_exception(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        _log.critical("%s", context.get("message", "event loop error"), exc_info=error)
        self._tell(f"{type(error).__name__}: {error}" if error else str(context.get("message")))

    def _on_qt_message(self, kind: QtMsgType, where: QMessageLogContext, text: str | None) -> None:
        _qt_log.log(_LEVELS.get(kind, logging.INFO), "%s", text)

    def _tell(self, words: str) -> None:
        self.count += 1
        for listener in self._listeners:
            try:
                listener(words)
            except Exception:
                _log.exception("a crash listener failed")
