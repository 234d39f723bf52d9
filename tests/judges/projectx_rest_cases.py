"""Runs inside a judge's environment: jsonschema against every answer of the loopback gateway's REST side.

Called with the library's name and the port; prints one JSON line per case. The shapes below are those of the venue's
published description: names, types and required fields.
"""

import importlib
import json
import sys
from typing import Any

from projectx_calls import ES, KEY, USER, Rest

INT32 = {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}
INT64 = {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1}
TEXT, FLAG, NUMBER = {"type": "string"}, {"type": "boolean"}, {"type": "number"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)$"}


def optional(shape: "dict[str, Any]") -> "dict[str, Any]":
    return {"anyOf": [shape, {"type": "null"}]}


def thing(required: "dict[str, Any]", **more: Any) -> "dict[str, Any]":
    return {
        "type": "object", "required": list(required), "properties": {**required, **more},
        "additionalProperties": False,
    }  # fmt: skip


def number_of(*codes: int) -> "dict[str, Any]":
    return {"type": "integer", "enum": list(codes)}


def answer(codes: int, **more: Any) -> "dict[str, Any]":
    """The envelope; `codes` is the highest error code of the operation."""
    envelope = {"success": FLAG, "errorCode": number_of(*range(codes + 1))}
    return thing(envelope, errorMessage=optional(TEXT), **{name: optional(shape) for name, shape in more.items()})


def listed(shape: "dict[str, Any]") -> "dict[str, Any]":
    return {"type": "array", "items": shape}


ACCOUNT = thing({"id": INT32, "name": TEXT, "balance": NUMBER, "canTrade": FLAG, "isVisible": FLAG, "simulated": FLAG})
CONTRACT = thing(
    {"id": TEXT, "name": TEXT, "description": TEXT, "tickSize": NUMBER, "tickValue": NUMBER, "activeContract": FLAG,
     "symbolId": TEXT}
)  # fmt: skip
BAR = thing({"t": MOMENT, "o": NUMBER, "h": NUMBER, "l": NUMBER, "c": NUMBER, "v": INT64})
SIDE = number_of(0, 1)
ORDER = thing(
    {"id": INT64, "accountId": INT32, "contractId": TEXT, "symbolId": TEXT, "creationTimestamp": MOMENT,
     "status": number_of(*range(9)), "type": number_of(*range(8)), "side": SIDE, "size": INT32, "fillVolume": INT32},
    updateTimestamp=optional(MOMENT), limitPrice=optional(NUMBER), stopPrice=optional(NUMBER),
    filledPrice=optional(NUMBER), customTag=optional(TEXT),
)  # fmt: skip
POSITION = thing(
    {"id": INT32, "accountId": INT32, "contractId": TEXT, "creationTimestamp": MOMENT, "type": number_of(0, 1, 2),
     "size": INT32, "averagePrice": NUMBER}
)  # fmt: skip
TRADE = thing(
    {"id": INT64, "accountId": INT32, "contractId": TEXT, "creationTimestamp": MOMENT, "price": NUMBER,
     "fees": NUMBER, "side": SIDE, "size": INT32, "voided": FLAG, "orderId": INT64},
    profitAndLoss=optional(NUMBER),
)  # fmt: skip
SHAPES = {
    "Auth/loginKey": answer(10, token=TEXT), "Auth/loginApp": answer(10, token=TEXT),
    "Auth/validate": answer(4, newToken=TEXT), "Auth/logout": answer(2),
    "Account/search": answer(0, accounts=listed(ACCOUNT)),
    "Contract/search": answer(0, contracts=listed(CONTRACT)),
    "Contract/available": answer(0, contracts=listed(CONTRACT)),
    "Contract/searchById": answer(1, contract=CONTRACT),
    "History/retrieveBars": answer(4, bars=listed(BAR)),
    "Order/search": answer(1, orders=listed(ORDER)), "Order/searchOpen": answer(1, orders=listed(ORDER)),
    "Order/place": answer(10, orderId=INT64), "Order/modify": answer(7), "Order/cancel": answer(6),
    "Position/searchOpen": answer(1, positions=listed(POSITION)),
    "Position/closeContract": answer(8), "Position/partialCloseContract": answer(9),
    "Trade/search": answer(1, trades=listed(TRADE)),
}  # fmt: skip
BARS = {
    "contractId": ES, "live": False, "startTime": "2026-11-19T00:00:00Z", "endTime": "2027-01-01T00:00:00Z", "unit": 2,
    "unitNumber": 1, "limit": 50, "includePartialBar": False,
}  # fmt: skip
LONG_AGO = "2020-01-01T00:00:00Z"


