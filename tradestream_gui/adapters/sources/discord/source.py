"""A bot as an alert source: keeps it logged in, and says in words what hinders it (standard library only)."""

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module

from tradestream_gui.adapters.sources.discord.memory import Memory
from tradestream_gui.adapters.sources.discord.setup import SOURCE, BotSetup, LinkLost, Timing, TokenRefused
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.source import AlertSink


class DiscordSource:
    """`token` gives the bot's token and what to say without one: (token, "") or ("", why there is none)."""

    def __init__(
        self,
        setup: BotSetup,
        token: Callable[[], Awaitable[tuple[str, str]]],
        *,
        clock: Clock,
        tasks: Tasks,
        timing: Timing | None = None,
    ) -> None:
        self._setup = setup
        self._token = token
        self._clock = clock
        self._tasks = tasks
        self._timing = timing or Timing()
        self._memory = Memory()
        self._sink: AlertSink | None = None
        self._end_log_in: Callable[[], None] | None = None
        self._is_out = asyncio.Event()
        self._told: dict[str, tuple[LinkState, str]] = {}

    @property
    def name(self) -> str:
        return f"{SOURCE} {self._setup.name}"

    async def connect(self, sink: AlertSink) -> None:
        """Returns at once: whatever Discord does, nobody waits for it."""
        self._sink = sink
        self._tasks.spawn(self._keep_logged_in(), f"keep {self.name} logged in")

    async def close(self) -> None:
        self._sink = None
        if self._end_log_in is not None:
            self._end_log_in()
            await self._is_out.wait()

    async def _keep_logged_in(self) -> None:
        refused, wait_s = "", self._timing.retry_s
        while self._sink is not None:
            token, why = await self._token()
            if not token:
                self._tell("", LinkState.OFF, why)
                await self._clock.sleep(self._timing.ask_s)
                continue
            if token == refused:
                await self._clock.sleep(self._timing.ask_s)
                continue
            began = self._clock.monotonic()
            try:
                await self._log_in(token)
            except TokenRefused as error:
                refused = token
                self._tell("", LinkState.AUTH_FAILED, str(error))
            except LinkLost as error:
                if self._clock.monotonic() - began > self._timing.steady_s:
                    wait_s = self._timing.retry_s
                if not error.had_session:
                    wait_s = min(wait_s, self._timing.retry_unreached_s)
                self._tell("", LinkState.DOWN, f"{error}; it is tried again in {wait_s:.0f} s")
                await self._clock.sleep(wait_s)
                wait_s = min(wait_s * 2, self._timing.retry_most_s)

    async def _log_in(self, token: str) -> None:
        if not self._told:
            self._tell("", LinkState.CONNECTING, "logging in")
        await asyncio.to_thread(import_module, "tradestream_gui.adapters.sources.discord.log_in")
        from tradestream_gui.adapters.sources.discord.log_in import LogIn

        if self._sink is None:
            return
        log_in = LogIn(
            self._setup,
            self._sink,
            self._tell,
            clock=self._clock,
            tasks=self._tasks,
            timing=self._timing,
            memory=self._memory,
        )
        self._end_log_in = log_in.end
        self._is_out.clear()
        try:
            await log_in.run(token)
        finally:
            self._end_log_in = None
            self._is_out.set()

    def _tell(self, channel: str, state: LinkState, detail: str) -> None:
        """Of the bot, or of one channel of its; the same is told once."""
        if self._sink is None or self._told.get(channel) == (state, detail):
            return
        self._told[channel] = (state, detail)
        self._sink.on_source_link(f"{self.name} {channel}".rstrip(), state, detail)
