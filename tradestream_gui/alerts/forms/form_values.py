"""What a token may stand for in a room's form, and the action that the filled places make."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from tradestream_gui.alerts.forms.form_tokens import DATE, EMOJI, NUMBER, SIGN, WORD, FormToken
from tradestream_gui.alerts.grammar.checks import check_entry
from tradestream_gui.alerts.grammar.contract import MAX_STRIKE, Contract
from tradestream_gui.alerts.grammar.dates import (
    Expiry,
    IsTradingDay,
    eastern_date,
    from_days,
    from_month_day,
    from_word,
)
from tradestream_gui.alerts.grammar.decimal_commas import doubt_comma, may_be_one
from tradestream_gui.alerts.grammar.habits import apply_habits
from tradestream_gui.alerts.grammar.levels import POINT_WORDS
from tradestream_gui.alerts.grammar.scene import Draft
from tradestream_gui.alerts.words.piece_numbers import MONTHS, RIGHTS
from tradestream_gui.alerts.words.symbols import futures_root, is_known_ticker, may_be_ticker
from tradestream_gui.domain.alert_forms import FormRole, MessageForm, SaidDirection
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import (
    AlertSide,
    AlertText,
    Level,
    LevelUnit,
    PriceRange,
    Quantity,
    QuantityUnit,
)
from tradestream_gui.domain.instruments import AssetClass, Right

SIZE_LETTERS = "ABCDEF"
RULE = "form of this room"
_COUNTS = frozenset(("", "x", "con", "cons", "contract", "contracts", "lot", "lots", "car", "cars", "ct", "cts"))
_SIDES = {"long": SaidDirection.LONG, "short": SaidDirection.SHORT}


class Filled(NamedTuple):
    """A place of a form with the token that fills it."""

    role: FormRole
    token: FormToken


def fits(role: FormRole, token: FormToken, profile: AlertProfile) -> bool:
    """Whether the token can fill such a place in this room."""
    kind = token.kind
    if role is FormRole.SYMBOL:
        return symbol_of(token, profile) is not None
    if role is FormRole.DIRECTION:
        return said_direction(token, profile) in (SaidDirection.LONG, SaidDirection.SHORT)
    if role is FormRole.RIGHT:
        return _right_of(token, profile) is not None
    if role is FormRole.STRIKE:
        return kind == NUMBER and (token.suffix == "" or token.suffix in RIGHTS)
    if role is FormRole.EXPIRY:
        return _is_expiry(token)
    if role is FormRole.ENTRY:
        return kind == NUMBER and token.suffix == ""
    if role is FormRole.SIZE:
        return quantity_of(token, profile) is not None
    if role in (FormRole.STOP, FormRole.TARGET):
        return kind == NUMBER and (token.suffix in ("", "%", "r") or token.suffix in POINT_WORDS)
    return kind in (NUMBER, DATE)


def symbol_of(token: FormToken, profile: AlertProfile) -> str | None:
    """The symbol that a word names: one of the room's names, a futures root or code, or a ticker."""
    if token.kind not in (WORD, EMOJI):
        return None
    mapped = dict(profile.name_roots).get(token.text)
    if mapped is not None:
        return mapped
    root = futures_root(token.text)
    if root is not None:
        return root.root
    upper = token.raw.upper()
    if token.dollar or is_known_ticker(upper) or may_be_ticker(token.raw):
        return upper
    return None


def said_direction(token: FormToken, profile: AlertProfile) -> SaidDirection | None:
    if token.kind not in (WORD, EMOJI, SIGN):
        return None
    return dict(profile.direction_words).get(token.text, _SIDES.get(token.text))


def quantity_of(token: FormToken, profile: AlertProfile) -> Quantity | None:
    """A count, a size letter in capitals, or one of the room's size words as a multiple of the base size."""
    if token.kind == NUMBER and token.value is not None:
        whole = token.suffix in _COUNTS and not token.dollar and token.value == int(token.value) and token.value > 0
        return Quantity(QuantityUnit.COUNT, Fraction(token.value)) if whole else None
    if token.kind != WORD:
        return None
    if len(token.raw) == 1 and token.raw in SIZE_LETTERS:
        return Quantity(QuantityUnit.LETTER, None, token.raw)
    multiple = dict(profile.size_words).get(token.text)
    return Quantity(QuantityUnit.FRACTION, multiple) if multiple is not None else None


