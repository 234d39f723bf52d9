"""What a message would come to, as one sentence: the order with its risk, the hold with its reason, the mode."""

from typing import TYPE_CHECKING

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.policies import Mode
from tradestream_gui.domain.tickets import EntryTicket, RiskDecision
from tradestream_gui.ui.format import money_text, price_text
from tradestream_gui.ui.shell.tone import Tone

if TYPE_CHECKING:
    from tradestream_gui.alerts.binding.intents import Intent, OpenIntent
    from tradestream_gui.alerts.desk.preview import Preview
    from tradestream_gui.core import Core


def preview_words(core: "Core", preview: "Preview", *, by_key: bool = False) -> tuple[Tone, str]:
    """The sentence and its tone. Nothing is decided or sent by asking. `by_key`: a key pressed now is the approval."""
    from tradestream_gui.alerts.binding.intents import Hold

    if preview.route is None or preview.reading is None:
        return Tone.MUTED, "Nobody you follow: it would be stored and left alone."
    reading = preview.reading
    if not reading.is_alert:
        because = "; ".join(reason.words for reason in reading.reasons)
        return Tone.MUTED, f"Not an alert: {because}." if because else "Not an alert."
    if reading.held:
        because = "; ".join(reason.words for reason in reading.reasons)
        return Tone.WARN, f"Would be held for a look: {because}."
    if isinstance(preview.outcome, Hold):
        return Tone.WARN, f"Would be held for a look: {preview.outcome.words}."
    told = [intent_words(core, intent) for intent in preview.outcome or ()]
    if not told:
        return Tone.MUTED, "Nothing to do."
    refused = next((words for passes, words in told if not passes), None)
    if refused is not None:
        return Tone.DANGER, refused
    return _mode_tone(preview), f"{_mode(preview, by_key=by_key)} {'; '.join(words for _, words in told)}."


def _mode(preview: "Preview", *, by_key: bool) -> str:
    assert preview.route is not None
    name, mode = preview.route.analyst.name, preview.route.mode
    if mode is Mode.WATCH:
        return f"{name} is only watched; would be:"
    if by_key:
        return "The key sends:"
    if mode is Mode.ASK:
        return f"{name} asks first; after your approval:"
    return "Sends at once:"


def _mode_tone(preview: "Preview") -> Tone:
    assert preview.route is not None
    return {Mode.WATCH: Tone.INFO, Mode.ASK: Tone.ACCENT}.get(preview.route.mode, Tone.OK)


def intent_words(core: "Core", intent: "Intent") -> tuple[bool, str]:
    """Whether risk lets it pass now, and what it would do."""
    from tradestream_gui.alerts.binding.intents import CancelIntent, CloseIntent, OpenIntent, StopIntent, TargetIntent

    if isinstance(intent, OpenIntent):
        return _entry(core, intent)
    if isinstance(intent, CancelIntent):
        return True, "cancel the entry that has not filled"
    if isinstance(intent, CloseIntent):
        contract = contract_name(core.market.instrument(intent.lot.instrument_id))
        return True, f"close {intent.qty} of {intent.lot.open_qty} {contract}"
    if isinstance(intent, StopIntent):
        instrument = core.market.instrument(intent.lot.instrument_id)
        level = "break-even" if intent.stop_price is None else price_text(intent.stop_price, instrument)
        return True, f"stop of {contract_name(instrument)} to {level}"
    if isinstance(intent, TargetIntent):
        instrument = core.market.instrument(intent.lot.instrument_id)
        levels = ", ".join(price_text(price, instrument) for price, _ in intent.allocations)
        return True, f"targets of {contract_name(instrument)} to {levels}"
    return True, intent.words


def _entry(core: "Core", intent: "OpenIntent") -> tuple[bool, str]:
    """The order as risk would let it pass now, in the micro contract where the desk would try that."""
    from tradestream_gui.alerts.desk.executor import SIZE_CODES

    ticket, risk = intent.ticket, core.entries.judge(intent.ticket)
    if not risk.is_allowed and risk.code in SIZE_CODES and intent.micro is not None:
        ticket, risk = intent.micro, core.entries.judge(intent.micro)
    if not risk.is_allowed:
        return False, f"Would be refused: {risk.words}."
    return True, order_words(ticket, risk, core.market.instrument(ticket.instrument_id))


def order_words(ticket: EntryTicket, risk: RiskDecision, instrument: Instrument) -> str:
    """`BUY 3 MES Dec26 limit 6,328.50, stop 6,316.00, risk $187.50`, with what risk has cut."""
    parts = [f"{ticket.side.value} {risk.order_qty} {contract_name(instrument)}"]
    if ticket.limit_price is not None:
        parts[0] += f" limit {price_text(ticket.limit_price, instrument)}"
    if ticket.protective_stop is not None:
        parts.append(f"stop {price_text(ticket.protective_stop, instrument)}")
    parts += [f"target {price_text(price, instrument)}" for price, _ in ticket.allocations]
    if risk.risk_at_stop is not None:
        parts.append(f"risk {money_text(risk.risk_at_stop)}")
    return ", ".join((*parts, *risk.cuts))
