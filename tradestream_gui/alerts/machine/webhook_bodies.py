"""Machine alerts to actions: TradersPost and TradingView JSON, stub and direction, `key=value` and comma forms.

The same checks follow as for a person's alert. What a body leaves open (a sale without its sentiment, an option
without its strike, a stop in pips) is held; an unfilled placeholder is refused; an unknown action is ignored.
"""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from tradestream_gui.alerts.grammar.contract import occ_parts
from tradestream_gui.alerts.grammar.dates import IsTradingDay, eastern_date, from_month_day
from tradestream_gui.alerts.machine.webhook_draft import BodyDraft
from tradestream_gui.alerts.machine.webhook_fields import UnreadableBody, Value, fields_of
from tradestream_gui.alerts.words.symbols import futures_root, is_foreign_market
from tradestream_gui.domain.alerts import (
    ActionKind,
    AlertSide,
    Level,
    LevelUnit,
    Quantity,
    QuantityUnit,
    Reading,
    Reason,
)
from tradestream_gui.domain.instruments import AssetClass, Right

_LONG = frozenset(("long", "bullish", "buy"))
_SHORT = frozenset(("short", "bearish"))
_CLOSES = frozenset(
    ("exit", "close", "flat", "flatten", "closelong", "closeshort", "closeall", "exitlong", "exitshort")
)


def read_body(raw: str, sent_at: datetime, is_trading_day: IsTradingDay, profile: str) -> Reading | None:
    """The reading of a machine's body; None for a text that is none."""
    try:
        fields = fields_of(raw)
    except UnreadableBody as error:
        return _left_alone(profile, "BODY_UNREADABLE", str(error))
    if fields is None:
        return None
    unfilled = next((value.text for value in fields.values() if "{{" in value.text), "")
    if unfilled:
        return _left_alone(profile, "PLACEHOLDER", f"{unfilled} was not filled in by the sender")
    draft = BodyDraft(raw, fields)
    kinds = _kinds(draft)
    if not kinds:
        return _left_alone(profile, "ACTION_UNKNOWN", "the body asks for nothing that this program does")
    if not _instrument(draft, sent_at, is_trading_day):
        return _left_alone(profile, "NOT_TRADED", "the body names no market that this program trades")
    _quantity(draft, kinds)
    _levels(draft)
    return draft.reading(kinds, profile)


def _left_alone(profile: str, code: str, words: str) -> Reading:
    return Reading((), (), False, (Reason(code, words),), Decimal(0), profile, ())


def _kinds(draft: BodyDraft) -> tuple[ActionKind, ...]:
    """What is asked for, in order: a reversal closes before it opens."""
    action = draft.first("action", "direction", "signal", "side")
    sentiment = draft.first("sentiment", "marketPosition", "market_position")
    if action is None:
        return ()
    draft.note("action", action)
    word, mood = action.word, sentiment.word if sentiment else ""
    if mood and mood not in _LONG | _SHORT | {"flat"}:
        return ()
    if word in _CLOSES or (word in ("buy", "sell") and mood == "flat"):
        return (ActionKind.CLOSE,)
    if word == "cancel":
        return (ActionKind.CANCEL,)
    if word == "modify":
        return (ActionKind.SET_STOP,)
    if word == "add":
        draft.side = AlertSide.SHORT if mood in _SHORT else AlertSide.LONG
        return (ActionKind.ADD,)
    if word in ("buy", "long") and mood not in _SHORT:
        draft.side = AlertSide.LONG
        return (ActionKind.OPEN,)
    if word == "short" or (word == "sell" and mood in _SHORT):
        draft.side = AlertSide.SHORT
        return (ActionKind.CLOSE, ActionKind.OPEN) if word == "sell" else (ActionKind.OPEN,)
    if word == "sell" and not mood:
        draft.side = AlertSide.SHORT
        draft.doubt("SIDE_UNCLEAR", "sell may end a long or begin a short; the body gives no sentiment")
        return (ActionKind.CLOSE,)
    if word in ("buy", "sell", "long"):
        draft.doubt("SIDE_UNCLEAR", f"{word} with the sentiment {mood} contradicts itself")
        return (ActionKind.CLOSE,)
    return ()


def _instrument(draft: BodyDraft, sent_at: datetime, is_trading_day: IsTradingDay) -> bool:
    named = draft.first("ticker", "symbol", "instrument")
    if named is None:
        return False
    text = named.text.strip().upper()
    text = text.rpartition(":")[2].removesuffix("!").lstrip("/$.")
    draft.note("symbol", named)
    option = occ_parts(text) if len(text) > 12 else None
    if option is not None:
        draft.symbol, (month, day, year), draft.right, draft.strike = option
        draft.asset = AssetClass.OPTION
        for field in ("strike", "right"):
            draft.note(field, named)
        _expiry(draft, named, (month, day, year), sent_at, is_trading_day)
        return True
    root = futures_root(text) or _long_code(text)
    if root is not None:
        draft.symbol, draft.asset = root if isinstance(root, str) else root.root, AssetClass.FUTURE
        return True
    if is_foreign_market(text.lower()) or not text.replace(".", "").isalpha() or len(text) > 6:
        return False
    draft.symbol, draft.asset = text, AssetClass.STOCK
    return _option_fields(draft, sent_at, is_trading_day)


def _long_code(text: str) -> str | None:
    """`ESZ2026`: the exchange's code with a year of four digits."""
    if len(text) > 6 and text[-4:].isdigit() and text[-4:-2] == "20":
        root = futures_root(text[:-4] + text[-2:])
        return root.root if root is not None else None
    return None


