"""The one way to start a task: kept until it ends, its error reported, nothing collected unseen."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

_log = logging.getLogger(__name__)


class LoopTasks:
    """Tasks on the running loop; `on_failure(name, error)` hears of each one that ends by an exception."""

    def __init__(self, on_failure: Callable[[str, BaseException], None]) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._on_failure = on_failure
        self._closing = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(task.get_name() for task in self._running))

    def spawn(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        """Starts it on the running loop; after `close` nothing starts any more."""
        if self._closing:
            coroutine.close()
            return
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._running.add(task)
        task.add_done_callback(self._finished)

    async def close(self) -> None:
        self._closing = True
        tasks = tuple(self._running)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            _log.error("task %s failed", task.get_name(), exc_info=error)
            self._on_failure(task.get_name(), error)