class Bench:
    """Every answer that comes by here has the published shape."""

    def __init__(self, library: Any, port: int) -> None:
        self.validators = {call: library.Draft202012Validator(shape) for call, shape in SHAPES.items()}
        self.rest = Rest(port)

    def ask(self, call: str, **body: Any) -> Any:
        status, found = self.rest.ask(call, **body)
        assert status == 200, f"{call} answered {status}"
        self.validators[call].validate(found)
        return found

    def code(self, call: str, **body: Any) -> int:
        code: int = self.ask(call, **body)["errorCode"]
        return code


def log_ins(b: Bench) -> None:
    assert b.ask("Auth/loginKey", userName=USER, apiKey=KEY)["token"]
    assert b.code("Auth/loginKey", userName="nobody", apiKey=KEY) == 1
    assert b.code("Auth/loginKey", userName=USER, apiKey="wrong") == 3
    app = {"password": "x", "deviceId": "x", "appId": "x", "verifyKey": "x"}
    assert b.code("Auth/loginApp", userName=USER, **app) == 4


def sessions(b: Bench) -> None:
    other = Rest.__new__(Rest)
    other.__dict__.update(b.rest.__dict__)
    _, body = other.ask("Auth/loginKey", userName=USER, apiKey=KEY)
    status, renewed = other.ask("Auth/validate", token=body["token"])
    assert status == 200
    b.validators["Auth/validate"].validate(renewed)
    assert other.ask("Account/search", token=body["token"], onlyActiveAccounts=True) == (401, None)
    status, left = other.ask("Auth/logout", token=renewed["newToken"])
    b.validators["Auth/logout"].validate(left)
    assert other.ask("Account/search", token="none", onlyActiveAccounts=True) == (401, None)


def accounts_and_contracts(b: Bench) -> None:
    assert b.ask("Account/search", onlyActiveAccounts=False)["accounts"]
    found = b.ask("Contract/search", searchText="ES", live=False)["contracts"]
    assert {"ESZ6", "MESZ6"} <= {one["name"] for one in found}
    assert len(b.ask("Contract/available", live=False)["contracts"]) > 5
    assert b.ask("Contract/searchById", contractId=ES)["contract"]["tickValue"] == 12.5
    assert b.code("Contract/searchById", contractId="CON.F.US.XX.Z26") == 1


def bars(b: Bench) -> None:
    assert len(b.ask("History/retrieveBars", **BARS)["bars"]) > 10
    assert b.code("History/retrieveBars", **{**BARS, "contractId": "none"}) == 1
    assert b.code("History/retrieveBars", **{**BARS, "unit": 9}) == 2
    assert b.code("History/retrieveBars", **{**BARS, "unitNumber": 0}) == 3
    assert b.code("History/retrieveBars", **{**BARS, "limit": 20_001}) == 4


def orders(b: Bench) -> None:
    own = {"accountId": b.rest.account}
    form = {**own, "contractId": ES, "type": 1, "side": 0, "size": 1, "limitPrice": 6000.25, "customTag": "J1"}
    order_id = b.ask("Order/place", **form)["orderId"]
    assert b.code("Order/place", **form) == 2, "the tag is in use"
    assert [one["customTag"] for one in b.ask("Order/searchOpen", **own)["orders"]] == ["J1"]
    assert b.code("Order/modify", **own, orderId=order_id, limitPrice=6001.0, size=2) == 0
    assert b.code("Order/modify", **own, orderId=order_id, limitPrice=6001.1) == 3
    assert b.code("Order/cancel", **own, orderId=order_id) == 0
    assert b.code("Order/cancel", **own, orderId=order_id) == 2
    assert b.code("Order/place", **{**form, "customTag": "J2", "contractId": "none"}) == 8
    assert b.code("Order/place", **{**form, "customTag": "J3", "accountId": 1}) == 1
    assert b.code("Order/place", **{**form, "customTag": "J4", "limitPrice": 6000.1}) == 2
    found = b.ask("Order/search", **own, startTimestamp=LONG_AGO)["orders"]
    assert [(one["status"], one["size"], one["limitPrice"]) for one in found] == [(3, 2, 6001.0)]
    assert b.code("Order/search", accountId=1, startTimestamp=LONG_AGO) == 1


