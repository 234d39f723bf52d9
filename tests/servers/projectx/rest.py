"""The REST side: who may ask, what a request must say, and the answer in the venue's envelope."""

import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from time import monotonic
from typing import Any

from aiohttp import web

from tests.servers.projectx import calls
from tests.servers.projectx.faults import Faults
from tests.servers.projectx.tokens import Tokens
from tests.servers.projectx.venue import Venue

Body = dict[str, Any]
NUMBER, INTEGER, TEXT, FLAG, THING = (int, float), int, str, bool, dict


@dataclass(frozen=True, slots=True)
class Call:
    """One operation. `fields` are the required ones with their types; `optional` those that may be missing or null."""

    answer: Callable[[Venue, Body], Body]
    fields: dict[str, Any]
    optional: dict[str, Any]


ORDER_PRICES = {"limitPrice": NUMBER, "stopPrice": NUMBER, "trailPrice": NUMBER}
CALLS: dict[str, Call] = {
    "Account/search": Call(calls.accounts, {"onlyActiveAccounts": FLAG}, {}),
    "Contract/search": Call(calls.contracts, {"live": FLAG}, {"searchText": TEXT}),
    "Contract/available": Call(calls.available, {"live": FLAG}, {}),
    "Contract/searchById": Call(calls.contract, {"contractId": TEXT}, {}),
    "History/retrieveBars": Call(
        calls.bars,
        {"contractId": TEXT, "live": FLAG, "startTime": TEXT, "endTime": TEXT, "unit": INTEGER, "unitNumber": INTEGER,
         "limit": INTEGER, "includePartialBar": FLAG}, {},
    ),
    "Order/place": Call(
        calls.place,
        {"accountId": INTEGER, "contractId": TEXT, "type": INTEGER, "side": INTEGER, "size": INTEGER},
        {**ORDER_PRICES, "customTag": TEXT, "stopLossBracket": THING, "takeProfitBracket": THING},
    ),
    "Order/modify": Call(
        calls.modify, {"accountId": INTEGER, "orderId": INTEGER}, {"size": INTEGER, **ORDER_PRICES}
    ),
    "Order/cancel": Call(calls.cancel, {"accountId": INTEGER, "orderId": INTEGER}, {}),
    "Order/search": Call(calls.orders, {"accountId": INTEGER, "startTimestamp": TEXT}, {"endTimestamp": TEXT}),
    "Order/searchOpen": Call(calls.open_orders, {"accountId": INTEGER}, {}),
    "Position/searchOpen": Call(calls.positions, {"accountId": INTEGER}, {}),
    "Position/closeContract": Call(calls.close, {"accountId": INTEGER, "contractId": TEXT}, {}),
    "Position/partialCloseContract": Call(
        calls.partial_close, {"accountId": INTEGER, "contractId": TEXT, "size": INTEGER}, {}
    ),
    "Trade/search": Call(calls.trades, {"accountId": INTEGER}, {"startTimestamp": TEXT, "endTimestamp": TEXT}),
}  # fmt: skip
BARS = "History/retrieveBars"
ORDER_CALLS = ("Order/place", "Order/modify", "Order/cancel")