def draft_of(
    form: MessageForm, filled: Sequence[Filled], profile: AlertProfile, alert: AlertText, is_trading_day: IsTradingDay
) -> Draft:
    """The draft that the filled form makes, with a doubt for whatever only a person can settle."""
    draft = Draft(form.kind, 0, RULE)
    contract = _contract(filled, profile, alert, is_trading_day)
    draft.contract = contract if contract.symbol is not None or contract.is_option else None
    for role, token in filled:
        if role not in _OF_CONTRACT and role is not FormRole.NUMBER:
            draft.evidence.append((_FIELDS[role], token.start, token.end, RULE))
    _numbers(draft, form, filled, profile)
    for (_, first), (_, second) in pairwise(filled):
        if alert.raw[first.end : second.start] == "," and may_be_one(first.raw, second.raw):
            doubt_comma(draft, alert.raw[first.start : second.end])
    if form.kind.opens:
        _settle_side(draft, filled, profile)
        _settle_asset(draft, contract, profile)
        check_entry(draft)
    apply_habits(draft, profile)
    return draft


_OF_CONTRACT = (FormRole.SYMBOL, FormRole.STRIKE, FormRole.RIGHT, FormRole.EXPIRY)
_FIELDS = {FormRole.DIRECTION: "side", FormRole.ENTRY: "price", FormRole.STOP: "stop", FormRole.TARGET: "targets",
           FormRole.SIZE: "qty"}  # fmt: skip


def _contract(
    filled: Sequence[Filled], profile: AlertProfile, alert: AlertText, is_trading_day: IsTradingDay
) -> Contract:
    contract = Contract(0, 0)
    for role, token in filled:
        if role not in _OF_CONTRACT:
            continue
        contract.evidence.append((role.value, token.start, token.end, RULE))
        if role is FormRole.SYMBOL:
            contract.symbol, contract.sure = symbol_of(token, profile), True
        elif role is FormRole.STRIKE and token.value is not None:
            contract.strike = token.value
            if token.suffix in RIGHTS:
                contract.right = RIGHTS[token.suffix]
                contract.evidence.append(("right", token.start, token.end, RULE))
            if not 0 < token.value <= MAX_STRIKE:
                contract.doubt = f"the strike {token.value} is out of range"
        elif role is FormRole.RIGHT:
            contract.right = _right_of(token, profile)
        elif role is FormRole.EXPIRY:
            expiry = _expiry_of(token, alert, is_trading_day)
            contract.said_expiry = True
            contract.expiry, contract.doubt = (expiry.on, expiry.doubt) if expiry else (None, "no such date")
    if contract.symbol is None and profile.default_symbol is not None:
        contract.symbol, contract.sure = profile.default_symbol, True
    contract.is_root = contract.symbol is not None and futures_root(contract.symbol) is not None
    return contract


def _numbers(draft: Draft, form: MessageForm, filled: Sequence[Filled], profile: AlertProfile) -> None:
    entries = [token.value for role, token in filled if role is FormRole.ENTRY and token.value is not None]
    if len(entries) == 1:
        draft.price = entries[0]
    elif entries:
        draft.price = PriceRange(min(entries), max(entries))
    targets = [token for role, token in filled if role is FormRole.TARGET]
    draft.targets = tuple(_level(token, form.target_unit) for token in targets)
    for role, token in filled:
        if role is FormRole.STOP:
            draft.stop = _level(token, form.stop_unit)
        elif role is FormRole.SIZE:
            quantity = quantity_of(token, profile)
            draft.quantity = quantity
            if quantity is not None and quantity.unit is QuantityUnit.FRACTION and form.kind.opens:
                draft.quantity, draft.size_words = None, (token.text,)


