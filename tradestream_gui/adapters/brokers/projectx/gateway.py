"""The REST side: one log-in with its token, requests with their pace, and which outcomes are certain."""

import asyncio
import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from tradestream_gui.adapters.brokers.projectx import causes
from tradestream_gui.adapters.brokers.projectx.pace import NoRoom, Pace
from tradestream_gui.adapters.brokers.projectx.setup import Credentials, Endpoints, Timing
from tradestream_gui.adapters.brokers.projectx.token import lifetime_s
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.ports.clock import Clock, Tasks

CLOCK_TOLERANCE = timedelta(seconds=2)
"""The gateway tells its time in whole seconds: smaller differences say nothing."""
KEPT_ALIVE_S = 20.0
"""Longer than the pause between two comparisons, so that an order finds an open connection."""
REQUESTS_A_MINUTE, BARS_A_HALF_MINUTE = 190, 45
"""A little below what the gateway allows, 200 and 50; a third of the former is kept for exits."""
BARS = "History/retrieveBars"
LIMIT_WORDS = "the 200 requests a minute that TopstepX allows are used up; nothing was sent, try again in a moment"
_log = logging.getLogger(__name__)


class LogInRefused(BrokerUnreachable):
    """Nobody gets in with these credentials: only the user can change that."""


class Refused(Exception):
    """The gateway answered a request with an error code: nothing of it stands there."""

    def __init__(self, call: str, code: int, words: str | None) -> None:
        super().__init__(causes.refused(call, code, words) or f"TopstepX refused {call}: {words or 'code'} ({code})")
        self.code = code


