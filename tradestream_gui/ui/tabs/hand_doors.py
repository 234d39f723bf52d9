"""The doors to what a hand does in two steps: turn a position round, adopt one; each asks, then tells its end."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QDialog, QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.orders import MANUAL, OrdType, Side, TimeInForce
from tradestream_gui.domain.positions import closing_price
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ui.format import money_text, number_text, points_text, price_text
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.dialogs import Question, answer_of, ask
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.order_entry.submit import formal_doubts
from tradestream_gui.ui.tabs.portfolio.hand import lots_of
from tradestream_gui.ui.widgets.price_dialog import PriceDialog

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import AccountId, InstrumentId
    from tradestream_gui.trading.adoption import Found
    from tradestream_gui.trading.reversal import TicketOf


class ReverseDoor(QObject):
    """Armed it goes at once; disarmed, or at the first order of an account with real money, it asks with every
    number. What it closes it closes in any case; the other side goes only while the leave to enter still stands."""

    said = pyqtSignal(str, object)  # words and Tone

    def __init__(self, core: Core, arming: Arming, parent: QWidget) -> None:
        super().__init__(parent)
        self._core = core
        self._arming = arming
        self._window = parent
        self._is_asking = False

    def reverse(self, account_id: AccountId, instrument_id: InstrumentId, ticket_of: TicketOf) -> None:
        self._arming.note_use()
        refusal = self._core.hand.reversal.refusal(account_id, instrument_id, ticket_of)
        if refusal:
            self.said.emit(refusal, Tone.DANGER)
        elif not self._is_asking:
            self._core.tasks.spawn(self._run(account_id, instrument_id, ticket_of), f"reverse {instrument_id}")

    async def _run(self, account_id: AccountId, instrument_id: InstrumentId, ticket_of: TicketOf) -> None:
        doubts = formal_doubts(self._core, self._arming, account_id)
        may_enter: Callable[[], bool] = self._armed
        if doubts:
            self._is_asking = True
            try:
                if not await self._agreed(account_id, instrument_id, ticket_of, doubts):
                    self.said.emit("Not turned round.", Tone.MUTED)
                    return
            finally:
                self._is_asking = False
            self._arming.note_confirmed(account_id)
            may_enter = _yes
        words = await self._core.hand.reversal.reverse(account_id, instrument_id, ticket_of, may_enter)
        self.said.emit(words, Tone.TEXT)

    def _armed(self) -> bool:
        return self._arming.is_armed

    async def _agreed(
        self, account_id: AccountId, instrument_id: InstrumentId, ticket_of: TicketOf, doubts: list[str]
    ) -> bool:
        lots, instrument = lots_of(self._core, account_id, instrument_id), self._core.market.instrument(instrument_id)
        if not lots:
            return False
        qty, side = sum(lot.open_qty for lot in lots), lots[0].side.opposite
        ticket, account = ticket_of(side, qty), self._core.accounts.account(account_id)
        verb, name = side.value.capitalize(), contract_name(instrument)
        stop = "none" if ticket is None else price_text(ticket.protective_stop, instrument)
        question = Question(
            f"Turn {name} round?",
            "\n".join(doubts),
            confirm=f"{verb} {qty}, then {verb.lower()} {qty} more",
            facts=(
                ("First", f"{verb} {qty} {name} at market: flat"),
                ("Then, once flat", f"{verb} at most {qty} {name} at market"),
                ("Its stop", stop),
                ("Account", f"{one_line(account.name, 30)}, {account.kind.value}"),
            ),
            role="danger" if account.kind.is_guarded else side.value.lower(),
        )
        return await ask(self._window, question)


def market_ticket(core: Core, account_id: AccountId, instrument_id: InstrumentId, distance: Decimal) -> TicketOf:
    """The other side at market, its stop at a distance from where it would fill now."""

    def make(side: Side, qty: int) -> EntryTicket | None:
        instrument = core.market.instrument(instrument_id)
        price = closing_price(side.opposite, core.board.quote(instrument_id))
        if price is None or distance <= 0:
            return None
        return EntryTicket(
            account_id=account_id,
            instrument_id=instrument_id,
            side=side,
            ord_type=OrdType.MARKET,
            order_qty=qty,
            time_in_force=TimeInForce.DAY,
            origin=MANUAL,
            protective_stop=instrument.round_to_tick(price - side.sign * distance),
        )

    return make


def first_distance(core: Core, account_id: AccountId, instrument_id: InstrumentId) -> Decimal:
    """How far the widest first stop of the lots stood from its entry; 0 where none had a stop."""
    found = [Decimal(0)]
    for lot in core.lots.open_lots(account_id, instrument_id):
        plan, entry = core.exits.plan(lot.lot_id), lot.avg_entry_of_all
        if plan is not None and plan.initial_stop_price is not None and entry is not None:
            found.append((entry - plan.initial_stop_price) * lot.side.sign)
    return max(found)


class AdoptDoor(QObject):
    """Asks for the stop of a position that was opened elsewhere, and adopts it with that."""

    said = pyqtSignal(str, object)  # words and Tone

    def __init__(self, core: Core, parent: QWidget) -> None:
        super().__init__(parent)
        self._core = core
        self._window = parent
        self._is_asking = False

    def adopt(self, account_id: AccountId, instrument_id: InstrumentId) -> None:
        if not self._is_asking:
            self._is_asking = True
            self._core.tasks.spawn(self._run(account_id, instrument_id), f"adopt {instrument_id}")

    async def _run(self, account_id: AccountId, instrument_id: InstrumentId) -> None:
        adoption = self._core.hand.adoption
        try:
            found = await adoption.look(account_id, instrument_id)
            if isinstance(found, str):
                self.said.emit(found, Tone.DANGER)
                return
            price = await self._stop_of(account_id, instrument_id, found)
            if price is not None:
                self.said.emit(await adoption.adopt(account_id, instrument_id, price), Tone.TEXT)
        finally:
            self._is_asking = False

    async def _stop_of(self, account_id: AccountId, instrument_id: InstrumentId, found: Found) -> Decimal | None:
        core, instrument = self._core, self._core.market.instrument(instrument_id)

        def refusal(price: Decimal) -> str:
            return core.hand.adoption.refusal(account_id, instrument_id, found, price)

        def words(price: Decimal) -> str:
            entry = found.avg_px or closing_price(found.side, core.board.quote(instrument_id))
            if entry is None:
                return ""
            result = instrument.money((price - entry) * found.side.sign, abs(found.qty))
            away = points_text((price - entry) * found.side.sign, instrument)
            return f"Hit there ({away} from its entry), it brings {money_text(result, sign=True)} before fees."

        told = f" at {price_text(found.avg_px, instrument)}" if found.avg_px else ""
        dialog = PriceDialog(
            self._window,
            title=f"Adopt {number_text(found.qty, sign=True)} {contract_name(instrument)}",
            text=f"Opened elsewhere{told}. With a stop it is looked after like any other: protected, trailed, closed.",
            instrument=instrument,
            price=None,
            refusal=refusal,
            words=words,
            confirm="Adopt with this stop",
        )
        accepted = await answer_of(dialog) == QDialog.DialogCode.Accepted.value
        return dialog.price if accepted else None


def _yes() -> bool:
    return True
