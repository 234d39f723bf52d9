"""A machine alert under construction: what its fields said so far, and the reading it becomes."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tradestream_gui.alerts.machine.webhook_fields import Fields, Value
from tradestream_gui.domain.alerts import (
    ActionKind,
    AlertAction,
    AlertSide,
    FieldEvidence,
    Level,
    LevelUnit,
    Quantity,
    Reading,
    Reason,
)
from tradestream_gui.domain.instruments import AssetClass, Right

_REDUCING = frozenset((ActionKind.CLOSE, ActionKind.TRIM, ActionKind.SET_STOP, ActionKind.CANCEL))


@dataclass(slots=True)
class BodyDraft:
    """The reader of one body is its only writer."""

    raw: str
    fields: Fields
    asset: AssetClass | None = None
    side: AlertSide | None = None
    symbol: str | None = None
    strike: Decimal | None = None
    right: Right | None = None
    expiry: date | None = None
    quantity: Quantity | None = None
    part: bool = False
    """Whether the quantity is a share of the position."""
    price: Decimal | None = None
    stop: Level | None = None
    targets: tuple[Level, ...] = ()
    doubts: list[Reason] = field(default_factory=list)
    evidence: list[FieldEvidence] = field(default_factory=list)

    def first(self, *keys: str) -> Value | None:
        """The first of the named fields that the body has."""
        return next((self.fields[key] for key in keys if key in self.fields), None)

    def note(self, name: str, value: Value) -> None:
        words = self.raw[value.start : value.end]
        self.evidence.append(FieldEvidence(name, value.start, value.end, words, "field of the body"))

    def doubt(self, code: str, words: str) -> None:
        self.doubts.append(Reason(code, words))

    def reading(self, kinds: tuple[ActionKind, ...], profile: str) -> Reading:
        if ActionKind.SET_STOP in kinds and self.stop is None:
            self.doubt("STOP_MISSING", "the body asks for a change and names no stop price")
        if any(kind.opens for kind in kinds):
            self._check_stop_side()
        actions = tuple(self._action(kind) for kind in kinds)
        confidence = Decimal("0.9")
        if self.doubts:
            return Reading((), actions, True, tuple(self.doubts), confidence / 2, profile, ("machine alert",))
        return Reading(actions, (), False, (), confidence, profile, ("machine alert",))

    def _check_stop_side(self) -> None:
        stop, price = self.stop, self.price
        if stop is None or price is None or stop.unit is not LevelUnit.PRICE or stop.value is None:
            return
        short = self.side is AlertSide.SHORT
        if stop.value <= price if short else stop.value >= price:
            self.doubt("STOP_WRONG_SIDE", f"the stop {stop.value} is on the wrong side of the entry {price}")

    def _action(self, kind: ActionKind) -> AlertAction:
        if kind is ActionKind.CLOSE and self.part:
            kind = ActionKind.TRIM
        opens = kind.opens
        reduces = kind in _REDUCING
        return AlertAction(
            kind=kind,
            asset=self.asset,
            side=self.side if opens else None,
            symbol=self.symbol,
            strike=self.strike,
            right=self.right,
            expiry=self.expiry,
            quantity=self.quantity if opens or kind is ActionKind.TRIM else None,
            price=self.price,
            at_market=opens and self.price is None,
            targets=() if reduces else self.targets,
            stop=self.stop if opens or kind is ActionKind.SET_STOP else None,
            evidence=tuple(self.evidence),
        )
