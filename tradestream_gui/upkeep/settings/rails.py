"""The one table of rails with what the first run writes for each, and how orders are carried out."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, model_validator

from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.policies import LossAction
from tradestream_gui.upkeep.settings.fields import Section, like, option, plain, rail

TimeText = Annotated[str, like(r"([01][0-9]|2[0-3]):[0-5][0-9]", "write a time such as 09:30")]
"""Hours and minutes, 00:00 to 23:59."""


def known_zone(name: str) -> str:
    """The zone's own name back; raises ValueError for one that this machine does not know."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name} is no time zone name such as America/Chicago") from error
    return name


ZoneText = Annotated[str, AfterValidator(known_zone)]


class KindRails(Section):
    """What differs by the kind of account."""

    risk_per_trade: Decimal = rail(
        Decimal(250), "Most that one entry may lose at its stop, fees included.", "lower", unit="$", low=1, high=100_000
    )
    needs_realtime_quotes: bool = rail(False, "Refuse entries on delayed prices.", "on")
    ends_day_early: bool = rail(False, "Keep the account's own end of day (entries off, flat by).", "on")


def kind_first(risk: int, realtime: bool, early: bool) -> dict[str, object]:
    """What the first run writes for one kind of account."""
    return {"risk_per_trade": risk, "needs_realtime_quotes": realtime, "ends_day_early": early}


KIND_FIRSTS = {
    "simulator": kind_first(250, False, False),
    "broker_paper": kind_first(250, False, False),
    "funded": kind_first(100, True, True),
    "live": kind_first(100, True, False),
}


class AnalystRails(Section):
    """What following one analyst may cost; each analyst has its own count."""

    daily_loss_limit: Decimal = rail(
        Decimal(200), "Loss in a day after which this analyst is not followed.", "lower", unit="$", low=1, high=100_000
    )
    risk_per_trade: Decimal | None = rail(
        None, "Most that one entry may lose; empty: the account's own limit.", "lower", unit="$", low=1, high=100_000
    )
    max_open_trades: int = rail(2, "Positions open at once for one analyst.", "lower", low=1, high=50)
    max_entries_per_day: int = rail(10, "Entries a day for one analyst.", "lower", low=1, high=200)
    loss_streak: int = rail(3, "Losing trades in a row that pause the analyst.", "lower", low=1, high=50)
    loss_pause_min: int = rail(60, "Length of that pause.", "higher", unit="min", low=1, high=1_440)
    alert_max_age_s: int = rail(30, "Age beyond which an alert is not traded.", "lower", unit="s", low=5, high=120)


class ManualRails(Section):
    """What holds for trades by hand."""

    daily_loss_limit: Decimal = rail(
        Decimal(500), "Loss in a day after which no entry by hand is taken.", "lower", unit="$", low=1, high=100_000
    )
    risk_per_trade: Decimal | None = rail(
        None, "Most that one entry may lose; empty: the account's own limit.", "lower", unit="$", low=1, high=100_000
    )
    max_entries_per_day: int = rail(30, "Entries a day by hand.", "lower", low=1, high=500)
    loss_streak: int = rail(3, "Losing trades in a row that pause entries by hand.", "lower", low=1, high=50)
    loss_pause_min: int = rail(60, "Length of that pause.", "higher", unit="min", low=1, high=1_440)
    max_distance_future_pct: Decimal = rail(
        Decimal(1), "A limit farther from the last price is taken for a slip.", "lower", unit="%", low=0, high=100
    )
    max_distance_option_pct: Decimal = rail(
        Decimal(20), "The same for options, of the premium.", "lower", unit="%", low=0, high=1_000
    )
    max_distance_stock_pct: Decimal = rail(Decimal(3), "The same for stocks.", "lower", unit="%", low=0, high=100)
    duplicate_window_s: int = rail(
        10, "The same ticket again within this asks first.", "higher", unit="s", low=0, high=600
    )


class GoLiveRails(Section):
    """What an analyst shows on paper before an alert may open a position in a FUNDED or LIVE account."""

    paper_trades: int = option(
        20, "Trades of the analyst that paper has opened and closed; 0 asks for none.", low=0, high=1_000,
        tighter="higher",
    )  # fmt: skip
    clean_days: int = option(
        5, "Days in a row with fills on paper and no difference to the broker; 0 asks for none.", unit="days", low=0,
        high=250, tighter="higher",
    )  # fmt: skip
    drill_days: int = option(
        30, "An outage drill has passed in so many days.", unit="days", low=1, high=365, tighter="lower"
    )
    drill: bool = option(True, "Ask for the outage drill.", tighter="on")


