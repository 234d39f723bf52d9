"""What a click on the ladder means: the ticket it makes, what it would risk, and how own orders are moved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.brackets import Bracket
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import OrdType, Side, TimeInForce
from tradestream_gui.domain.policies import ExitTemplate, HandStart
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ui.format import price_text
from tradestream_gui.ui.freshness import Freshness, seen
from tradestream_gui.ui.shell.arm_words import disarmed_words, way_to_arm
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.order_entry.submit import Submitter
from tradestream_gui.ui.tabs.portfolio.commands import stop_refusal
from tradestream_gui.ui.widgets.ticket.draft import (
    TicketDraft,
    Typed,
    entry_ticket,
    problems,
    reducing_sentence,
    sentence,
)
from tradestream_gui.upkeep.settings.exits import HandRow
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.policies import exit_plans, hand_start

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import AccountId
    from tradestream_gui.domain.positions import Lot
    from tradestream_gui.upkeep.settings.model import Settings



@dataclass(frozen=True, slots=True)
class Intent:
    """What a click or a key asks for; a market order has no price."""

    side: Side
    ord_type: OrdType
    price: Decimal | None = None
    with_bracket: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What stands in the ladder's controls; `stop_distance` counts in the unit of the exit plan."""

    qty: int = 1
    stop_distance: Decimal | None = None
    no_stop: bool = False
    plan: str = ""
    """Name of the exit plan of its brackets; empty: the one that the contract begins with."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What would happen, or why it may not."""

    words: str
    tone: Tone
    may_go: bool


