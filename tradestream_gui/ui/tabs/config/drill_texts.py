"""What a drill's report says in words: each line is something that was measured, or says why nobody could."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.drills import DrillFill, DrillKind, DrillReport, HeldLot, StopSeen, Verdict
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.trading.drills.drill import DrillProgress
from tradestream_gui.ui.format import NOTHING, date_time_text, number_text, price_text, time_text
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.tabs.portfolio.orders import origin_text

if TYPE_CHECKING:
    from tradestream_gui.core import Core

TITLE = {
    DrillKind.FEED: "Prices go silent",
    DrillKind.LINK: "The broker link breaks",
    DrillKind.PROCESS: "The program is killed",
}
WHAT = {
    DrillKind.FEED: "No price, no heartbeat, as when a stream dies. The exchange goes on seeing the market.",
    DrillKind.LINK: "Nothing gets through either way. The exchange lives on: stops and targets fill there unheard.",
    DrillKind.PROCESS: "At once and without a word, as in a crash. It opens again by itself and shows the result here.",
}
HEADLINE = {
    Verdict.PASSED: "Stops stood, every fill was booked once, nothing was sent twice.",
    Verdict.LITTLE: "Nothing went wrong, but no position with a stop was open: there was little to lose.",
    Verdict.FAILED: "Not as it should be:",
}
NOT_WATCHED = f"{NOTHING}  nobody could look while the program was away; above stands what was there before and after"


def facts(core: Core, report: DrillReport) -> list[tuple[str, str]]:
    """The report as (label, words) lines."""
    zone = ZoneInfo(core.settings.current.general.display_zone)
    return [
        ("When", f"{date_time_text(report.started_at, zone)}, {one_line(report.account_name)}"),
        ("Outage", _duration(report)),
        ("Held before", _held(core, report.before)),
        ("Held after", _held(core, report.after)),
        ("Stops at the broker", _lines(_stop(core, stop) for stop in report.stops)),
        ("Filled meanwhile", _lines(_fill(core, fill, zone) for fill in report.fills)),
        ("Without a stop", _unprotected(report)),
        ("Entries refused", _blocked(report)),
        ("Sent twice", f"{report.doubled_orders} of {report.orders_seen} orders of ours seen at the broker"),
        ("Second entries", f"{report.doubled_entries} alerts got one more entry than they had"),
    ]


def held_words(core: Core, account_id: AccountId) -> str:
    """What a drill would be about now; empty when nothing is open."""
    lots = [
        HeldLot(
            lot.lot_id,
            lot.instrument_id,
            lot.origin.label,
            lot.signed_qty,
            plan.stop_price if (plan := core.exits.plan(lot.lot_id)) is not None else None,
        )
        for lot in core.lots.open_lots(account_id)
    ]
    return ", ".join(_lot(core, lot) for lot in lots)


def progress_words(progress: DrillProgress) -> str:
    elapsed = f"{progress.elapsed_s:.0f}"
    stops = "every stop stands" if progress.is_covered else "a position has no stop of full size"
    refused = f"entries refused: {progress.blocked_code}" if progress.blocked_code else "entries not refused yet"
    if not progress.is_broken:
        return f"{TITLE[progress.kind]}: mended, {elapsed} s until all is in order · {stops}"
    return (
        f"{TITLE[progress.kind]}: {elapsed} of {progress.seconds:.0f} s · looked {progress.looks} times · {stops} · "
        f"{refused}"
    )


def last_words(report: DrillReport | None, zone: tzinfo) -> str:
    """The last result in one line."""
    if report is None:
        return "never practised"
    return f"{report.verdict.value}, {date_time_text(report.started_at, zone)}"


def _duration(report: DrillReport) -> str:
    lasted = f"{report.lasted_ms / 1000:.1f} s"
    if report.recovered_ms is None:
        return f"{lasted}; it did not come back in order in the time allowed"
    return f"{lasted}, all in order {report.recovered_ms / 1000:.1f} s after"


def _held(core: Core, lots: Iterable[HeldLot]) -> str:
    return _lines(_lot(core, lot) for lot in lots)


def _lot(core: Core, lot: HeldLot) -> str:
    instrument = core.market.instrument(lot.instrument_id)
    stop = "no stop, by choice" if lot.stop_price is None else f"stop {price_text(lot.stop_price, instrument)}"
    return f"{number_text(lot.signed_qty, sign=True)} {contract_name(instrument)} of {origin_text(lot.label)}, {stop}"


def _stop(core: Core, stop: StopSeen) -> str:
    instrument = core.market.instrument(stop.instrument_id)
    looks = f"there in {stop.covered} of {stop.looks} looks"
    if not stop.order_id:
        return f"{contract_name(instrument)} of {origin_text(stop.label)}: {looks}"
    price = _price(stop, instrument)
    what = f"{stop.order_qty} {contract_name(instrument)} at {price}, order {one_line(stop.order_id)}"
    return f"{what}: {looks}"


def _price(stop: StopSeen, instrument: Instrument) -> str:
    return "market" if stop.stop_price is None else price_text(stop.stop_price, instrument)


def _fill(core: Core, fill: DrillFill, zone: tzinfo) -> str:
    instrument = core.market.instrument(fill.instrument_id)
    what = f"{fill.side.value.capitalize()} {fill.last_qty} {contract_name(instrument)}"
    what += f" at {price_text(fill.last_px, instrument)}, {time_text(fill.at, zone)}"
    if fill.times_booked == 0:
        return f"{what}; not booked"
    times = "once" if fill.times_booked == 1 else f"{fill.times_booked} times"
    when = f" {time_text(fill.booked_at, zone)}" if fill.booked_at is not None else ""
    return f"{what}; booked{when}, {times}"


def _unprotected(report: DrillReport) -> str:
    if report.unprotected_ms is None:
        return NOT_WATCHED
    return f"{report.unprotected_ms / 1000:.1f} s, by {report.looks} looks at the broker's own list"


def _blocked(report: DrillReport) -> str:
    if report.blocked_ms is None:
        return f"{NOTHING}  no price to judge an entry by"
    code = f"{report.blocked_code}: " if report.blocked_code else ""
    words = f"  {code}{one_line(report.blocked_words, 160)}" if report.blocked_words else ""
    return f"{report.blocked_ms / 1000:.1f} s{words}"


def _lines(parts: Iterator[str] | Iterable[str]) -> str:
    return "\n".join(parts) or "nothing"
