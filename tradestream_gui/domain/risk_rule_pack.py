"""A funded account measured by its rules: where its loss line stands, what may be held, what has been broken."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tradestream_gui.domain.decisions import CheckResult
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.money import ZERO, plain_text, to_cents
from tradestream_gui.domain.risk_size import Room, room_for
from tradestream_gui.domain.rule_packs import NewsWindow, PackChoice, PackLossAction, RulePack, TrailMode


@dataclass(frozen=True, slots=True)
class PackFacts:
    """An account at one moment; US dollars of profit since its start, None or NaN where nobody knows.

    `equity` holds what is open, `realized` does not; `close` is the profit at the last day's end, `high_close` and
    `high_ever` the highest at a day's end and at any moment; `day` is today's, what is open included.
    """

    at: datetime
    equity: Decimal | None
    realized: Decimal | None
    close: Decimal | None
    high_close: Decimal | None
    high_ever: Decimal | None
    day: Decimal | None
    trades_today: int
    held_minis: Decimal
    open_risk: Decimal
    day_is_over: bool


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that is broken, or our own line before it (`is_ours`); `ends_account` when the firm closes it for good."""

    code: str
    words: str
    is_ours: bool
    ends_account: bool
    action: PackLossAction


def loss_line(pack: RulePack, high: Decimal, paid_out: bool) -> Decimal:
    """The profit at which the account is lost: it follows the highest profit and never falls."""
    if paid_out:
        return pack.locks_at
    return min(max(high, ZERO) - pack.max_loss, pack.locks_at)


def high_of(pack: RulePack, facts: PackFacts) -> Decimal | None:
    return facts.high_ever if pack.trail is TrailMode.INTRADAY else facts.high_close


def loss_left(pack: RulePack, facts: PackFacts, paid_out: bool) -> Decimal | None:
    """What may still be lost before the account is; None when it cannot be known."""
    high = high_of(pack, facts)
    if not _known(high, facts.equity):
        return None
    assert high is not None
    assert facts.equity is not None
    return facts.equity - loss_line(pack, high, paid_out)


def own_loss_left(choice: PackChoice, pack: RulePack, facts: PackFacts) -> Decimal | None:
    """The same up to our own line, which stands before the firm's."""
    left = loss_left(pack, facts, choice.paid_out)
    return None if left is None else left - pack.max_loss * (1 - choice.own_share)


def own_daily_left(choice: PackChoice, pack: RulePack, facts: PackFacts) -> Decimal | None:
    """What may still be lost today up to our own line; None when unknown. Ask only where a daily loss acts."""
    if pack.daily_loss is None or not _known(facts.day):
        return None
    assert facts.day is not None
    return pack.daily_loss * choice.own_share + facts.day


def minis_allowed(pack: RulePack, close: Decimal | None) -> Decimal | None:
    """How many minis may be held by the profit of the last day's end; it does not rise during the day."""
    if not pack.scaling:
        return pack.max_minis
    if not _known(close):
        return None
    assert close is not None
    reached = [step.minis for step in pack.scaling if close >= step.profit_from]
    return min(max(reached, default=pack.scaling[0].minis), pack.max_minis)


def daily_loss_acts(pack: RulePack) -> bool:
    return pack.daily_loss is not None and pack.daily_loss_action is not PackLossAction.NOTHING


def pack_checks(choice: PackChoice, facts: PackFacts, instrument: Instrument) -> tuple[CheckResult, ...]:
    """What the rules say to an entry in this instrument now; every unknown figure refuses."""
    pack = choice.pack
    if pack is None:
        words = f"the rules {choice.name} are not known here; choose others for this account"
        return (CheckResult("PACK_UNKNOWN", False, words, "unknown", ""),)
    is_future = instrument.asset_class is AssetClass.FUTURE
    found = [
        CheckResult(
            "PACK_INSTRUMENT",
            is_future or not pack.futures_only,
            f"{pack.firm} takes futures only",
            instrument.asset_class.value,
            "future",
        ),
        _money_check("PACK_MAX_LOSS", "what may be lost before our own line", own_loss_left(choice, pack, facts)),
        CheckResult("PACK_FLAT_BY", not facts.day_is_over, f"{pack.firm}'s trading day", _over(facts), "runs"),
    ]
    if daily_loss_acts(pack):
        left = own_daily_left(choice, pack, facts)
        found.append(_money_check("PACK_DAILY_LOSS", "what may be lost today before our own line", left))
    if pack.max_trades_per_day is not None:
        passed = facts.trades_today < pack.max_trades_per_day
        words = f"trades that {pack.firm} allows a day"
        found.append(CheckResult("PACK_TRADES", passed, words, str(facts.trades_today), str(pack.max_trades_per_day)))
    if choice.avoids_news:
        found.append(_news_check(choice.news, facts.at))
    return tuple(found)


