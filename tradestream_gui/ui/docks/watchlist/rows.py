"""The watchlist's rows and columns: what was last seen of each instrument, and how old that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradestream_gui.domain.contract_names import contract_name, spoken_name
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import plain_text
from tradestream_gui.domain.options import option_symbol_of
from tradestream_gui.market.day_stats import DayStats
from tradestream_gui.ui.format import NOTHING, age_text, mark, percent_text, points_text, price_text
from tradestream_gui.ui.freshness import Seen, seen
from tradestream_gui.ui.models.columns import Align, Column
from tradestream_gui.ui.shell.tone import Tone, profit_tone

if TYPE_CHECKING:
    from tradestream_gui.core import Core

NO_CLOSE = "The close of the session before is not known yet, so there is no change to show."
NO_PRICE = "No price to show."


@dataclass(frozen=True, slots=True)
class WatchRow:
    """One instrument as the watchlist shows it; `held` is True while a position in it is open."""

    instrument: Instrument
    market: Seen
    stats: DayStats | None
    held: bool

    @property
    def change(self) -> Decimal | None:
        """Points since the close of the session before."""
        close = None if self.stats is None else self.stats.previous_close
        return None if close is None or self.market.last is None else self.market.last - close

    @property
    def change_share(self) -> Decimal | None:
        close = None if self.stats is None else self.stats.previous_close
        return None if self.change is None or not close else self.change / close

    @property
    def bid(self) -> Decimal | None:
        return None if self.market.quote is None else self.market.quote.bid

    @property
    def ask(self) -> Decimal | None:
        return None if self.market.quote is None else self.market.quote.ask

    @property
    def age(self) -> timedelta | None:
        return None if self.market.age_s is None else timedelta(seconds=self.market.age_s)

    @property
    def change_note(self) -> str:
        """Why there is no change to show, or since when it counts."""
        if self.market.last is None:
            return self.market.words
        if self.change is None or self.stats is None:
            return NO_CLOSE
        return f"Since the close of the session before, {price_text(self.stats.previous_close, self.instrument)}."


def watch_row(core: Core, instrument: Instrument) -> WatchRow:
    """The row as the board stands now."""
    return WatchRow(
        instrument=instrument,
        market=seen(core, instrument),
        stats=core.board.day_stats(instrument.instrument_id),
        held=bool(core.lots.open_lots(instrument_id=instrument.instrument_id)),
    )


def watch_columns() -> list[Column[WatchRow]]:
    return [
        Column(
            key="symbol", title="Symbol", text=lambda row: short_name(row.instrument), width=124, strong=True,
            elastic=1,
            tooltip=_symbol_tip, accessible=_spoken_symbol,
        ),
        _number("last", "Last", 84, lambda row: row.market.last, flash=True, tooltip=lambda row: row.market.words),
        Column(
            key="percent", title="Chg %", width=78, align=Align.RIGHT, spare=1, text=change_share_text,
            tone=lambda row: profit_tone(row.change), sort_key=lambda row: row.change_share,
            tooltip=lambda row: row.change_note, accessible=_spoken_share,
        ),
        Column(
            key="change", title="Chg", width=72, align=Align.RIGHT, spare=4,
            text=lambda row: NOTHING if row.change is None else points_text(row.change, row.instrument),
            tone=lambda row: profit_tone(row.change), sort_key=lambda row: row.change,
            tooltip=lambda row: row.change_note,
        ),
        _number("bid", "Bid", 84, lambda row: row.bid, tooltip=lambda row: row.market.words, spare=2),
        _number("ask", "Ask", 84, lambda row: row.ask, tooltip=lambda row: row.market.words, spare=2),
        Column(
            key="age", title="Age", width=50, align=Align.RIGHT, spare=3, text=lambda row: age_text(row.age),
            tone=lambda row: Tone.STALE if row.market.is_stale else Tone.MUTED,
            sort_key=lambda row: row.market.age_s, tooltip=lambda row: row.market.words,
            header_tooltip="Seconds since the price came in",
        ),
    ]  # fmt: skip


def short_name(instrument: Instrument) -> str:
    """The contract's name; an option's fits a narrow column with the strike before the day: `AAPL 275C 18Dec`."""
    if instrument.expiry is None or instrument.strike is None or instrument.right is None:
        return contract_name(instrument)
    strike = f"{plain_text(instrument.strike)}{instrument.right.value}"
    return f"{option_symbol_of(instrument).root} {strike} {instrument.expiry.day}{instrument.expiry:%b}"


def change_share_text(row: WatchRow) -> str:
    """`▲ 0.31 %`, a dash without a known close."""
    share = row.change_share
    return NOTHING if share is None else mark(share) + percent_text(abs(share), 2)


def _spoken_share(row: WatchRow) -> str:
    share = row.change_share
    if share is None:
        return "change not known"
    way = "up" if share > 0 else "down" if share < 0 else "unchanged,"
    return f"{way} {percent_text(abs(share), 2).replace(' %', ' percent')}"


def _number(
    key: str,
    title: str,
    width: int,
    value: Callable[[WatchRow], Decimal | None],
    *,
    tooltip: Callable[[WatchRow], str],
    flash: bool = False,
    spare: int = 0,
) -> Column[WatchRow]:
    def text(row: WatchRow) -> str:
        return price_text(value(row), row.instrument)

    def order(row: WatchRow) -> Any:
        return value(row)

    return Column(
        key=key, title=title, width=width, align=Align.RIGHT, text=text, sort_key=order, flash=flash,
        spare=spare,
        tone=lambda row: Tone.STALE if row.market.is_stale else None, tooltip=tooltip,
    )  # fmt: skip


def _symbol_tip(row: WatchRow) -> str:
    lines = [f"{contract_name(row.instrument)}  {row.instrument.description}".strip(), row.market.words]
    return "\n".join([*lines, "A position is open here."] if row.held else lines)


def _spoken_symbol(row: WatchRow) -> str:
    return f"{spoken_name(row.instrument)}, {row.market.words}"
