"""An order line on its way: what it would send with its risk, and the one door through which it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.order_line import Level, Misread, OrderLine, read_order_line
from tradestream_gui.domain.orders import OrdType, Side
from tradestream_gui.ui.format import price_text
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.order_entry.exits import all_problems, fee_of
from tradestream_gui.ui.tabs.order_entry.figures import CallMemory, figures
from tradestream_gui.ui.tabs.order_entry.submit import Submitter
from tradestream_gui.ui.widgets.price_dialog import price_from_text
from tradestream_gui.ui.widgets.ticket.check import Costs
from tradestream_gui.ui.widgets.ticket.draft import TicketDraft, Typed, reducing_sentence, sentence
from tradestream_gui.ui.widgets.ticket.plan import preview_words, whole_ticket

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import AccountId, InstrumentId
    from tradestream_gui.domain.positions import Lot
    from tradestream_gui.domain.quotes import Quote
    from tradestream_gui.domain.tickets import EntryTicket, RiskDecision

NO_STOP = "Give a stop, s6316 as a price or s10p as points, or write ns for none."
DISARMED = "Disarmed: Enter asks first."
ARMED = "Armed: Enter sends it."
ONLY_REDUCES = "It only reduces: Enter sends it."


@dataclass(frozen=True, slots=True)
class LinePreview:
    """What the line would do, or why it does nothing; `ticket` stands only where it may go."""

    sentence: str = ""
    words: str = ""
    tone: Tone = Tone.MUTED
    exits: str = ""
    costs: Costs | None = None
    side: Side | None = None
    draft: TicketDraft | None = None
    ticket: EntryTicket | None = None
    quote: Quote | None = None


class LineOrders(QObject):
    """Makes of a line the ticket that the form would make, and sends it through the ticket's own door."""

    said = pyqtSignal(str, object)  # words and Tone
    changed = pyqtSignal()

    def __init__(
        self, core: Core, arming: Arming, parent: QWidget, account: Callable[[], AccountId | None]
    ) -> None:
        super().__init__(parent)
        self._core = core
        self._arming = arming
        self._account = account
        self._submitter = Submitter(core, arming, parent)
        self._submitter.said.connect(self.said)
        self._submitter.changed.connect(self.changed)
        self._calls = CallMemory()
        self._held: InstrumentId | None = None

    def preview(self, text: str) -> LinePreview:
        line = read_order_line(text)
        if isinstance(line, Misread):
            return LinePreview(words=line.words, tone=Tone.MUTED if line.is_unfinished else Tone.DANGER)
        core, account_id = self._core, self._account()
        found = contract_of(core, line.symbol)
        if isinstance(found, str):
            return LinePreview(words=found, tone=Tone.DANGER)
        if account_id is None:
            return LinePreview(words="No account is open.", tone=Tone.DANGER)
        if found.instrument_id != self._held:
            self._held = found.instrument_id
            core.tasks.spawn(core.subscriptions.hold("order line", (found,)), "prices of the line's contract")
        quote = core.board.quote(found.instrument_id)
        draft = draft_of(line, found, account_id, core.accounts.account(account_id).name, quote)
        return self._judged(draft, quote, line)

    def place(self, text: str) -> bool:
        """Judges it anew and sends it; False, with nothing sent, where it may not go."""
        shown = self.preview(text)
        if shown.draft is None or shown.ticket is None:
            return False
        self._submitter.submit(shown.draft, shown.ticket, shown.quote, shown.sentence)
        return True

    def _judged(self, draft: TicketDraft, quote: Quote | None, line: OrderLine) -> LinePreview:
        core = self._core
        fee = fee_of(core, draft)
        ticket = whole_ticket(draft, quote, core.clock.now())
        assert ticket is not None, "the draft of a line has account, contract and side"
        lot, found = core.entries.opposite_manual_lot(ticket), all_problems(draft, quote, fee)
        if lot is not None:
            return _reduction(draft, ticket, quote, lot, found.get("limit", ""))
        refusal = _refusal(draft, quote, line, found)
        decision = core.entries.judge(ticket) if not refusal else None
        newest = self._calls.newest(core, draft.instrument) if draft.instrument is not None else None
        shown = LinePreview(
            sentence(draft, quote, decision), costs=figures(core, draft, quote, decision, newest), side=draft.side
        )
        if decision is None or not decision.is_allowed:
            words = refusal or (decision.words if decision is not None else "")
            return replace(shown, words=words, tone=Tone.DANGER)
        exits = preview_words(draft, _cut(ticket, decision), quote, fee)
        if self._submitter.is_under_way:
            return replace(shown, words="Waiting for the broker's answer…", tone=Tone.INFO, exits=exits)
        words = ARMED if self._arming.is_armed else DISARMED
        words = " ".join([*decision.cuts, words])
        tone = Tone.WARN if decision.cuts else Tone.SECONDARY
        return replace(shown, words=words, tone=tone, exits=exits, draft=draft, ticket=ticket, quote=quote)


