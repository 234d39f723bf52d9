"""The unit of a level: own price, percent, or the underlying's level, by its distance from strike and premium."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.scene import Draft, LevelWords, Scene
from tradestream_gui.domain.alerts import ActionKind, Level, LevelUnit, PriceRange
from tradestream_gui.domain.instruments import AssetClass

FUTURES_SIZED = 2000
"""A bare level above this without a contract is a future's own price; below it, an underlying's."""
PREMIUM_SIZED = 20
"""A bare level below this without a contract is a premium."""


def settle_levels(scene: Scene, draft: Draft) -> None:
    """Turns the level words of a draft into levels; a doubt is noted where the unit is unclear."""
    if draft.stop_words is not None:
        draft.stop = level_of(draft, draft.stop_words, scene)
    if draft.target_words:
        draft.targets = tuple([level_of(draft, words, scene) for words in draft.target_words])
    if draft.trigger_words is not None:
        draft.trigger = level_of(draft, draft.trigger_words, scene)


def level_of(draft: Draft, words: LevelWords, scene: Scene) -> Level:
    if words.form == "number":
        assert words.value is not None
        return Level(_unit(draft, words, words.value, scene), words.value, words.candle_minutes, words.trail)
    if words.form == "break-even":
        return Level(LevelUnit.BREAK_EVEN, None, words.candle_minutes)
    if words.form == "percent":
        return Level(LevelUnit.PERCENT, words.value, trail_percent=words.trail)
    if words.form == "r":
        return Level(LevelUnit.R, words.value)
    if words.form == "ticks":
        if draft.contract is None or not draft.contract.is_root or draft.contract.is_option:
            draft.doubt("LEVEL_UNIT", f"{words.value} ticks are counted in futures only")
        return Level(LevelUnit.TICKS, words.value)
    return Level(LevelUnit.POINTS, words.value)


def _unit(draft: Draft, words: LevelWords, value: Decimal, scene: Scene) -> LevelUnit:
    if words.underlying:
        return LevelUnit.UNDERLYING
    contract = draft.contract
    if draft.trigger_words is words and contract is not None and contract.is_option:
        return LevelUnit.UNDERLYING
    if contract is not None and ((contract.is_root and not contract.is_option) or contract.shares):
        return LevelUnit.PRICE
    about = draft.about if contract is None else None
    if about is not None and about.asset in (AssetClass.FUTURE, AssetClass.STOCK):
        return LevelUnit.PRICE
    if about is not None and about.strike is not None:
        return LevelUnit.UNDERLYING if about.strike / 2 <= value <= about.strike * 3 / 2 else LevelUnit.PRICE
    premium = draft.price.high if isinstance(draft.price, PriceRange) else draft.price
    strike = contract.strike if contract is not None else None
    if strike is not None or (premium is not None and draft.kind.opens):
        near_strike = strike is not None and strike <= value * 2 and value * 2 <= strike * 3
        near_premium = premium is not None and premium <= value * 20 and value <= premium * 12
        if near_premium and not near_strike:
            return LevelUnit.PRICE
        if near_strike and not near_premium:
            return LevelUnit.UNDERLYING
        if near_strike and near_premium:
            draft.doubt("LEVEL_UNIT", f"{value} may be a premium or a level of the underlying")
            return LevelUnit.PRICE
        if strike is None and premium is not None:
            return LevelUnit.UNDERLYING if value > premium * 12 else LevelUnit.PRICE
        if premium is None and value < PREMIUM_SIZED:
            return LevelUnit.PRICE
        draft.doubt("LEVEL_UNIT", f"{value} fits neither the premium nor the underlying")
        return LevelUnit.UNDERLYING if value > PREMIUM_SIZED else LevelUnit.PRICE
    if contract is not None and _is_priced_like(draft, value, scene):
        return LevelUnit.PRICE
    return _unit_without_contract(draft, words, value)


def _is_priced_like(draft: Draft, value: Decimal, scene: Scene) -> bool:
    """`Sold a third of UBER at 98.40, stop 93`: in the unit of the price that the message tells of the same name."""
    for other in scene.drafts:
        price = other.price
        if other is draft or not isinstance(price, Decimal) or other.contract is None or draft.contract is None:
            continue
        if other.contract.symbol == draft.contract.symbol and price < value * 2 and value < price * 2:
            return True
    return False


def _unit_without_contract(draft: Draft, words: LevelWords, value: Decimal) -> LevelUnit:
    if value >= FUTURES_SIZED and not words.dollar and draft.contract is None:
        return LevelUnit.PRICE
    if value < PREMIUM_SIZED and words.candle_minutes is None:
        return LevelUnit.PRICE
    if value < 50 and draft.kind is not ActionKind.SET_TARGET and words.candle_minutes is None and not words.dollar:
        draft.doubt("LEVEL_UNIT", f"{value} may be a premium or a level of the underlying")
    return LevelUnit.UNDERLYING
