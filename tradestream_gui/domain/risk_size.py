"""How many contracts may go: the smallest of the wish and every room, each cut said in words."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.money import ZERO, to_cents
from tradestream_gui.domain.policies import RiskLimits


@dataclass(frozen=True, slots=True)
class SizeFacts:
    """Money is US dollars, quantities are contracts. `risk_per_unit` is the loss at the stop with fees of one
    contract, None where there is no stop; working entries are part of every `held` figure. `exposure_per_unit` is
    what one contract adds to the market, negative when it gains from a fall; a `held` exposure is None when
    something held has no price. `sector` is None where the instrument belongs to none that is known."""

    wish: int
    instrument: Instrument
    risk_per_unit: Decimal | None
    notional_per_unit: Decimal | None
    origin_risk_per_trade: Decimal | None
    held_qty: int
    held_minis: Decimal
    held_instruments: int
    holds_this: bool
    open_risk: Decimal
    room_today: Decimal
    buying_power: Decimal | None
    margin_per_unit: Decimal | None
    exposure_per_unit: Decimal | None
    held_in_name: Decimal | None
    held_in_sector: Decimal | None
    held_gross: Decimal | None
    held_net: Decimal | None
    sector: str | None
    equity: Decimal | None


@dataclass(frozen=True, slots=True)
class Room:
    """One limit as a number of contracts."""

    code: str
    qty: int
    words: str


def rooms(facts: SizeFacts, limits: RiskLimits) -> tuple[Room, ...]:
    """Every room of the account for this instrument now, in contracts (never negative)."""
    asset_class = facts.instrument.asset_class
    found = [
        _counted("QTY_EXCEEDS_MAX", limits.max_order_qty.of(asset_class), "contracts in one order"),
        _counted("POSITION_LIMIT", limits.max_position_qty.of(asset_class) - facts.held_qty, "position room"),
    ]
    found += _money_rooms(facts, limits)
    found += _exposure_rooms(facts, limits)
    if asset_class is AssetClass.FUTURE and facts.instrument.mini_equivalents > 0:
        found.append(_minis_room(facts, limits))
    if not facts.holds_this and facts.held_instruments >= limits.max_open_positions:
        found.append(Room("POSITION_LIMIT", 0, f"{facts.held_instruments} positions of {limits.max_open_positions}"))
    return tuple(found)


def _minis_room(facts: SizeFacts, limits: RiskLimits) -> Room:
    left = (limits.max_minis - facts.held_minis) / facts.instrument.mini_equivalents
    return Room("POSITION_LIMIT", _whole(left), f"{facts.held_minis} of {limits.max_minis} minis held")


def _money_rooms(facts: SizeFacts, limits: RiskLimits) -> list[Room]:
    found = []
    risk = facts.risk_per_unit
    if risk is not None and (not risk.is_finite() or risk > 0):
        found.append(room_for("RISK_EXCEEDS_MAX", limits.risk_per_trade, risk, "risk at the stop"))
        if facts.origin_risk_per_trade is not None:
            own = facts.origin_risk_per_trade
            found.append(room_for("RISK_EXCEEDS_MAX", own, risk, "own limit of risk at the stop"))
        found.append(room_for("OPEN_RISK", limits.max_open_risk - facts.open_risk, risk, "open risk of all positions"))
        heat = None if facts.equity is None else facts.equity * limits.max_heat_fraction - facts.open_risk
        found.append(room_for("PORTFOLIO_HEAT", heat, risk, "risk of all positions as a part of the account"))
        found.append(room_for("DAILY_LOSS_LIMIT", facts.room_today, risk, "room left today"))
    cap = limits.max_notional.of(facts.instrument.asset_class)
    if cap is not None and facts.notional_per_unit:
        found.append(room_for("NOTIONAL_EXCEEDS_MAX", cap, facts.notional_per_unit, "cost of the order"))
    if facts.buying_power is not None and facts.margin_per_unit:
        found.append(room_for("BUYING_POWER", facts.buying_power, facts.margin_per_unit, "buying power"))
    return found


def _exposure_rooms(facts: SizeFacts, limits: RiskLimits) -> list[Room]:
    """One name, its sector, all together, and long against short; futures of one name are counted in minis."""
    per_unit, exposure = facts.exposure_per_unit, limits.exposure
    if per_unit is None or per_unit == 0:
        return []
    size = abs(per_unit)
    found = [
        room_for("GROSS_EXPOSURE", _left(exposure.gross, facts.held_gross), size, "value of all positions"),
    ]
    net = facts.held_net
    if net is None or not net.is_finite() or not per_unit.is_finite():
        found.append(room_for("NET_EXPOSURE", None, size, "value of longs against shorts"))
    else:
        towards = net if per_unit > 0 else -net
        found.append(room_for("NET_EXPOSURE", exposure.net - towards, size, "value of longs against shorts"))
    if facts.instrument.asset_class is not AssetClass.FUTURE:
        left = _left(exposure.single_name, facts.held_in_name)
        found.append(room_for("NAME_EXPOSURE", left, size, f"value in {facts.instrument.root}"))
        if facts.sector is not None:
            left = _left(exposure.sector, facts.held_in_sector)
            found.append(room_for("SECTOR_EXPOSURE", left, size, f"value in {facts.sector}"))
    return found


def _left(limit: Decimal, held: Decimal | None) -> Decimal | None:
    return None if held is None else limit - held


def fitting_qty(found: tuple[Room, ...]) -> int:
    return min((room.qty for room in found), default=0)


def cuts(wish: int, found: tuple[Room, ...]) -> tuple[str, ...]:
    """The sentences for every room smaller than the wish, tightest first."""
    tight = sorted((room for room in found if room.qty < wish), key=lambda room: room.qty)
    return tuple(f"{wish} → {room.qty}: {room.words}" for room in tight)


def _counted(code: str, left: int, words: str) -> Room:
    return Room(code, max(left, 0), f"{words}: {max(left, 0)}")


def room_for(code: str, budget: Decimal | None, per_unit: Decimal, words: str) -> Room:
    """A budget that is not known, or figures that are no numbers, leave no room."""
    if budget is None or not budget.is_finite() or not per_unit.is_finite():
        return Room(code, 0, f"{words} is not known")
    qty = _whole(budget / per_unit)
    return Room(code, qty, f"{words}: one takes ${to_cents(per_unit):,}, room for ${to_cents(budget.max(ZERO)):,}")


def _whole(value: Decimal) -> int:
    """Whole contracts, never negative; none where the sum is not a number."""
    if not value.is_finite():
        return 0
    return max(int(value.to_integral_value(rounding=ROUND_FLOOR)), 0)
