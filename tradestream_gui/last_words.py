"""What Python itself says of an exception that nobody caught: masked, since an error's text may quote a secret."""

import importlib.util
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TextIO


class LastWords:
    """Speaks in Python's place until the process ends: the worst errors come when the log is closed already.

    `clean` is the log's mask once there is a log; before that no secret has been read.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self.clean: Callable[[str], str] = str
        self._stream = stream

    def install(self) -> None:
        sys.excepthook = self._on_exception
        threading.excepthook = lambda told: self._say(f"In {_name(told.thread)}", told.exc_value)
        sys.unraisablehook = lambda told: self._say(told.err_msg or "Exception ignored", told.exc_value)
        handler = logging.StreamHandler(self._stream)
        handler.setLevel(logging.WARNING)
        handler.setFormatter(_Masked(self))
        logging.lastResort = handler
        _leave_no_image_of_memory()

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._say("", error)

    def _say(self, where: str, error: BaseException | None) -> None:
        words = "".join(traceback.format_exception(error)) if error is not None else ""
        stream = self._stream or sys.stderr
        if stream is not None:  # a program without a console has none
            print("\n".join(self.clean(line) for line in f"{where}\n{words}".strip().split("\n")), file=stream)


class _Masked(logging.Formatter):
    def __init__(self, words: LastWords) -> None:
        super().__init__()
        self._words = words

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(self._words.clean(line) for line in super().format(record).split("\n"))


def _name(thread: threading.Thread | None) -> str:
    return "a thread" if thread is None else thread.name


def _leave_no_image_of_memory() -> None:
    """A core file would hold every secret that was read, in clear."""
    if importlib.util.find_spec("resource") is None:
        return  # Windows writes none unless it is told to
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
