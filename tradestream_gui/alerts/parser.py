"""The alert parser: a message in its room's habit to actions with the words behind each, or a hold with its reason."""

from dataclasses import replace
from decimal import Decimal

from tradestream_gui.alerts.forms.forms import read_form
from tradestream_gui.alerts.grammar.amendments import read_amendment
from tradestream_gui.alerts.grammar.bare_entries import read_bare_contract
from tradestream_gui.alerts.grammar.checks import check_entry, check_levels_of_closed
from tradestream_gui.alerts.grammar.clarity import (
    check_clarity,
    check_condition,
    check_expiry,
    check_levels,
    check_numbers,
    is_listing,
)
from tradestream_gui.alerts.grammar.contracts import ContractReader
from tradestream_gui.alerts.grammar.dates import IsTradingDay
from tradestream_gui.alerts.grammar.decimal_commas import check_commas
from tradestream_gui.alerts.grammar.drafted import action_of
from tradestream_gui.alerts.grammar.entries import ENTRY_KINDS, read_entries
from tradestream_gui.alerts.grammar.exits import EXIT_KINDS, read_exits
from tradestream_gui.alerts.grammar.habits import apply_habits, room_words
from tradestream_gui.alerts.grammar.order_status import read_unfilled
from tradestream_gui.alerts.grammar.plans import plan_exits
from tradestream_gui.alerts.grammar.position_levels import attach_levels, read_levels
from tradestream_gui.alerts.grammar.reports import is_report
from tradestream_gui.alerts.grammar.results import tells_end
from tradestream_gui.alerts.grammar.scene import PADDING, Draft, Scene, sentences_of
from tradestream_gui.alerts.grammar.share_prices import settle_shares
from tradestream_gui.alerts.grammar.speakers import QUOTE_MARK, is_passed_on, is_quoted
from tradestream_gui.alerts.grammar.spreads import is_spread
from tradestream_gui.alerts.grammar.units import settle_levels
from tradestream_gui.alerts.machine.webhook_bodies import read_body
from tradestream_gui.alerts.words.chatter import MAX_CORRECTION, is_chatter
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P, Piece
from tradestream_gui.alerts.words.pieces import pieces_of
from tradestream_gui.alerts.words.symbols import is_plain_word
from tradestream_gui.alerts.words.text import MAX_CHARS, plain_text_of
from tradestream_gui.alerts.words.tokens import tokens_of
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import ActionKind, AlertText, Reading, Reason

TRADING_KINDS: frozenset[str] = frozenset((
    W.BUY, W.ENTER, W.ENTRY, W.IN, W.TAKE, W.FILLED, W.LONG, W.SHORT, W.ADD, W.AVERAGED, W.TRIM, W.CLOSE,
    W.EXIT, W.SELL,
    W.CUT, W.FLAT, W.OUT, W.OFF, W.STOPPED, W.STOP, W.RISK, W.BREAK_EVEN, W.TARGET, W.CANCEL, W.CORRECT,
    W.LEAVE, W.OPEN, W.GONE, W.PULL, W.QUOTE,
    W.AGAIN, W.DONE, P.STRIKE_RIGHT, P.OCC, P.STAR, P.DATE, P.SLASH,
))  # fmt: skip


_CORRECTING = frozenset((W.NEGATION, W.LABEL))
MAX_CONTRACTS = 24
"""More instruments than this are a list or a recap; the limit also bounds the work on hostile text."""
MAX_SENTENCES = 200
MAX_SENTENCE_PIECES = 400
_ORDER_WORDS: frozenset[str] = frozenset((W.BUY, W.LONG, W.SHORT, W.ENTER, W.SELL, P.STRIKE_RIGHT))


def parse(alert: AlertText, profile: AlertProfile, is_trading_day: IsTradingDay) -> Reading:
    """Reads one message; pure, and linear in the length of its text."""
    raw = alert.raw
    if len(raw) > MAX_CHARS:
        return _nothing(profile, "TOO_LONG", f"{len(raw)} characters: no alert is longer than {MAX_CHARS}")
    if "=" in raw or raw[:1].isdigit() or ("{" in raw and raw.lstrip()[:1] == "{"):
        told = read_body(raw, alert.sent_at, is_trading_day, profile.name)
        if told is not None:
            return told
    plain = plain_text_of(raw)
    formed = read_form(alert, plain, profile, is_trading_day) if profile.forms else None
    if formed is not None:
        return formed
    words = room_words(profile)
    if is_chatter(plain.text, words):
        return _nothing(profile, "NO_TRADING_WORD", "no word of entry, exit, stop or target, and no contract")
    pieces = pieces_of(tokens_of(plain.text), words)
    row = [piece.kind for piece in pieces]
    kinds = frozenset(row)
    if kinds.isdisjoint(TRADING_KINDS) and (len(pieces) > MAX_CORRECTION or kinds.isdisjoint(_CORRECTING)):
        return _nothing(profile, "NO_TRADING_WORD", "no word of entry, exit, stop or target, and no contract")
    scene = _scene(alert, pieces, row, kinds, profile, is_trading_day)
    if len(scene.contracts) > MAX_CONTRACTS or len(scene.sentences) > MAX_SENTENCES or _is_endless(scene):
        return _nothing(profile, "TOO_MANY", "too many contracts or sentences for an alert")
    if profile.requires_ping and not scene.ping and not _speaks_of_position(kinds):
        return _nothing(profile, "NO_PING", "alerts of this room always mention a role, and this does not")
    _read(scene)
    _note_reply(scene, alert, profile, is_trading_day)
    return _conclude(scene, plain.suspicious, raw, profile)


