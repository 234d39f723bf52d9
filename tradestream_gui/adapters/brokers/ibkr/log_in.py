"""Logging in to TWS, with the cause of a refusal instead of the library's silence."""

import asyncio
from dataclasses import dataclass
from typing import Any

from tradestream_gui.adapters.brokers.ibkr import causes


@dataclass(frozen=True, slots=True)
class Endpoint:
    host: str
    port: int
    client_id: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


async def log_in(client: Any, endpoint: Endpoint, timeout_s: float, refusal: "asyncio.Future[str]") -> str:
    """Empty when logged in, else why not. The library alone would wait for its whole timeout when TWS refuses the
    client id or hangs up: whoever hears of that sets `refusal`."""

    def on_api_error(words: str) -> None:
        if not refusal.done():
            refusal.set_result(causes.closed_at_log_in(str(endpoint), endpoint.client_id))

    client.apiError += on_api_error
    entering = asyncio.ensure_future(client.connectAsync(endpoint.host, endpoint.port, endpoint.client_id, timeout_s))
    try:
        await asyncio.wait({entering, refusal}, return_when=asyncio.FIRST_COMPLETED)
        if not entering.done():
            entering.cancel()
            await asyncio.wait({entering})
    finally:
        client.apiError -= on_api_error
        entering.cancel()
    if not entering.cancelled():
        error = entering.exception()
        if error is None:
            return ""
        if isinstance(error, OSError | TimeoutError) and not isinstance(error, ConnectionResetError):
            return causes.not_listening(str(endpoint), endpoint.port, error)
    return refusal.result() if refusal.done() else causes.closed_at_log_in(str(endpoint), endpoint.client_id)
