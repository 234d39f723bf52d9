"""How long a session token lives: by its own words, or the usual day."""

import base64
import json

DAY_S = 24 * 3_600.0
_SHORTEST_S = 1.0


def lifetime_s(token: str) -> float:
    """Seconds from its issue to its end, by the gateway's own clock on both."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        life_s = float(claims["exp"]) - float(claims.get("iat", claims.get("nbf")))
    except (IndexError, ValueError, KeyError, TypeError):
        return DAY_S
    return max(life_s, _SHORTEST_S)
