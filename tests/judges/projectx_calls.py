"""Asks the loopback gateway's REST side from inside a judge's environment, with nothing but the standard library."""

import json
import urllib.error
import urllib.request
from typing import Any

USER, KEY = "trader", "loopback-key"
ES = "CON.F.US.EP.Z26"


class Rest:
    """One log-in. `ask` answers with the status and the decoded body, None where there is no JSON."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}/api/"
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.token = ""
        _, body = self.ask("Auth/loginKey", userName=USER, apiKey=KEY)
        self.token = body["token"]
        _, listed = self.ask("Account/search", onlyActiveAccounts=True)
        self.account: int = listed["accounts"][0]["id"]

    def ask(self, call: str, *, token: "str | None" = None, **body: Any) -> "tuple[int, Any]":
        headers = {"Content-Type": "application/json"}
        if token is None and self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        elif token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self._base + call, json.dumps(body).encode(), headers)
        try:
            with self._opener.open(request, timeout=10) as answer:
                return answer.status, _decoded(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _decoded(error.read())

    def place(self, tag: str, *, kind: int = 2, side: int = 0, size: int = 1, **prices: Any) -> "tuple[int, Any]":
        form = {"accountId": self.account, "contractId": ES, "type": kind, "side": side, "size": size}
        return self.ask("Order/place", **form, customTag=tag, **prices)


def _decoded(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None
