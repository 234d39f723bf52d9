"""Posting JSON to a service on the web, with every failure in words and no secret in any of them."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from tradestream_gui.ports.notify import NotDelivered

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 15.0
MOST_WAIT_S = 3600.0
MAX_ANSWER = 64 * 1024
TOO_MANY, SERVER_SIDE = 429, 500


class WebPoster:
    """Holds one client, made beside the loop at its first use. `service` is the name that the words bear."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._client: httpx.AsyncClient | None = None

    async def post(self, url: str, fields: dict[str, Any], secret: str) -> None:
        """Raises NotDelivered; `secret` is what no word may hold. Redirects are not followed."""
        import httpx

        if self._client is None:
            self._client = await asyncio.to_thread(_make_client)
        client: httpx.AsyncClient = self._client
        try:
            answer = await client.post(url, json=fields)
        except httpx.TimeoutException as error:
            raise NotDelivered(f"{self._service} did not answer within {TIMEOUT_S:.0f} s") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            words = str(error).replace(secret, "…") or type(error).__name__
            raise NotDelivered(f"{self._service} cannot be reached: {words}") from error
        if not answer.is_success:
            raise self._refused(answer.status_code, answer.headers.get("Retry-After", ""), answer.content, secret)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _refused(self, status: int, header: str, body: bytes, secret: str) -> NotDelivered:
        told = _fields(body[:MAX_ANSWER])
        said = str(told.get("message") or told.get("description") or "").replace(secret, "…")[:200]
        words = f"{self._service} answered {status}{f': {said}' if said else ''}"
        if status == TOO_MANY:
            return NotDelivered(words, retry_after_s=_wait_s(told, header))
        return NotDelivered(words, is_final=status < SERVER_SIDE)


def _make_client() -> httpx.AsyncClient:
    import httpx

    return httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False)


def _fields(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _wait_s(told: dict[str, Any], header: str) -> float:
    """Discord says it in the body or the header, Telegram under `parameters`; without a word a minute is waited."""
    parameters = told.get("parameters")
    inner = parameters.get("retry_after") if isinstance(parameters, dict) else None
    for value in (told.get("retry_after"), inner, header):
        try:
            seconds = float(value) if value not in (None, "") else -1.0
        except (TypeError, ValueError):
            continue
        if 0 <= seconds <= MOST_WAIT_S:
            return seconds
    return 60.0
