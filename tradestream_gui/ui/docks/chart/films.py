"""Alerts on the chart: each one's claim, the market then, our fills and how far it went, drawn and told in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Side
from tradestream_gui.ui.charts.chart_data import Film, FilmFill, Marker, MarkerKind
from tradestream_gui.ui.format import money_text, number_text, price_text
from tradestream_gui.ui.shell.plain import one_line

if TYPE_CHECKING:
    from tradestream_gui.analytics.alert_film import AlertFilm, FilmStep, FilmTrade
    from tradestream_gui.core import Core

MAX_FILMS = 200
"""The newest that are drawn."""
_NOT_DRAWN = (Outcome.IGNORED,)


def alert_key(message_key: object) -> str:
    return f"alert:{message_key}"


def films(core: Core, instrument: Instrument) -> list[Film]:
    """One film a trade of each alert, or one without a trade; what nobody measured is left out."""
    now = core.clock.now()
    found = []
    for film in core.analytics.films.of(instrument.instrument_id)[-MAX_FILMS:]:
        if film.trades:
            found += [_film(film, trade, instrument, now) for trade in film.trades]
        else:
            found.append(_film(film, None, instrument, now))
    return found


def _film(film: AlertFilm, trade: FilmTrade | None, instrument: Instrument, now: datetime) -> Film:
    until = film.at if trade is None else trade.closed_at or now
    return Film(
        key=alert_key(film.message_key),
        time=int(film.at.timestamp()),
        is_long=film.side is Side.BUY,
        claimed=_float(film.claimed),
        bid=_float(film.bid),
        ask=_float(film.ask),
        entry=None if trade is None else _fill(trade.entry),
        exits=() if trade is None else tuple(_fill(step) for step in trade.exits),
        best=None if trade is None else _float(trade.best),
        worst=None if trade is None else _float(trade.worst),
        until=int(until.timestamp()),
        is_open=trade is not None and trade.closed_at is None,
        words=_words(film, trade, instrument),
    )


def _words(film: AlertFilm, trade: FilmTrade | None, instrument: Instrument) -> str:
    side = "Long" if film.side is Side.BUY else "Short"
    claimed = price_text(film.claimed, instrument) if film.claimed is not None else "no price"
    lines = [f"{side}, claimed {claimed}"]
    if film.bid is not None and film.ask is not None:
        lines.append(f"Market then {price_text(film.bid, instrument)} / {price_text(film.ask, instrument)}")
    else:
        lines.append("The market of that moment was not recorded")
    if trade is None:
        return "\n".join([*lines, "Not traded"])
    verb, back = ("Bought", "sold") if trade.side is Side.BUY else ("Sold", "bought")
    lines.append(f"{verb} {trade.entry.qty} at {price_text(trade.entry.price, instrument)}{_drift(film, trade)}")
    if trade.exits:
        ways = ", ".join(f"{step.qty} at {price_text(step.price, instrument)}" for step in trade.exits)
        lines.append(f"{back.capitalize()} back {ways}")
    if trade.best is not None and trade.worst is not None:
        lines.append(f"Best {price_text(trade.best, instrument)}, MFE {money_text(trade.mfe, sign=True)}")
        lines.append(f"Worst {price_text(trade.worst, instrument)}, MAE {money_text(trade.mae, sign=True)}")
    else:
        lines.append("MAE and MFE were not measured: the market was not watched all the while")
    return "\n".join(lines)


def _drift(film: AlertFilm, trade: FilmTrade) -> str:
    """How much worse or better than the alert's price we entered."""
    if film.claimed is None:
        return ""
    worse = (trade.entry.price - film.claimed) * trade.side.sign
    if not worse:
        return ", as claimed"
    return f", {number_text(abs(worse), 2)} {'worse' if worse > 0 else 'better'} than claimed"


def _fill(step: FilmStep) -> FilmFill:
    return FilmFill(int(step.at.timestamp()), float(step.price))


def _float(price: Decimal | None) -> float | None:
    return None if price is None else float(price)


def alert_markers(core: Core, instrument_id: InstrumentId, drawn: Mapping[str, Film]) -> list[Marker]:
    """Messages that spoke of this instrument, with the words of their film where they have one; a click opens them."""
    found = []
    for message in core.alerts.messages():
        decision = core.alerts.decision(message.message_key)
        if decision is None or decision.instrument_id != instrument_id or decision.outcome in _NOT_DRAWN:
            continue
        key = alert_key(message.message_key)
        film = drawn.get(key)
        words = _head(message, decision) + (f"\n{film.words}" if film is not None else "")
        found.append(Marker(key, int(message.received_at.timestamp()), 0.0, MarkerKind.ALERT, words))
    return found


def _head(message: MessageRevision, decision: Decision) -> str:
    return f"{one_line(message.author_name, 40)}: {one_line(message.text, 160)}\n{decision.outcome.value}"
