"""Session tokens: JWTs of a day, which any reader can date and only this server can sign."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta

DAY = timedelta(hours=24)


class Tokens:
    """`lifetime` holds for the tokens that are issued from now on."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.lifetime = DAY
        self.issued = 0
        self._now = now
        self._valid: dict[str, datetime] = {}

    def issue(self, user: str) -> str:
        self.issued += 1
        start = self._now()
        claims = {
            "name": user, "sub": "7", "jti": str(self.issued), "iat": int(start.timestamp()),
            "exp": int((start + self.lifetime).timestamp()), "iss": "topstepx.com", "aud": "topstepx.com",
        }  # fmt: skip
        body = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
        signature = hmac.new(b"loopback", body.encode(), hashlib.sha256).digest()
        token = f"{body}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
        self._valid[token] = start + self.lifetime
        return token

    def is_valid(self, token: str | None) -> bool:
        ends = self._valid.get(token or "")
        return ends is not None and self._now() < ends

    def end(self, token: str) -> None:
        self._valid.pop(token, None)

    def end_all(self) -> None:
        self._valid.clear()


def _part(claims: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