def _settle_side(draft: Draft, filled: Sequence[Filled], profile: AlertProfile) -> None:
    """By the room's word; an option is bought; without a word, stop and target on either side of the price tell."""
    said = next((said_direction(token, profile) for role, token in filled if role is FormRole.DIRECTION), None)
    if said is not None:
        draft.side = AlertSide.SHORT if said is SaidDirection.SHORT else AlertSide.LONG
        return
    if draft.contract is not None and draft.contract.is_option:
        draft.side = AlertSide.LONG
        return
    price, stop = draft.price, draft.stop
    levels = [level.value for level in draft.targets if level.unit is LevelUnit.PRICE and level.value is not None]
    if isinstance(price, Decimal) and stop is not None and stop.unit is LevelUnit.PRICE and stop.value is not None:
        if levels and all(stop.value < price < level for level in levels):
            draft.side = AlertSide.LONG
            return
        if levels and all(level < price < stop.value for level in levels):
            draft.side = AlertSide.SHORT
            return
    draft.doubt("SIDE_MISSING", "neither a word nor stop and target together say whether it is long or short")


def _settle_asset(draft: Draft, contract: Contract, profile: AlertProfile) -> None:
    if contract.symbol is None:
        draft.doubt("CONTRACT_MISSING", "an entry that names no instrument")
    elif not contract.is_option and not contract.is_root:
        if profile.default_asset is AssetClass.STOCK or profile.assets == (AssetClass.STOCK,):
            contract.shares = True
        else:
            draft.doubt("ASSET_UNCLEAR", f"{contract.symbol}: option or shares?")
    if draft.side is AlertSide.SHORT and not contract.is_root:
        draft.doubt("SHORT_PREMIUM", "only futures are sold short by an alert")


def _level(token: FormToken, unit: LevelUnit) -> Level:
    if token.suffix == "%":
        return Level(LevelUnit.PERCENT, token.value)
    if token.suffix == "r":
        return Level(LevelUnit.R, token.value)
    if token.suffix in POINT_WORDS:
        return Level(LevelUnit.POINTS, token.value)
    return Level(unit, token.value)


def _right_of(token: FormToken, profile: AlertProfile) -> Right | None:
    if token.kind not in (WORD, EMOJI, SIGN):
        return None
    said = dict(profile.direction_words).get(token.text)
    if said is SaidDirection.CALL:
        return Right.CALL
    if said is SaidDirection.PUT:
        return Right.PUT
    return RIGHTS.get(token.text)


_DATE_WORDS = frozenset((
    "today", "tomorrow", "tmrw", "weekly", "weeklies", "eow", "friday", "fri", "monthly", "monthlies", "monday",
    "tuesday", "wednesday", "thursday", "zerodte",
))  # fmt: skip


def _is_expiry(token: FormToken) -> bool:
    if token.kind == NUMBER:
        return token.suffix in ("dte", "dtes") and token.value is not None and token.value == int(token.value)
    return token.kind == DATE or (token.kind == WORD and token.text in _DATE_WORDS)


def _expiry_of(token: FormToken, alert: AlertText, is_trading_day: IsTradingDay) -> Expiry | None:
    today = eastern_date(alert.sent_at)
    if token.kind == NUMBER and token.value is not None:
        return from_days(int(token.value), alert.sent_at, is_trading_day)
    head, _, tail = token.text.partition(" ")
    if head in MONTHS:
        return from_month_day(MONTHS[head], int("".join(filter(str.isdigit, tail))), 0, today, is_trading_day)
    if token.kind == DATE and token.text[0].isdigit():
        parts = [int(part) for part in token.text.replace("-", "/").split("/")]
        if parts[0] > 31:
            return from_month_day(parts[1], parts[2], parts[0], today, is_trading_day)
        year = parts[2] if len(parts) > 2 else 0
        return from_month_day(parts[0], parts[1], year + 2000 if 0 < year < 100 else year, today, is_trading_day)
    return from_word(token.text, alert.sent_at, is_trading_day)