def _note_reply(scene: Scene, alert: AlertText, profile: AlertProfile, is_trading_day: IsTradingDay) -> None:
    """Levels without a contract are in the units of what the replied message opened."""
    if not alert.reply_text:
        return
    silent = [draft for draft in scene.drafts if draft.contract is None and (draft.stop_words or draft.target_words)]
    if silent:
        earlier = parse(replace(alert, text=alert.reply_text, embeds=(), reply_text=None), profile, is_trading_day)
        opened = [action for action in (*earlier.actions, *earlier.candidate) if action.kind is ActionKind.OPEN]
        for draft in silent:
            draft.about = opened[0] if len(opened) == 1 else None


def _is_endless(scene: Scene) -> bool:
    if len(scene.pieces) <= MAX_SENTENCE_PIECES:
        return False
    return any(sentence.hi - sentence.lo > MAX_SENTENCE_PIECES for sentence in scene.sentences)


def _speaks_of_position(kinds: frozenset[str]) -> bool:
    return not kinds.isdisjoint((W.TRIM, W.CLOSE, W.EXIT, W.STOPPED, W.STOP, W.OUT, W.CANCEL))


def _scene(
    alert: AlertText,
    pieces: list[Piece],
    row: list[str],
    kinds: frozenset[str],
    profile: AlertProfile,
    is_trading_day: IsTradingDay,
) -> Scene:
    reader = ContractReader(pieces, row, alert.sent_at, is_trading_day, dict(profile.name_roots))
    contracts = reader.read()
    return Scene(
        pieces, sentences_of(pieces, row), contracts, reader.used, kinds, profile, reader.today,
        P.MENTION in kinds,
        row + PADDING,
        frozenset([piece.text for piece in pieces]),
        reader.dates,
    )  # fmt: skip


def _read(scene: Scene) -> None:
    """Fills the scene's drafts: levels first, so that their numbers are taken, then the verbs sentence by sentence."""
    if not scene.sentences:
        return
    if read_amendment(scene):
        return
    if is_listing(scene) or is_report(scene) or read_unfilled(scene):
        return
    stops, targets = read_levels(scene)
    may_exit = not scene.kinds.isdisjoint(EXIT_KINDS)
    row = scene.row
    for sentence in scene.sentences:
        words = row[sentence.lo : sentence.hi]
        if not ENTRY_KINDS.isdisjoint(words):
            read_entries(scene, sentence)
        if may_exit and not EXIT_KINDS.isdisjoint(words):
            read_exits(scene, sentence)
    read_bare_contract(scene)
    attach_levels(scene, stops, targets)
    settle_shares(scene)
    if len(scene.drafts) > 1:
        _merge_entries(scene)
        plan_exits(scene)
        _drop_finished(scene)
        _drop_told_again(scene)
    _turn_to_corrections(scene)


def _drop_finished(scene: Scene) -> None:
    """`Long ES 6800 - stopped at BE`: what is opened and closed in one sentence is a report of the close."""
    for opened in [draft for draft in scene.drafts if draft.kind is ActionKind.OPEN]:
        sentence = scene.sentence_of(opened.at)
        for closed in scene.drafts:
            if opened.contract is None and closed.price is None:
                continue
            same = closed.contract is None or closed.contract.symbol == (opened.contract and opened.contract.symbol)
            if closed.kind is ActionKind.CLOSE and same and opened.at < closed.at < sentence.hi:
                scene.drafts.remove(opened)
                break