def pack_rooms(
    choice: PackChoice, facts: PackFacts, instrument: Instrument, risk_per_unit: Decimal | None
) -> tuple[Room, ...]:
    """How many contracts the rules leave: by the plan's size, and by what may still be lost at the stops."""
    pack = choice.pack
    if pack is None:
        return (Room("PACK_UNKNOWN", 0, f"the rules {choice.name} are not known"),)
    found = []
    if instrument.asset_class is AssetClass.FUTURE and instrument.mini_equivalents > 0:
        allowed = minis_allowed(pack, facts.close)
        left = None if allowed is None else allowed - facts.held_minis
        told = "an unknown number of" if allowed is None else plain_text(allowed)
        words = f"{plain_text(facts.held_minis)} of {told} minis that {pack.firm} allows"
        found.append(_counted("PACK_CONTRACTS", left, instrument.mini_equivalents, words))
    if risk_per_unit is not None and (not risk_per_unit.is_finite() or risk_per_unit > 0):
        lines = [("PACK_MAX_LOSS", own_loss_left(choice, pack, facts), "room to our own loss line")]
        if daily_loss_acts(pack):
            lines.append(("PACK_DAILY_LOSS", own_daily_left(choice, pack, facts), "room to our own daily line"))
        for code, budget, words in lines:
            found.append(room_for(code, None if budget is None else budget - facts.open_risk, risk_per_unit, words))
    return tuple(found)


def breaches(choice: PackChoice, facts: PackFacts) -> tuple[Breach, ...]:
    """What is broken now, open profit and loss included, the gravest first. Unknown figures break nothing."""
    pack = choice.pack
    if pack is None:
        return ()
    found = []
    left, own = loss_left(pack, facts, choice.paid_out), own_loss_left(choice, pack, facts)
    if left is not None and left <= 0:
        words = f"{pack.firm}'s maximum loss line is reached: {_money(left)} from it"
        found.append(Breach("PACK_MAX_LOSS", words, False, True, PackLossAction.LIQUIDATE_AND_BLOCK))
    elif own is not None and own <= 0 and left is not None:
        words = f"our own line before {pack.firm}'s maximum loss is reached: {_money(left)} left to it"
        found.append(Breach("PACK_MAX_LOSS", words, True, False, PackLossAction.LIQUIDATE_AND_BLOCK))
    if pack.daily_loss is not None and _known(facts.day):
        assert facts.day is not None
        if facts.day <= -pack.daily_loss:
            words = f"{pack.firm}'s daily loss of {_money(pack.daily_loss)} is reached: {_money(facts.day)} today"
            found.append(Breach("PACK_DAILY_LOSS", words, False, False, pack.daily_loss_action))
        elif daily_loss_acts(pack) and facts.day <= -pack.daily_loss * choice.own_share:
            words = f"our own line before {pack.firm}'s daily loss is reached: {_money(facts.day)} today"
            found.append(Breach("PACK_DAILY_LOSS", words, True, False, pack.daily_loss_action))
    allowed = minis_allowed(pack, facts.close)
    if allowed is not None and _known(facts.held_minis) and facts.held_minis > allowed:
        words = f"{plain_text(facts.held_minis)} minis are held, {pack.firm} allows {plain_text(allowed)}"
        found.append(Breach("PACK_CONTRACTS", words, False, False, PackLossAction.NOTHING))
    return tuple(found)


def _known(*values: Decimal | None) -> bool:
    return all(value is not None and value.is_finite() for value in values)


def _money_check(code: str, words: str, left: Decimal | None) -> CheckResult:
    passed = left is not None and left > 0
    return CheckResult(code, passed, words, "unknown" if left is None else _money(left), "more than $0")


def _news_check(news: tuple[NewsWindow, ...], at: datetime) -> CheckResult:
    window = next((window for window in news if window.covers(at)), None)
    words = "no scheduled release now" if window is None else f"{window.title} until {window.ends:%H:%M} UTC"
    return CheckResult("PACK_NEWS", window is None, words, "now" if window else "none", "none")


def _over(facts: PackFacts) -> str:
    return "has ended" if facts.day_is_over else "runs"


def _counted(code: str, left: Decimal | None, per_unit: Decimal, words: str) -> Room:
    if left is None or not left.is_finite():
        return Room(code, 0, words)
    return Room(code, max(int(left / per_unit), 0), words)


def _money(amount: Decimal) -> str:
    sign = "-" if amount < 0 else ""
    return f"{sign}${to_cents(abs(amount)):,}"