class Gateway:
    """Shared by the broker and the feed. Reads are repeated, orders never are."""

    def __init__(
        self,
        endpoints: Endpoints,
        credentials: Credentials,
        *,
        clock: Clock,
        tasks: Tasks,
        timing: Timing,
        requests_a_minute: int = REQUESTS_A_MINUTE,
    ) -> None:
        self.endpoints = endpoints
        self.timing = timing
        self.clock_offset = timedelta(0)
        """The gateway's clock minus ours."""
        self._credentials = credentials
        self._clock = clock
        self._tasks = tasks
        self._client: httpx.AsyncClient | None = None
        self._token = ""
        self._logging_in = asyncio.Lock()
        self._refused: tuple[tuple[str, str], float, str] | None = None
        self._general = Pace(clock, requests_a_minute, 60.0, kept=requests_a_minute // 3)
        self._bars = Pace(clock, BARS_A_HALF_MINUTE, 30.0)

    # -- the token -----------------------------------------------------------------------------------------

    async def log_in(self, *, instead_of: str | None = None) -> str:
        """The token, got anew where there is none or where it is the refused one `instead_of`. Raises LogInRefused
        or BrokerUnreachable."""
        async with self._logging_in:
            if self._token and self._token != instead_of:
                return self._token
            self._token = ""
            user, key, problem = await self._credentials()
            if problem:
                raise LogInRefused(problem)
            self._mind_refusal(user, key)
            response = await self._post("Auth/loginKey", {"userName": user, "apiKey": key}, token="")
            answer = self._json("Auth/loginKey", response)
            code, token = answer.get("errorCode"), answer.get("token")
            if answer.get("success") is not True or not isinstance(token, str) or not token:
                words = causes.log_in_refused(code if isinstance(code, int) else -1, answer.get("errorMessage"))
                self._refused = (user, key), self._clock.monotonic(), words
                raise LogInRefused(words)
            self._refused = None
            self._take_token(token)
            return token

    async def close(self) -> None:
        """Ends every connection; the token is forgotten."""
        client, self._client, self._token = self._client, None, ""
        if client is not None:
            await client.aclose()

    # -- requests ------------------------------------------------------------------------------------------

    async def read(self, call: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Asks, again where that helps. Raises Refused or BrokerUnreachable."""
        words = ""
        for pause_s in (*self.timing.backoff_s, None):
            await self._room(call)
            token = await self.log_in()
            response = await self._post(call, body, token=token)
            if response.status_code == httpx.codes.UNAUTHORIZED:
                await self.log_in(instead_of=token)
                continue
            if response.status_code < 500 and response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return self._answer(call, response)
            words = f"it answers {call} with {response.status_code} {response.reason_phrase}"
            if pause_s is not None:
                await self._clock.sleep(pause_s)
        raise BrokerUnreachable(causes.unreached(self.endpoints.api, words or "it refuses its own tokens"))

    async def command(self, call: str, body: Mapping[str, Any], *, urgent: bool, once: bool) -> Mapping[str, Any]:
        """Has something done. With `once` it is sent a single time whatever comes back; else, as a cancel may be, it
        is repeated while the gateway says that it looked at nothing. Raises BrokerRejected when certainly nothing of
        it stands, BrokerUnreachable when nobody knows."""
        await self._command_room(urgent=urgent)
        token = await self.log_in()
        response = await self._post(call, body, token=token)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            token = await self.log_in(instead_of=token)
            if once:
                raise BrokerRejected("TopstepX had ended the session and took nothing; logged in again, send it again")
            response = await self._post(call, body, token=token)
        for pause_s in () if once else self.timing.backoff_s:
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            await self._clock.sleep(pause_s)
            response = await self._post(call, body, token=token)
        if response.status_code == httpx.codes.BAD_REQUEST:
            raise BrokerRejected(f"TopstepX did not understand the request: {_problem(response)}")
        try:
            return self._answer(call, response)
        except Refused as error:
            if causes.refused(call, error.code, None):
                raise BrokerRejected(str(error)) from error
            raise BrokerUnreachable(f"TopstepX answered {call} with code {error.code}: its outcome is open") from error

    # -- inside --------------------------------------------------------------------------------------------

    async def _post(self, call: str, body: Mapping[str, Any], *, token: str) -> httpx.Response:
        if self._client is None:
            limits = httpx.Limits(keepalive_expiry=KEPT_ALIVE_S)
            self._client = httpx.AsyncClient(timeout=self.timing.answer_s, limits=limits, trust_env=False)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with asyncio.timeout(self.timing.answer_s):
                response = await self._client.post(f"{self.endpoints.api}/api/{call}", json=body, headers=headers)
        except (httpx.TimeoutException, TimeoutError) as error:
            words = f"no answer to {call} within {self.timing.answer_s:g} s"
            raise BrokerUnreachable(causes.unreached(self.endpoints.api, words)) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            words = f"{error}" or type(error).__name__
            raise BrokerUnreachable(causes.unreached(self.endpoints.api, words)) from error
        self._measure_clock(response)
        return response

    def _answer(self, call: str, response: httpx.Response) -> Mapping[str, Any]:
        answer = self._json(call, response)
        code = answer.get("errorCode")
        if answer.get("success") is True and code in (0, None):
            return answer
        words = answer.get("errorMessage")
        raise Refused(call, code if isinstance(code, int) else -1, words if isinstance(words, str) else None)

    def _json(self, call: str, response: httpx.Response) -> Mapping[str, Any]:
        if response.status_code != httpx.codes.OK:
            words = f"it answers {call} with {response.status_code} {response.reason_phrase}"
            raise BrokerUnreachable(causes.unreached(self.endpoints.api, words))
        try:
            answer = json.loads(response.content, parse_float=Decimal)
        except ValueError as error:
            words = f"its answer to {call} is no JSON"
            raise BrokerUnreachable(causes.unreached(self.endpoints.api, words)) from error
        if not isinstance(answer, dict):
            raise BrokerUnreachable(causes.unreached(self.endpoints.api, f"its answer to {call} is no object"))
        return answer

    async def _room(self, call: str) -> None:
        try:
            await (self._bars if call == BARS else self._general).wait(urgent=False)
        except NoRoom as error:
            raise BrokerUnreachable(f"{call}: {LIMIT_WORDS}") from error

    async def _command_room(self, *, urgent: bool) -> None:
        """Entries do not wait, since they would come late; exits wait for the room that is kept for them."""
        if self._general.take(urgent=urgent):
            return
        if not urgent:
            raise BrokerRejected(LIMIT_WORDS)
        try:
            await self._general.wait(urgent=True)
        except NoRoom as error:
            raise BrokerRejected(LIMIT_WORDS) from error

    def _mind_refusal(self, user: str, key: str) -> None:
        if self._refused is None:
            return
        refused, at_s, words = self._refused
        if refused == (user, key) and self._clock.monotonic() - at_s < self.timing.refused_pause_s:
            raise LogInRefused(words)

    def _take_token(self, token: str) -> None:
        self._token = token
        self._clock.call_later(lifetime_s(token) * self.timing.renew_share, lambda: self._renew_later(token))

    def _renew_later(self, token: str) -> None:
        if self._token == token:
            self._tasks.spawn(self._renew(token), "renew the TopstepX session")

    async def _renew(self, token: str) -> None:
        """A new token for the running session, while nothing else is sent with the old one; where that fails, a
        log-in."""
        try:
            async with self._logging_in:
                answer = self._json("Auth/validate", await self._post("Auth/validate", {}, token=token))
                fresh = answer.get("newToken")
                if answer.get("success") is True and isinstance(fresh, str) and fresh:
                    if self._token == token:
                        self._take_token(fresh)
                    return
            await self.log_in(instead_of=token)
        except BrokerUnreachable as error:
            _log.warning("the TopstepX session was not renewed, the next request logs in: %s", error)
            if self._token == token:
                self._token = ""

    def _measure_clock(self, response: httpx.Response) -> None:
        try:
            theirs = parsedate_to_datetime(response.headers["Date"])
        except (KeyError, ValueError, TypeError):
            return
        if theirs.tzinfo is not None:
            offset = theirs - self._clock.now()
            self.clock_offset = offset if abs(offset) > CLOCK_TOLERANCE else timedelta(0)


def _problem(response: httpx.Response) -> str:
    """The fields that ASP.NET complains about."""
    try:
        errors = json.loads(response.content).get("errors", {})
        return "; ".join(str(words) for name in errors for words in errors[name]) or "no reason told"
    except (ValueError, AttributeError, TypeError):
        return "no reason told"