def _drop_told_again(scene: Scene) -> None:
    """`Sold AMD 240c at 2.4, bought at 1.5`: what an end is compared with was bought long ago."""
    for opened in [draft for draft in scene.drafts if draft.kind is ActionKind.OPEN and draft.contract is not None]:
        sentence = scene.sentence_of(opened.at)
        if scene.kind_at(opened.at) != W.BUY:
            continue
        for closed in scene.drafts:
            is_end = closed.kind in (ActionKind.CLOSE, ActionKind.TRIM) and closed.contract is opened.contract
            if is_end and sentence.lo <= closed.at < opened.at:
                scene.drafts.remove(opened)
                break


def _turn_to_corrections(scene: Scene) -> None:
    """`fixing alert: <the whole alert again>` amends; it never opens a second time."""
    if W.CORRECT not in scene.kinds:
        return
    head = [piece.kind for piece in scene.pieces if piece.kind not in (P.MENTION, P.SIGN, P.NEWLINE, P.STAR)][:3]
    if W.CORRECT in head:
        for draft in scene.drafts:
            if draft.kind is ActionKind.OPEN:
                draft.kind, draft.rule = ActionKind.AMEND, "correction of the last alert"


def _merge_entries(scene: Scene) -> None:
    """An entry verb without a contract beside one with it is the same entry said twice; it lends what it has."""
    entries = [draft for draft in scene.drafts if draft.kind is ActionKind.OPEN]
    full = [draft for draft in entries if draft.contract is not None and draft.contract.is_option]
    if len(entries) < 2:
        return
    lead = full[0] if full else entries[0]
    for draft in entries:
        if draft is lead or (draft.contract is not None and draft.contract is not lead.contract):
            continue
        lead.price = lead.price if lead.price is not None else draft.price
        lead.stop_words = lead.stop_words or draft.stop_words
        lead.target_words = lead.target_words or draft.target_words
        lead.contract = lead.contract or draft.contract
        lead.evidence.extend(draft.evidence)
        scene.drafts.remove(draft)
    if lead.price is not None or lead.contract is not None:
        lead.doubts = [doubt for doubt in lead.doubts if doubt.code != "CONTRACT_MISSING"]


def _conclude(scene: Scene, suspicious: str, raw: str, profile: AlertProfile) -> Reading:
    drafts = [draft for draft in scene.drafts if not (_is_void(scene, draft) or _is_talk(scene, draft))]
    if len(drafts) > 1:
        drafts.sort(key=lambda draft: draft.at)
    if not drafts and suspicious and P.NUMBER in scene.kinds and scene.kinds & _ORDER_WORDS:
        reason = Reason("SUSPICIOUS_TEXT", f"the text holds {suspicious}")
        return Reading((), (), True, (reason,), Decimal(0), profile.name, ())
    if not drafts:
        return _nothing(profile, "NOT_AN_ALERT", "trading words, but nothing that asks for a trade")
    for draft in drafts:
        settle_levels(scene, draft)
        check_commas(scene, draft)
        apply_habits(draft, profile)
        if draft.kind.opens:
            check_entry(draft)
            if _leaves_symbol_open(scene, draft):
                draft.doubt("SYMBOL_UNCLEAR", "the contract names no symbol, and another part of the message names one")
            if _names_unknown_symbol(scene, draft):
                draft.doubt("SYMBOL_UNKNOWN", "the word before the strike is not a known symbol")
            check_numbers(scene, draft)
            check_levels(scene, draft)
            check_expiry(scene, draft)
            check_condition(scene, draft)
            ended = tells_end(scene, draft)
            if ended:
                draft.doubt("RESULT_TOLD", f'"{ended}" behind the entry tells how it ended')
            if W.UNREAL in scene.kinds:
                draft.doubt("RETRACTED", "the message says that it is no alert to follow")
            if P.BROKEN in scene.kinds and draft.price is None:
                draft.doubt("PRICE_UNREADABLE", "a number in the alert cannot be read")
    if len(drafts) > 1 and W.OR not in scene.kinds:
        check_levels_of_closed(drafts)
    passed_on = is_passed_on(scene)
    if passed_on or QUOTE_MARK in scene.words:
        for draft in drafts:
            if passed_on or is_quoted(scene, draft):
                draft.doubt("QUOTED", "the words may be an example or another's: they are quoted or passed on")
    reasons = [reason for draft in drafts for reason in draft.doubts]
    if suspicious:
        reasons.append(Reason("SUSPICIOUS_TEXT", f"the text holds {suspicious}"))
    actions = tuple([action_of(draft, raw) for draft in drafts])
    rules = tuple(dict.fromkeys([draft.rule for draft in drafts]))
    confidence = _confidence(drafts, bool(reasons))
    if reasons:
        return Reading((), actions, True, tuple(dict.fromkeys(reasons)), confidence, profile.name, rules)
    return Reading(actions, (), False, (), confidence, profile.name, rules)


