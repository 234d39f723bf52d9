"""Says from the labels alone which contracts a message of a room is about; shares no code with the resolver."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.alerts.room_world import Contract
from tradestream_gui.domain.instruments import Right

MANAGING = ("TRIM", "CLOSE", "SET_STOP", "SET_TARGET")
FAMILY = {"MES": "ES", "MNQ": "NQ", "M2K": "RTY", "MYM": "YM", "MGC": "GC", "MCL": "CL"}
ALL_OF_IT = re.compile(r"^\W*(?:@\w+ )?(?:all out|flat)\b|everything|all positions", re.IGNORECASE)
"""Said of whatever the author has open."""


@dataclass(slots=True)
class Held:
    author: str
    message_id: str
    contract: Contract
    expiry: str
    """As the label says it; "" where it is silent."""


@dataclass(frozen=True, slots=True)
class Truth:
    """`contracts` is what is meant; None when the labels leave it open, so that only a hold is right."""

    contracts: frozenset[Contract] | None
    manages: bool


class LabelledRoom:
    """Keeps each author's open calls by the labels."""

    def __init__(self) -> None:
        self._open: list[Held] = []
        self._made_by_text: dict[str, Held] = {}

    def take(self, row: Mapping[str, Any]) -> Truth:
        day = row["ts"][:10]
        self._open = [held for held in self._open if not held.expiry or held.expiry >= day]
        managing = [action for action in row["expected"] if action["action"] in MANAGING]
        meant = [self._meant(action, row) for action in managing]
        truth = None if any(one is None for one in meant) else frozenset(c for one in meant if one for c in one)
        for action, contracts in zip(managing, meant, strict=True):
            if action["action"] == "CLOSE" and contracts:
                self._open = [h for h in self._open if h.author != row["author"] or h.contract not in contracts]
        for action in row["expected"]:
            if action["action"] == "OPEN":
                held = Held(row["author"], row["id"], _contract(action), action["expiry"] or "")
                self._open.append(held)
                self._made_by_text[" ".join(row["text"].split())] = held
        return Truth(truth, bool(managing))

    def _meant(self, action: Mapping[str, Any], row: Mapping[str, Any]) -> set[Contract] | None:
        mine = [held for held in self._open if held.author == row["author"]]
        replied = self._made_by_text.get(" ".join(row["reply_to"].split())) if row["reply_to"] else None
        if replied is not None:
            return {replied.contract}
        symbol, strike, right = _contract(action)
        if action["action"] == "CLOSE" and not symbol and ALL_OF_IT.search(row["text"]):
            return {held.contract for held in mine}
        fitting = {
            held.contract
            for held in mine
            if symbol in ("", held.contract[0])
            and strike in (None, held.contract[1])
            and right in (None, held.contract[2])
        }
        if len(fitting) <= 1:
            return fitting
        return fitting if symbol and action["action"] == "CLOSE" else None


def _contract(action: Mapping[str, Any]) -> Contract:
    symbol = (action["symbol"] or "").upper()
    strike = None if action["strike"] is None else Decimal(str(action["strike"]))
    right = {"C": Right.CALL, "P": Right.PUT}.get(action["right"] or "")
    return FAMILY.get(symbol, symbol), strike, right