def brackets_of_an_order(b: Bench) -> None:
    own = {"accountId": b.rest.account}
    form = {**own, "contractId": ES, "type": 2, "side": 0, "size": 1, "customTag": "J5"}
    legs = {"stopLossBracket": {"ticks": 40, "type": 4}, "takeProfitBracket": {"ticks": 20, "type": 1}}
    assert b.code("Order/place", **form, **legs) == 0
    working = b.ask("Order/searchOpen", **own)["orders"]
    assert sorted(one["type"] for one in working) == [1, 4]
    assert b.code("Position/closeContract", **own, contractId=ES) == 0
    for one in working:
        assert b.code("Order/cancel", **own, orderId=one["id"]) in (0, 2)


def trailing_and_joining_orders_rest(b: Bench) -> None:
    own = {"accountId": b.rest.account}
    form = {**own, "contractId": ES, "side": 1, "size": 1}
    assert b.code("Order/place", **form, type=5, customTag="J7") == 2, "without a level"
    trailing = b.ask("Order/place", **form, type=5, trailPrice=6300.0, customTag="J8")["orderId"]
    joining = b.ask("Order/place", **form, type=7, customTag="J9")["orderId"]
    working = {one["id"]: one for one in b.ask("Order/searchOpen", **own)["orders"]}
    assert working[trailing]["stopPrice"] <= 6331
    for order_id in (trailing, joining):
        assert b.code("Order/cancel", **own, orderId=order_id) in (0, 2)
    b.ask("Position/closeContract", **own, contractId=ES)


def positions_and_trades(b: Bench) -> None:
    own = {"accountId": b.rest.account}
    assert b.code("Order/place", **own, contractId=ES, type=2, side=0, size=3, customTag="J6") == 0
    (held,) = b.ask("Position/searchOpen", **own)["positions"]
    assert (held["type"], held["size"]) == (1, 3)
    assert b.code("Position/partialCloseContract", **own, contractId=ES, size=9) == 5
    assert b.code("Position/partialCloseContract", **own, contractId=ES, size=1) == 0
    assert b.code("Position/closeContract", **own, contractId=ES) == 0
    assert b.code("Position/closeContract", **own, contractId=ES) == 2
    assert b.code("Position/closeContract", **own, contractId="none") == 3
    trades = b.ask("Trade/search", **own, startTimestamp=LONG_AGO)["trades"]
    assert {one["profitAndLoss"] is None for one in trades} == {True, False}
    assert b.code("Trade/search", accountId=1) == 1
    assert b.code("Position/searchOpen", accountId=1) == 1


def bad_requests_are_problems(b: Bench) -> None:
    status, problem = b.rest.ask("Order/place", accountId=b.rest.account)
    assert status == 400
    assert "contractId" in problem["errors"]
    status, problem = b.rest.ask("Order/searchOpen", accountId="text")
    assert (status, problem["status"]) == (400, 400)


def limits_are_kept(b: Bench) -> None:
    statuses = [b.rest.ask("History/retrieveBars", **BARS) for _ in range(60)]
    assert {status for status, _ in statuses} == {200, 429}
    assert statuses[-1] == (429, None)


CASES = (
    log_ins, sessions, accounts_and_contracts, bars, orders, brackets_of_an_order, trailing_and_joining_orders_rest,
    positions_and_trades,
    bad_requests_are_problems, limits_are_kept,
)  # fmt: skip


def judge(name: str, port: int) -> int:
    bench = Bench(importlib.import_module(name), port)
    failed = 0
    for case in CASES:
        problem = ""
        try:
            case(bench)
        except Exception as error:  # each case's end is a row of the table, whatever it was
            problem = f"{type(error).__name__}: {error}"
            failed += 1
        print(json.dumps({"case": case.__name__.replace("_", " "), "problem": problem}), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(judge(sys.argv[1], int(sys.argv[2])))