def contract_of(core: Core, symbol: str) -> Instrument | str:
    """The contract that a typed symbol names, or why there is none."""
    now = core.clock.now()
    found = core.reference.resolve(symbol, now)
    if found is None:
        return f"“{one_line(symbol, 24)}” names no contract that this program knows."
    if core.reference.is_expired(found, now):
        return f"{contract_name(found)} has expired."
    return found


def draft_of(
    line: OrderLine, instrument: Instrument, account_id: AccountId, account_name: str, quote: Quote | None
) -> TicketDraft:
    """The form's value, as if the line had been typed into its fields."""
    draft = TicketDraft(
        account_id=account_id,
        account_name=account_name,
        instrument=instrument,
        side=line.side,
        ord_type=OrdType.LIMIT if line.limit else OrdType.MARKET,
        qty=line.order_qty,
        time_in_force=line.time_in_force,
        limit=_typed(line.limit, instrument),
        no_stop=line.no_stop,
    )
    entry, sign = draft.entry_price(quote), line.side.sign
    stop = Typed() if line.stop is None else _level(line.stop, instrument, entry, -sign)
    targets = [_level(target, instrument, entry, sign) for target in line.targets]
    if entry is not None:
        targets.sort(key=lambda typed: abs((typed.price if typed.price is not None else entry) - entry))
    return replace(draft, stop=stop, targets=tuple(targets))


def is_points(level: Level, instrument: Instrument, value: Decimal, entry: Decimal) -> bool:
    """A future's stop lies never at half its price or below: so small a bare number counts points from the entry.

    An option's or a stock's may well lie there, so that theirs are prices unless they are marked as points.
    """
    is_small = instrument.asset_class is AssetClass.FUTURE and 0 < value < entry / 2
    return level.is_points or is_small


def _level(level: Level, instrument: Instrument, entry: Decimal | None, sign: int) -> Typed:
    value = price_from_text(level.text, instrument)
    if value is None or entry is None:
        return Typed(level.typed, None if level.is_points or entry is None else value)
    if is_points(level, instrument, value, entry):
        value = entry + sign * value
        return Typed(price_text(value, instrument), value)
    return Typed(level.text, value)


def _typed(text: str, instrument: Instrument) -> Typed:
    return Typed(text, price_from_text(text, instrument)) if text else Typed()


def _refusal(draft: TicketDraft, quote: Quote | None, line: OrderLine, found: dict[str, str]) -> str:
    """The form's words, where they speak of the form's fields said for a line."""
    assert draft.instrument is not None, "the draft of a line has a contract"
    if draft.limit_price is None and not line.limit and draft.entry_price(quote) is None:
        return f"No price of {contract_name(draft.instrument)} has come yet: the market order waits for one."
    if line.stop is None and not line.no_stop and "stop" in found:
        return NO_STOP
    return next(iter(found.values()), "")


def _reduction(draft: TicketDraft, ticket: EntryTicket, quote: Quote | None, lot: Lot, refusal: str) -> LinePreview:
    """It meets the hand's own lot of the other side: no stop is asked for, and nothing but the size stands against."""
    words = reducing_sentence(draft, lot)
    if draft.qty > lot.open_qty:
        refusal = f"You hold {lot.open_qty}: {draft.qty} would turn the position round. Close it first."
    if refusal:
        return LinePreview(words, refusal, Tone.DANGER, side=draft.side)
    return LinePreview(words, ONLY_REDUCES, Tone.SECONDARY, side=draft.side, draft=draft, ticket=ticket, quote=quote)


def _cut(ticket: EntryTicket, decision: RiskDecision) -> EntryTicket:
    """The exits are told of what would go: risk may have cut the quantity."""
    return replace(ticket, order_qty=decision.order_qty) if decision.order_qty else ticket
