"""The tables of the why-panel as rows: fields with their words, routing layers, checks, orders, and edits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tradestream_gui.domain.decisions import CheckResult, Decision
from tradestream_gui.domain.ids import ChannelId, ClOrdId, LotId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Order
from tradestream_gui.domain.positions import Lot
from tradestream_gui.ui.format import NOTHING

if TYPE_CHECKING:
    from tradestream_gui.core import Core

FIELDS = (
    ("action", "Action"), ("asset", "Asset"), ("side", "Side"), ("symbol", "Symbol"), ("strike", "Strike"),
    ("right", "Right"), ("expiry", "Expiry"), ("qty", "Size"), ("price", "Price"), ("pts", "Targets"), ("sl", "Stop"),
    ("trigger", "Trigger"),
)  # fmt: skip
_SAME_AS = {"stop": "sl", "target": "pts", "targets": "pts", "quantity": "qty", "size": "qty", "kind": "action"}
LAYER_NAMES = {
    "mode": "Mode", "account_id": "Account", "profile": "Profile", "sizes": "Sizes", "exits": "Exits",
    "use_micros": "Micros", "micro_when_zero": "Micro if none fits", "limits": "Limits", "stop": "Stop",
    "targets": "Targets", "price": "Price", "qty": "Size", "expiry": "Expiry",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of one action: its value, the words it came from and the rule that took them."""

    action_no: int
    title: str
    value: str
    words: str
    rule: str


@dataclass(frozen=True, slots=True)
class LayerRow:
    title: str
    layer: str
    now: str
    """What the rules say at present: they may have been changed since."""


@dataclass(frozen=True, slots=True)
class OrderRow:
    order: Order
    instrument: Instrument


@dataclass(frozen=True, slots=True)
class EditRow:
    """One revision beside the one before it: the words that went and came."""

    revision: MessageRevision
    removed: str
    added: str


def field_rows(told: Mapping[str, Any]) -> list[FieldRow]:
    """Every field that the reading filled, action by action; what no words gave stands without them."""
    rows: list[FieldRow] = []
    actions = [*_list(told.get("actions")), *_list(told.get("candidate"))]
    for number, action in enumerate(actions):
        evidence = _evidence(action)
        for key, title in FIELDS:
            value = action.get(key)
            if value in (None, [], ""):
                continue
            found = evidence.get(key, [])
            words = ", ".join(dict.fromkeys(str(each["words"]) for each in found))
            rule = ", ".join(dict.fromkeys(str(each["rule"]) for each in found))
            rows.append(FieldRow(number, title, _value_text(value), words or NOTHING, rule or NOTHING))
    return rows


def spans(told: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Where the matched words stand in the raw text."""
    actions = [*_list(told.get("actions")), *_list(told.get("candidate"))]
    return [(int(each["start"]), int(each["end"])) for action in actions for each in _list(action.get("evidence"))]


def layer_rows(core: "Core", revision: MessageRevision, decision: Decision) -> list[LayerRow]:
    route = core.alerts.rules.route(ChannelId(revision.channel_id), revision.author_id)
    now: dict[str, str] = {}
    if route is not None:
        sizes = ", ".join(f"{letter} {units}" for letter, units in sorted(route.sizes.units_by_letter.items()))
        now = {
            "mode": route.mode.value,
            "account_id": core.accounts.account(route.account_id).name,
            "profile": route.profile,
            "sizes": f"{sizes}, else {route.sizes.base_units}",
            "exits": ", ".join(dict.fromkeys((route.exits.future.name, route.exits.option.name))),
            "use_micros": "yes" if route.use_micros else "no",
            "micro_when_zero": "yes" if route.micro_when_zero else "no",
            "limits": f"alert age {route.limits.alert_max_age.total_seconds():g} s",
        }
    return [LayerRow(LAYER_NAMES.get(name, name), layer, now.get(name, NOTHING)) for name, layer in decision.layers]


def check_rows(decision: Decision) -> list[tuple[str, CheckResult]]:
    """Failed checks first, each kept apart by its place because two rails may share a code."""
    keyed = [(f"{number}", check) for number, check in enumerate(decision.checks)]
    return sorted(keyed, key=lambda pair: pair[1].passed)


def orders_made(core: "Core", decision: Decision) -> tuple[list[OrderRow], list[Lot]]:
    """The message's own orders with everything that its lots led to, and those lots."""
    orders: dict[ClOrdId, Order] = {}
    lots: dict[LotId, Lot] = {}
    for cl_ord_id in decision.cl_ord_ids:
        order = core.blotter.order(cl_ord_id)
        if order is None:
            continue
        orders[cl_ord_id] = order
        lot = core.lots.lot(order.lot_id)
        if lot is not None:
            lots[lot.lot_id] = lot
            orders.update((each.cl_ord_id, each) for each in core.blotter.orders_of_lot(lot.lot_id))
    rows = [OrderRow(order, core.market.instrument(order.instrument_id)) for order in orders.values()]
    return rows, list(lots.values())


def lot_profit(core: "Core", lot: Lot) -> tuple[Decimal | None, str]:
    """Net of what is realised plus what is open, in US dollars, with a word for what it counts."""
    instrument = core.market.instrument(lot.instrument_id)
    if lot.is_flat:
        return lot.net_pnl, "realised, fees included"
    open_pnl = lot.unrealized_pnl(core.board.quote(lot.instrument_id), instrument)
    if open_pnl is None:
        return None, "no quote on the closing side"
    return lot.net_pnl + open_pnl, "realised and open, fees so far included"


def edit_rows(revisions: Iterable[MessageRevision]) -> list[EditRow]:
    rows = []
    for before, after in pairwise(revisions):
        removed, added = ("whole message", "") if after.deleted else differences(before.text, after.text)
        rows.append(EditRow(after, removed, added))
    return rows


def differences(before: str, after: str) -> tuple[str, str]:
    """The words that only the first and only the second text have, in order."""
    old, new = before.split(), after.split()
    removed: list[str] = []
    added: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            removed += old[a:b]
            added += new[c:d]
    return " ".join(removed), " ".join(added)


def _evidence(action: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in _list(action.get("evidence")):
        name = str(each.get("field", ""))
        found.setdefault(_SAME_AS.get(name, name), []).append(each)
    return found


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _value_text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