def _option_fields(draft: BodyDraft, sent_at: datetime, is_trading_day: IsTradingDay) -> bool:
    kind, strike, expiry = draft.first("optionType"), draft.first("strikePrice"), draft.first("expiration")
    chosen = draft.first("intrinsicValue", "strikesAway", "strikeCount")
    other = next((key for key in draft.fields if _names_option(key)), None)
    if other is not None:
        draft.doubt("FIELD_UNKNOWN", f"{other} may name an option, and is no field of this form")
    if kind is None and strike is None and expiry is None and chosen is None:
        return True
    draft.asset = AssetClass.OPTION
    if kind is not None and kind.word in ("call", "put"):
        draft.right = Right.CALL if kind.word == "call" else Right.PUT
        draft.note("right", kind)
    else:
        draft.doubt("RIGHT_MISSING", "the body does not say call or put")
    if strike is not None and strike.number is not None and strike.number > 0:
        draft.strike = strike.number
        draft.note("strike", strike)
    else:
        draft.doubt("STRIKE_MISSING", "the body leaves the strike to be chosen")
    if expiry is not None:
        day = _iso_day(expiry.word)
        if day is None:
            draft.doubt("EXPIRY_UNCLEAR", f"the expiry {expiry.text} is no date")
        else:
            _expiry(draft, expiry, day, sent_at, is_trading_day)
    return True


def _names_option(key: str) -> bool:
    """A key that speaks of an option in another form's words; to pass it over would trade something else."""
    lower = key.lower()
    return key not in _OPTION_KEYS and any(part in lower for part in ("strike", "expir", "option", "call", "put"))


_OPTION_KEYS = ("optionType", "strikePrice", "expiration", "intrinsicValue", "strikesAway", "strikeCount")


def _iso_day(text: str) -> tuple[int, int, int] | None:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return None
    return on.month, on.day, on.year


def _expiry(
    draft: BodyDraft, value: Value, day: tuple[int, int, int], sent_at: datetime, is_trading_day: IsTradingDay
) -> None:
    found = from_month_day(*day, eastern_date(sent_at), is_trading_day)
    if found is None or found.doubt:
        draft.doubt("EXPIRY_UNCLEAR", found.doubt if found else f"{value.text} is no date")
    if found is not None:
        draft.expiry = found.on
        draft.note("expiry", value)


def _quantity(draft: BodyDraft, kinds: tuple[ActionKind, ...]) -> None:
    """A share of the position only ever reduces; a count must be whole."""
    value = draft.first("quantity", "qty", "size", "contracts")
    if value is None or not value.word:
        return
    draft.note("qty", value)
    if value.word.endswith("%"):
        part = Value(value.word[:-1], value.start, value.end).number
        if part is None or not 0 < part <= 100 or ActionKind.CLOSE not in kinds or len(kinds) > 1:
            draft.doubt("QUANTITY", f"{value.text} is a share of something that is not open")
        elif part < 100:
            draft.quantity = Quantity(QuantityUnit.PERCENT, Fraction(part))
            draft.part = True
        return
    count = value.number
    if count is None or count != count.to_integral_value() or not 0 < count <= 9999:
        draft.doubt("QUANTITY", f"{value.text} is no usable quantity")
    else:
        draft.quantity = Quantity(QuantityUnit.COUNT, Fraction(int(count)))


_STOPS = {
    "stopLoss.percent": LevelUnit.PERCENT, "stopLoss.stopPrice": LevelUnit.PRICE, "sl_price": LevelUnit.PRICE,
    "stop_price": LevelUnit.PRICE, "stopPrice": LevelUnit.PRICE, "stop_loss": LevelUnit.PRICE,
}  # fmt: skip
_TARGETS = {
    "takeProfit.percent": LevelUnit.PERCENT, "takeProfit.limitPrice": LevelUnit.PRICE, "tp_price": LevelUnit.PRICE,
    "target_price": LevelUnit.PRICE, "take_profit": LevelUnit.PRICE,
}  # fmt: skip
_UNITLESS = ("sl", "tp", "stopLoss", "takeProfit", "stopLoss.amount", "takeProfit.amount")


def _levels(draft: BodyDraft) -> None:
    price = draft.first("price", "signalPrice", "limitPrice", "entry")
    if price is not None and price.number is not None and price.number > 0:
        draft.price = price.number
        draft.note("price", price)
    elif price is not None and price.word:
        draft.doubt("PRICE_UNREADABLE", f"{price.text} is no price")
    for key, unit in _STOPS.items():
        level = _level(draft, key, unit, "sl")
        draft.stop = draft.stop or level
    for key, unit in _TARGETS.items():
        level = _level(draft, key, unit, "pts")
        draft.targets = (*draft.targets, level) if level is not None else draft.targets
    for key in _UNITLESS:
        if key in draft.fields and draft.fields[key].word not in ("", "0"):
            draft.doubt("LEVEL_UNIT", f"{key}={draft.fields[key].text} may be pips, an amount or a price")


def _level(draft: BodyDraft, key: str, unit: LevelUnit, field: str) -> Level | None:
    value = draft.fields.get(key)
    if value is None or not value.word:
        return None
    number = value.number
    if number is None or number <= 0:
        draft.doubt("LEVEL_UNIT", f"{key}={value.text} is no level")
        return None
    draft.note(field, value)
    return Level(unit, number)
