"""Times the calls of a connection check and tells each, its raw answer rid of secrets."""

import re
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any

from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.ports.connection_check import CheckStep, Tell

RAW_MOST = 4_000
"""Characters of one raw answer that are shown."""
HIDDEN = "(hidden)"
_TOKENS = re.compile(r"[A-Za-z0-9_-]{12,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{12,}")
"""Web tokens and bots' tokens: three parts with dots."""


class CheckSteps:
    """`fails` are the exceptions that a service's library raises; their words are shown as they are."""

    def __init__(self, tell: Tell, *, secrets: tuple[str, ...], fails: tuple[type[Exception], ...]) -> None:
        self._tell = tell
        self._secrets = tuple(secret for secret in secrets if secret)
        self._fails: tuple[type[Exception], ...] = (BrokerUnreachable, BrokerRejected, *fails)
        self.is_good = True

    async def step(
        self, name: str, ask: Callable[[], Awaitable[Any]], say: Callable[[Any], tuple[bool, str]]
    ) -> Any:
        """What `ask` answered, None when it failed; `say` gives from the answer whether it is good, and the words."""
        began_s = perf_counter()
        try:
            answer = await ask()
        except self._fails as error:
            self._told(name, False, str(error) or repr(error), began_s, repr(error))
            return None
        is_good, words = say(answer)
        self._told(name, is_good, words, began_s, answer if isinstance(answer, str) else _shown(answer))
        return answer

    def hidden(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _TOKENS.sub(HIDDEN, text)

    def _told(self, name: str, is_good: bool, words: str, began_s: float, raw: str) -> None:
        self.is_good = self.is_good and is_good
        raw = self.hidden(raw)
        if len(raw) > RAW_MOST:
            raw = f"{raw[:RAW_MOST]}\n… {len(raw) - RAW_MOST} characters more"
        self._tell(CheckStep(name, is_good, self.hidden(words), (perf_counter() - began_s) * 1000, raw))


def _shown(answer: Any) -> str:
    return "\n".join(str(row) for row in answer) if isinstance(answer, list | tuple) else str(answer)