class RiskSettings(Section):
    """Every rail of an account. An account may have its own value for any of them under accounts: limits."""

    daily_loss_limit: Decimal = rail(
        Decimal(500), "Loss in a day, open positions and fees included.", "lower", unit="$", low=1, high=1_000_000
    )
    daily_loss_action: LossAction = rail(
        LossAction.FLATTEN_AND_LOCK, "What reaching the daily loss limit does.", "mode"
    )
    max_drawdown_pct: Decimal = rail(
        Decimal(10), "Fall from the account's highest close that stops entries.", "lower", unit="%", low=1, high=100
    )
    max_order_qty_future: int = rail(5, "Contracts of one futures entry.", "lower", low=1, high=50)
    max_order_qty_option: int = rail(5, "Contracts of one option entry.", "lower", low=1, high=50)
    max_order_qty_stock: int = rail(100, "Shares of one stock entry.", "lower", low=1, high=1_000)
    max_notional_option: Decimal = rail(
        Decimal(5_000), "Premium of one option entry.", "lower", unit="$", low=1, high=1_000_000
    )
    max_notional_stock: Decimal = rail(
        Decimal(5_000), "Value of one stock entry.", "lower", unit="$", low=1, high=10_000_000
    )
    max_position_qty_future: int = rail(10, "Contracts held of one future, orders included.", "lower", low=1, high=500)
    max_position_qty_option: int = rail(10, "Contracts held of one option, orders included.", "lower", low=1, high=500)
    max_position_qty_stock: int = rail(200, "Shares held of one stock, orders included.", "lower", low=1, high=10_000)
    max_minis: Decimal = rail(
        Decimal(5), "All futures together, counted in minis (a micro is 0.1).", "lower", low=Decimal("0.1"), high=500
    )
    max_open_positions: int = rail(5, "Instruments held at once.", "lower", low=1, high=100)
    max_open_risk: Decimal = rail(
        Decimal(500), "Loss if every stop were hit now.", "lower", unit="$", low=1, high=1_000_000
    )
    max_heat_pct: Decimal = rail(
        Decimal(5), "The same as a part of the account.", "lower", unit="%", low=Decimal("0.1"), high=100
    )
    max_exposure_name: Decimal = rail(
        Decimal(10_000), "Value held in one stock and its options.", "lower", unit="$", low=1, high=100_000_000
    )
    max_exposure_sector: Decimal = rail(
        Decimal(15_000), "Value held in one sector's stocks and options.", "lower", unit="$", low=1, high=100_000_000
    )
    max_exposure_gross: Decimal = rail(
        Decimal(3_000_000), "Value of everything held, futures in full.", "lower", unit="$", low=1, high=1_000_000_000
    )
    max_exposure_net: Decimal = rail(
        Decimal(3_000_000), "Value of longs less shorts, either way.", "lower", unit="$", low=1, high=1_000_000_000
    )
    max_entries_per_day: int = rail(30, "Entries a day in one account.", "lower", low=1, high=1_000)
    entries_per_minute: int = rail(10, "Entries a minute in one account.", "lower", low=1, high=100)
    same_side_entries: int = rail(2, "Entries of one instrument and side within the window.", "lower", low=1, high=50)
    same_side_window_s: int = rail(60, "That window.", "higher", unit="s", low=1, high=3_600)
    breaker_rejects: int = rail(5, "Broker rejects within the window that halt an account.", "lower", low=1, high=100)
    breaker_uncertain: int = rail(3, "Unanswered orders within it that halt an account.", "lower", low=1, high=100)
    breaker_window_s: int = rail(60, "That window.", "higher", unit="s", low=1, high=3_600)
    breaker_denials: int = rail(20, "Refusals of our own within one second that halt it.", "lower", low=2, high=1_000)
    quote_max_age_future_s: Decimal = rail(
        Decimal(2), "Silence of a futures stream that stops entries.", "lower", unit="s", low=Decimal("0.5"), high=60
    )
    quote_max_age_option_s: Decimal = rail(
        Decimal(5), "The same for options.", "lower", unit="s", low=Decimal("0.5"), high=120
    )
    quote_max_age_stock_s: Decimal = rail(
        Decimal(5), "The same for stocks.", "lower", unit="s", low=Decimal("0.5"), high=120
    )
    max_clock_offset_s: Decimal = rail(
        Decimal(2), "Error of this machine's clock that stops entries.", "lower", unit="s", low=Decimal("0.1"), high=60
    )
    drift_future_stop_pct: Decimal = rail(
        Decimal(25), "How far a future may have run, of the alert's stop distance.", "lower", unit="%", low=0, high=100
    )
    drift_future_atr_pct: Decimal = rail(
        Decimal(5), "And of the market's daily range.", "lower", unit="%", low=0, high=100
    )
    drift_option_pct: Decimal = rail(
        Decimal(10), "How far an option's premium may have run.", "lower", unit="%", low=0, high=100
    )
    drift_option_floor: Decimal = rail(
        Decimal("0.10"), "Always allowed for an option, in price.", "lower", low=0, high=10
    )
    drift_stock_pct: Decimal = rail(Decimal(1), "How far a stock may have run.", "lower", unit="%", low=0, high=100)
    stop_required: bool = rail(True, "Refuse alert entries without a stop.", "on")
    stop_future_atr_multiple: Decimal = rail(
        Decimal("0.5"), "Farthest stop of a future, in daily ranges.", "lower", unit="ATR", low=0, high=10
    )
    stop_future_price_pct: Decimal = rail(
        Decimal("0.5"), "And of the price where no daily range is known.", "lower", unit="%", low=0, high=100
    )
    stop_option_pct: Decimal = rail(
        Decimal(50), "Farthest stop of an option, of the premium.", "lower", unit="%", low=0, high=100
    )
    stop_stock_pct: Decimal = rail(Decimal(10), "Farthest stop of a stock.", "lower", unit="%", low=0, high=100)
    spread_option_pct: Decimal = rail(
        Decimal(15), "Widest spread of an option, of its middle.", "lower", unit="%", low=0, high=200
    )
    spread_future_ticks: int = rail(4, "Widest spread of a future.", "lower", unit="ticks", low=1, high=100)
    no_entry_before_close_min: int = rail(
        10, "No entry this long before the close.", "higher", unit="min", low=0, high=600
    )
    no_entry_before_expiry_min: int = rail(
        10, "No entry this long before a contract expires.", "higher", unit="min", low=0, high=10_080
    )
    day_end_zone: ZoneText = rail("America/Chicago", "Time zone of an account's own end of day.", "")
    entries_off_at: TimeText = rail("15:00", "No entries from here, where an account ends its day early.", "earlier")
    flatten_at: TimeText = rail("15:05", "Everything is closed here.", "earlier")
    flat_verified_by: TimeText = rail("15:07", "The account is known to be flat by here.", "earlier")
    allowed_symbols: tuple[str, ...] = rail(("*",), "Roots and tickers that may be entered; * for all known.", "fewer")
    simulator: KindRails
    broker_paper: KindRails
    funded: KindRails
    live: KindRails
    analyst: AnalystRails
    manual: ManualRails
    go_live: GoLiveRails = GoLiveRails()

    @model_validator(mode="after")
    def _in_order(self) -> "RiskSettings":
        if not self.entries_off_at <= self.flatten_at <= self.flat_verified_by:
            raise ValueError("entries_off_at, flatten_at and flat_verified_by must follow one another")
        return self