class LadderOrders(QObject):
    """Makes tickets as the ticket tab does and sends them through the same door; only entries need the arming."""

    said = pyqtSignal(str, object)  # words and Tone
    changed = pyqtSignal()

    def __init__(self, core: Core, arming: Arming, parent: QWidget) -> None:
        super().__init__(parent)
        self._core = core
        self._arming = arming
        self._submitter = Submitter(core, arming, parent)
        self._submitter.said.connect(self.said)
        self._submitter.changed.connect(self.changed)
        self.account_id: AccountId | None = None
        self.instrument: Instrument | None = None
        self.terms = Terms()
        self._starts: tuple[Settings, Instrument, HandStart] | None = None

    def start(self) -> HandStart | None:
        """What orders in this contract begin with, by the settings."""
        settings, instrument = self._core.settings.current, self.instrument
        if instrument is None:
            return None
        if self._starts is None or self._starts[0] is not settings or self._starts[1] != instrument:
            found = hand_start(settings, instrument.root, instrument.family, instrument.asset_class)
            self._starts = (settings, instrument, found)
        return self._starts[2]

    def plan(self) -> ExitTemplate | None:
        """The exit plan that was chosen, else the one that the contract begins with."""
        start = self.start()
        chosen = exit_plans(self._core.settings.current).get(self.terms.plan) if self.terms.plan else None
        return chosen or (start.plan if start is not None else None)

    def plan_names(self) -> list[str]:
        """The plans that are meant for this kind of instrument."""
        if self.instrument is None:
            return []
        plans = exit_plans(self._core.settings.current)
        return [name for name, plan in plans.items() if plan.asset_class is self.instrument.asset_class]

    async def keep_start(self) -> str:
        """Stores distance and plan as what orders in this contract begin with from now on."""
        plan, instrument = self.plan(), self.instrument
        if plan is None or instrument is None:
            return "Choose a contract first."
        rows = {row.id.upper(): row for row in self._core.settings.current.ticket.contracts}
        rows[instrument.root] = HandRow(id=instrument.root, exit_plan=plan.name, stop_distance=self.terms.stop_distance)
        proposal = self._core.settings.propose({"ticket.contracts": [plain(row) for row in rows.values()]})
        await self._core.settings.apply(proposal)
        far = "without a stop" if self.terms.stop_distance is None else f"with {self.terms.stop_distance} to the stop"
        return f"{instrument.root} begins {far} and the plan {plan.name} from now on."

    # -- entries -------------------------------------------------------------------------------------------

    def preview(self, intent: Intent) -> Answer:
        """The sentence of the order that a click would send now, and what stands against it."""
        draft, quote = self._draft(intent), self._quote()
        ticket = self._ticket(intent, draft)
        if ticket is None:
            return Answer("Choose a contract first.", Tone.MUTED, may_go=False)
        lot = self._core.entries.opposite_manual_lot(ticket)
        if lot is not None:
            return self._preview_reduction(draft, intent, lot)
        refusal = self._refusal(draft, intent, quote)
        if refusal:
            return Answer(f"{sentence(draft, quote, None)}. {refusal}", Tone.DANGER, may_go=False)
        decision = self._core.entries.judge(ticket)
        words = sentence(draft, quote, decision)
        if not decision.is_allowed:
            return Answer(f"{words}. {decision.words}", Tone.DANGER, may_go=False)
        if not self._arming.is_armed:
            way = way_to_arm(self._core)
            return Answer(f"{words}. Disarmed: a click sends nothing; {way}.", Tone.MUTED, may_go=False)
        if self._submitter.is_under_way:
            return Answer("Waiting for the broker's answer…", Tone.INFO, may_go=False)
        tone = Tone.BUY if intent.side is Side.BUY else Tone.SELL
        return Answer("; ".join((words, *decision.cuts)), tone, may_go=True)

    def place(self, intent: Intent) -> None:
        """Sends it if it may go; what only reduces goes in any case."""
        answer = self.preview(intent)
        draft = self._draft(intent)
        ticket = self._ticket(intent, draft)
        self._arming.note_use()
        if not answer.may_go or ticket is None:
            is_barred = not self._arming.is_armed and answer.tone is Tone.MUTED
            self.said.emit(disarmed_words(self._core) if is_barred else answer.words, Tone.DANGER)
            return
        self._submitter.submit(draft, ticket, self._quote(), answer.words)

    def take_market(self, side: Side) -> None:
        self.place(Intent(side, OrdType.MARKET))

    def join(self, side: Side) -> None:
        """A limit at the best price of the own side: it waits in the queue there."""
        quote = None if self.instrument is None else seen(self._core, self.instrument).quote
        best = None if quote is None else quote.bid if side is Side.BUY else quote.ask
        if best is None:
            self.said.emit("There is no price to join.", Tone.DANGER)
        else:
            self.place(Intent(side, OrdType.LIMIT, best))

    def _preview_reduction(self, draft: TicketDraft, intent: Intent, lot: Lot) -> Answer:
        words = reducing_sentence(draft, lot)
        if draft.qty > lot.open_qty:
            words = f"You hold {lot.open_qty}: {draft.qty} would turn the position round. Close it first."
            return Answer(words, Tone.DANGER, may_go=False)
        if intent.ord_type is OrdType.STOP and intent.price is not None:
            refusal = stop_refusal(self._core, lot.lot_id, intent.price)
            if refusal:
                return Answer(refusal, Tone.DANGER, may_go=False)
        return Answer(words, Tone.TEXT, may_go=True)

    def _refusal(self, draft: TicketDraft, intent: Intent, quote: Quote | None) -> str:
        assert draft.instrument is not None, "asked only with a contract"
        market = seen(self._core, draft.instrument)
        if market.freshness is Freshness.NONE:
            return "No price has come for this contract: entries wait for one."
        if market.is_stale:
            return f"The price is {market.age_s:.0f} s old: entries wait until it is fresh."
        found = problems(draft, quote)
        if found:
            return next(iter(found.values()))
        return _trigger_refusal(intent, quote, draft.instrument)

    def market_ticket(self, side: Side, qty: int) -> EntryTicket | None:
        """The other side of a reversal, on the terms of the controls; None where a price or its stop is missing."""
        intent = Intent(side, OrdType.MARKET)
        draft, quote = replace(self._draft(intent), qty=qty), self._quote()
        return self._ticket(intent, draft) if not problems(draft, quote) and quote is not None else None

    def _draft(self, intent: Intent) -> TicketDraft:
        instrument, terms = self.instrument, self.terms
        price = self._typed(intent.price)
        draft = TicketDraft(
            account_id=self.account_id,
            account_name=self._account_name(),
            instrument=instrument,
            side=intent.side,
            ord_type=intent.ord_type,
            qty=terms.qty,
            time_in_force=TimeInForce.DAY,
            limit=price if intent.ord_type is OrdType.LIMIT else Typed(),
            trigger=price if intent.ord_type is OrdType.STOP else Typed(),
            no_stop=terms.no_stop,
        )
        bracket = self._bracket(draft)
        if bracket is None:
            return draft
        is_free = terms.no_stop or terms.stop_distance is None
        stop = None if is_free or terms.stop_distance is None else bracket.stop_at(terms.stop_distance)
        targets = bracket.targets(stop) if intent.with_bracket else ()
        return replace(draft, stop=self._typed(stop), targets=tuple(self._typed(price) for price, _ in targets))

    def _ticket(self, intent: Intent, draft: TicketDraft) -> EntryTicket | None:
        """The ticket of the draft; a bracket takes shares, break-even and trail from the plan."""
        ticket, bracket = entry_ticket(draft), self._bracket(draft)
        if ticket is None or bracket is None or not intent.with_bracket:
            return ticket
        return bracket.on(ticket, self._core.clock.now())

    def _bracket(self, draft: TicketDraft) -> Bracket | None:
        plan, entry = self.plan(), draft.entry_price(self._quote())
        if plan is None or entry is None or self.instrument is None or draft.side is None:
            return None
        return Bracket(plan, self.instrument, draft.side, entry)

    def _typed(self, price: Decimal | None) -> Typed:
        if price is None or self.instrument is None:
            return Typed()
        return Typed(price_text(price, self.instrument), price)

    def _quote(self) -> Quote | None:
        return None if self.instrument is None else self._core.board.quote(self.instrument.instrument_id)

    def _account_name(self) -> str:
        return "" if self.account_id is None else self._core.accounts.account(self.account_id).name


def _trigger_refusal(intent: Intent, quote: Quote | None, instrument: Instrument) -> str:
    """A stop entry must lie beyond the market, or it is a market order in disguise."""
    if intent.ord_type is not OrdType.STOP or intent.price is None or quote is None:
        return ""
    market = quote.ask if intent.side is Side.BUY else quote.bid
    if market is None or (intent.price - market) * intent.side.sign > 0:
        return ""
    words = "A buy stop must be above the ask of" if intent.side is Side.BUY else "A sell stop must be below the bid of"
    return f"{words} {price_text(market, instrument)}: there it would go at once."