def _is_talk(scene: Scene, draft: Draft) -> bool:
    """Notes unknown words beside an entry; where contract or price is missing too, it was never an alert."""
    if not draft.kind.opens or draft.kind is ActionKind.ADD:
        return False
    unclear = check_clarity(scene, draft)
    return unclear and (draft.contract is None or (draft.price is None and not draft.contract.is_full))


def _leaves_symbol_open(scene: Scene, draft: Draft) -> bool:
    """`NFLX looks ready ... I grabbed the 3/20 100c`: whether that symbol is meant is for a person to say."""
    contract = draft.contract
    if draft.kind is not ActionKind.OPEN or contract is None or contract.symbol is not None or not contract.strike:
        return False
    return any(other.symbol is not None and other.sure and not other.is_root for other in scene.contracts)


def _names_unknown_symbol(scene: Scene, draft: Draft) -> bool:
    """`bto xyzq 12c`: a word between verb and strike that is no symbol we know must not be taken for silence."""
    contract = draft.contract
    if contract is None or contract.symbol is not None or contract.strike is None:
        return False
    before = scene.kind_at(contract.first - 1)
    word = scene.pieces[contract.first - 1].text
    return before == P.LETTER or (before == P.OTHER and len(word) <= 5 and not is_plain_word(word))


def _is_void(scene: Scene, draft: Draft) -> bool:
    """Openings in a message about spreads, flow or advertisement are never reduced to one leg."""
    contract = draft.contract
    unpriced = draft.kind is ActionKind.OPEN and draft.price is None
    if unpriced and contract is not None and contract.symbol and contract.right and contract.strike is None:
        return True
    if P.FOREIGN in scene.kinds and (draft.contract is None or draft.contract.symbol is None):
        return True
    levels = (ActionKind.SET_STOP, ActionKind.SET_TARGET)
    if draft.kind in levels and all(other.kind in levels for other in scene.drafts) and _is_unknown_entry(scene):
        return True
    if draft.kind.opens and not draft.strong and W.FLOW in scene.row[:2]:
        return True
    if draft.kind.opens and not _NOT_OPENED.isdisjoint(scene.kinds):
        return not draft.strong
    return is_spread(scene, draft)


_NOT_OPENED = frozenset((W.SELL_TO_OPEN, W.PROMO))


def _has_other_price(scene: Scene, draft: Draft) -> bool:
    """`NQ L 25590 SL 25560`: a price of the stop's size that found no part tells of an entry."""
    stop = draft.stop_words.value if draft.stop_words is not None else None
    if stop is None or draft.contract is None or not draft.contract.is_root:
        return False
    sentence = scene.sentence_of(draft.contract.first)
    for at in range(sentence.lo, sentence.hi):
        value = scene.pieces[at].value
        unread = scene.kind_at(at) == P.NUMBER and at not in scene.used
        if unread and isinstance(value, Decimal) and stop * 9 < value * 10 and value * 9 < stop * 10:
            return True
    return False


def _is_unknown_entry(scene: Scene) -> bool:
    """A level beside an entry that was not understood, or of something that is no instrument of ours."""
    kinds = {draft.kind for draft in scene.drafts}
    for draft in scene.drafts:
        if draft.kind is ActionKind.SET_STOP and draft.contract is not None and _has_other_price(scene, draft):
            return True
    carded = any(contract.is_full and contract.said_expiry for contract in scene.contracts)
    if carded and len(kinds) > 1 and P.NEWLINE in scene.kinds:
        return True
    if scene.kinds & {W.MOVE, W.USE}:
        return False
    for at, piece in enumerate(scene.pieces):
        if piece.kind == W.ENTRY and scene.kind_at(at + 1) in (P.NUMBER, P.COLON):
            return True
        if piece.kind in (W.BUY, W.SELL, W.ENTER) or piece.kind == W.RESTING:
            return True
        held = scene.kind_at(at - 1) in (W.ON, W.SELF) or (at > 0 and scene.pieces[at - 1].text == "the")
        if piece.kind in (W.LONG, W.SHORT) and not held:
            return True
    return False


def _confidence(drafts: list[Draft], held: bool) -> Decimal:
    lead = drafts[0]
    tenths = 2 * lead.strong + (lead.contract is not None and lead.contract.symbol is not None)
    score = _SCORES[tenths + (lead.price is not None)]
    return score / 2 if held else score


_SCORES = tuple(map(Decimal, ("0.6", "0.7", "0.8", "0.9", "1.0")))


def _nothing(profile: AlertProfile, code: str, words: str) -> Reading:
    return Reading((), (), False, (Reason(code, words),), Decimal(0), profile.name, ())