def effective_risk(risk: RiskSettings, kind: AccountKind, own: Mapping[str, Any]) -> tuple[RiskSettings, KindRails]:
    """The rails of one account with its own values laid over; raises pydantic's error for a bad one."""
    base: KindRails = getattr(risk, kind.name.lower())
    of_kind = {name: value for name, value in own.items() if name in KindRails.model_fields}
    general = {name: value for name, value in own.items() if name not in of_kind}
    return (
        RiskSettings.model_validate({**plain(risk), **general}),
        KindRails.model_validate({**plain(base), **of_kind}),
    )


class ExecutionSettings(Section):
    """How a decided alert becomes orders."""

    entry_timeout_s: int = rail(60, "An unfilled entry is cancelled after this.", "lower", unit="s", low=5, high=120)
    approval_life_s: int = rail(90, "A card that waits for your approval runs out.", "lower", unit="s", low=5, high=600)
    answer_timeout_s: Decimal = rail(
        Decimal(5), "An unanswered order is asked about after this.", "lower", unit="s", low=1, high=30, restart=True
    )
    protection_timeout_s: Decimal = rail(
        Decimal(5), "A fill without its stop is flattened after this.", "lower", unit="s", low=1, high=30, restart=True
    )
    future_tolerance_s: Decimal = rail(
        Decimal(2), "How far ahead of this clock an alert may be stamped.", "lower", unit="s", low=0, high=30
    )
    duplicate_window_min: int = rail(
        10,
        "The same signal is refused within this, and held for the rest of the day.",
        "higher",
        unit="min",
        low=1,
        high=600,
        restart=True,
    )
    edit_may_trade: bool = rail(False, "An edit that makes chatter an alert may trade within 10 s of posting.", "off")
    option_quote_wait_s: Decimal = option(
        Decimal(3), "How long an option's two-sided quote is waited for.", unit="s", low=0, high=30, restart=True
    )
    physical_close_at: TimeText = option(
        "15:45", "New York time at which physically settled options are closed on their last day.", tighter="earlier"
    )
    hold_physical: bool = option(False, "Keep them instead and take delivery.", tighter="off")