class Rest:
    """`routes` go into the server's application. `limits`: how many requests within how many seconds."""

    def __init__(self, venue: Venue, tokens: Tokens, faults: Faults, date_header: Callable[[], str]) -> None:
        self.limits = {"bars": (50, 30.0), "general": (200, 60.0)}
        self.requests: list[str] = []
        """Every operation that was asked for, in order."""
        self._venue = venue
        self._tokens = tokens
        self._faults = faults
        self._date_header = date_header
        self._served: dict[str, deque[float]] = {"bars": deque(), "general": deque()}

    def routes(self) -> list[web.RouteDef]:
        api = "/api"
        return [
            web.get(f"{api}/Status/ping", self._ping),
            web.post(f"{api}/Auth/loginKey", self._passing(self._login_key)),
            web.post(f"{api}/Auth/loginApp", self._passing(self._login_app)),
            web.post(f"{api}/Auth/validate", self._passing(self._authorized(self._validate))),
            web.post(f"{api}/Auth/logout", self._passing(self._authorized(self._logout))),
            *(web.post(f"{api}/{name}", self._passing(self._authorized(self._call(name)))) for name in CALLS),
        ]

    # -- log-in --------------------------------------------------------------------------------------------

    async def _ping(self, request: web.Request) -> web.Response:
        return web.Response(text="pong")

    async def _login_key(self, request: web.Request) -> web.Response:
        body = await _body(request, {"userName": TEXT, "apiKey": TEXT}, {})
        if isinstance(body, web.Response):
            return body
        known = self._venue.users.get(body["userName"])
        code = self._faults.login or (1 if known is None else 3 if known != body["apiKey"] else 0)
        return self._logged_in(code, body["userName"])

    async def _login_app(self, request: web.Request) -> web.Response:
        asked = dict.fromkeys(("userName", "password", "deviceId", "appId", "verifyKey"), TEXT)
        body = await _body(request, asked, {})
        if isinstance(body, web.Response):
            return body
        return self._logged_in(4, body["userName"])  # this venue has authorized no application

    def _logged_in(self, code: int, user: str) -> web.Response:
        token = None if code else self._tokens.issue(user)
        return self._answer({"token": token, "success": not code, "errorCode": code, "errorMessage": None})

    async def _validate(self, request: web.Request) -> web.Response:
        fresh = self._tokens.issue("renewed")
        self._tokens.end(_token(request))
        return self._answer({"success": True, "errorCode": 0, "errorMessage": None, "newToken": fresh})

    async def _logout(self, request: web.Request) -> web.Response:
        self._tokens.end(_token(request))
        return self._answer({"success": True, "errorCode": 0, "errorMessage": None})

    # -- everything else -----------------------------------------------------------------------------------

    def _call(self, name: str) -> Callable[[web.Request], Awaitable[web.Response]]:
        call = CALLS[name]

        async def serve(request: web.Request) -> web.Response:
            body = await _body(request, call.fields, call.optional)
            if isinstance(body, web.Response):
                return body
            if not self._has_room("bars" if name == BARS else "general"):
                return web.Response(status=429)
            answer = call.answer(self._venue, body)
            if name in ORDER_CALLS and self._faults.http_status_after:
                status, self._faults.http_status_after = self._faults.http_status_after, 0
                return web.Response(status=status)
            return self._answer(answer)

        return serve

    def _passing(
        self, serve: Callable[[web.Request], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Every request's way through the faults of the line."""

        async def pass_through(request: web.Request) -> web.Response:
            faults = self._faults
            self.requests.append(request.path.removeprefix("/api/"))
            was_dead = faults.dead
            await faults.hold()
            if was_dead or faults.deaf:
                return _hung_up(request)
            if faults.http_status:
                status, faults.http_status = faults.http_status, 0
                return web.Response(status=status)
            answer = await serve(request)
            return _hung_up(request) if faults.mute else answer

        return pass_through

    def _authorized(
        self, serve: Callable[[web.Request], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def check(request: web.Request) -> web.Response:
            if not self._tokens.is_valid(_token(request)):
                return web.Response(status=401)
            return web.Response(status=429) if self._faults.throttle else await serve(request)

        return check

    def _has_room(self, family: str) -> bool:
        most, within_s = self.limits[family]
        served, now_s = self._served[family], monotonic()
        while served and now_s - served[0] >= within_s:
            served.popleft()
        if len(served) >= most:
            return False
        served.append(now_s)
        return True

    def _answer(self, body: Body) -> web.Response:
        return web.Response(
            text=json.dumps(body, default=_number),
            content_type="application/json",
            headers={"Date": self._date_header()},
        )


def _token(request: web.Request) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if kind == "Bearer" else ""


async def _body(request: web.Request, fields: Body, optional: Body) -> Body | web.Response:
    """The request's body, or the answer of ASP.NET to one that is no such thing."""
    try:
        body = json.loads(await request.text(), parse_float=Decimal)
    except json.JSONDecodeError:
        return _problem({"$": ["The JSON value could not be converted."]})
    except ConnectionResetError:
        return web.Response(status=400)  # cut off within the request: nobody hears this
    wrong = {}
    for name, kind in {**fields, **optional}.items():
        value = body.get(name) if isinstance(body, dict) else None
        if value is None:
            if name in fields:
                wrong[name] = [f"The {name} field is required."]
        elif not _is(value, kind):
            wrong[f"$.{name}"] = [f"The JSON value could not be converted. Path: $.{name}"]
    return _problem(wrong) if wrong else body


def _is(value: object, kind: Any) -> bool:
    if kind is NUMBER:
        return isinstance(value, int | Decimal) and not isinstance(value, bool)
    return isinstance(value, kind) and (kind is FLAG or not isinstance(value, bool))


def _problem(errors: Body) -> web.Response:
    body = {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1", "status": 400, "errors": errors,
        "title": "One or more validation errors occurred.", "traceId": "00-loopback-00",
    }  # fmt: skip
    return web.Response(status=400, text=json.dumps(body), content_type="application/problem+json")


def _hung_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"no JSON for {value!r}")
