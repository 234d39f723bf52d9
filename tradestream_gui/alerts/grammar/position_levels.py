"""Stop and target words as actions of their own, or as fields of the entry that the message makes."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.clarity import is_harmless
from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.grammar.guards import guard_after, guard_before
from tradestream_gui.alerts.grammar.level_cards import RULE as CARD_RULE
from tradestream_gui.alerts.grammar.level_cards import fill_from_card
from tradestream_gui.alerts.grammar.levels import Found
from tradestream_gui.alerts.grammar.plans import is_conditional, leaving_levels, speaks_of_leaving
from tradestream_gui.alerts.grammar.scene import Draft, Scene, Sentence, joined_contracts
from tradestream_gui.alerts.grammar.stop_levels import STOP_WORDS, find_stops
from tradestream_gui.alerts.grammar.target_levels import find_targets
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind

MAX_LEVELS = 24
"""More stops or targets than this are a lesson; the limit also bounds the work on hostile text."""
STOP_GUARDS = frozenset((
    W.NEGATION, W.QUESTION, W.FUTURE, W.WATCH, W.HYPOTHESIS, W.OTHERS, W.RECAP, W.PAST, W.TEACHING, W.PAST_TIME,
    W.RESTING,
))  # fmt: skip


def read_levels(scene: Scene) -> tuple[list[tuple[Sentence, Found]], list[tuple[Sentence, Found]]]:
    """Stops and targets of the whole message; their numbers are taken before prices are looked for."""
    stops: list[tuple[Sentence, Found]] = []
    targets: list[tuple[Sentence, Found]] = []
    row = scene.row
    if not STOP_WORDS.isdisjoint(scene.kinds):
        for sentence in scene.sentences:
            if not STOP_WORDS.isdisjoint(row[sentence.lo : sentence.hi]):
                stops += [(sentence, found) for found in find_stops(scene, sentence)]
    if speaks_of_leaving(scene):
        for sentence in scene.sentences:
            stops += [(sentence, found) for found in leaving_levels(scene, sentence)]
    if W.TARGET in scene.kinds:
        for sentence in scene.sentences:
            if W.TARGET in row[sentence.lo : sentence.hi]:
                targets += [(sentence, found) for found in find_targets(scene, sentence)]
    if W.MOVE in scene.kinds and len(scene.sentences) > 1:
        for sentence, found in (*stops[:1], *targets[:1]):
            fill_from_card(scene, sentence, found)
    return stops[:MAX_LEVELS], targets[:MAX_LEVELS]


def attach_levels(scene: Scene, stops: list[tuple[Sentence, Found]], targets: list[tuple[Sentence, Found]]) -> None:
    """Gives levels to the message's entry, or makes SET_STOP and SET_TARGET of them."""
    entries = [draft for draft in scene.drafts if draft.kind.opens]
    for sentence, found in stops:
        if entries:
            draft = _entry_for(scene, entries, found)
            waits = found.levels and found.levels[0].form == "break-even" and is_conditional(scene, sentence, found)
            denied = scene.kind_at(found.index - 1) == W.NEGATION and found.first == found.index
            if found.levels and draft.stop_words is None and not (waits or denied):
                draft.stop_words = found.levels[0]
                draft.note("sl", scene.pieces[found.levels[0].at], found.levels[0].rule)
        elif found.levels and not _tells_why(scene, sentence, found):
            _set_stop(scene, sentence, found)
        elif found.hit:
            _stopped(scene, sentence, found)
    for sentence, found in targets:
        if not found.levels:
            continue
        if entries:
            draft = _entry_for(scene, entries, found)
            draft.target_words += found.levels
            for level in found.levels:
                draft.note("pts", scene.pieces[level.at], level.rule)
        elif all(draft.kind not in _WITH_TARGETS_OF_OTHERS for draft in scene.drafts):
            _set_target(scene, sentence, found)


_WITH_TARGETS_OF_OTHERS = (ActionKind.TRIM, ActionKind.CLOSE, ActionKind.ADD)
"""Beside these a target tells what was reached or was told before."""


def _tells_why(scene: Scene, sentence: Sentence, found: Found) -> bool:
    """`got stopped at BE`, `Closed | 171.50 | breakeven stop`: the stop is how it ended, and moves no more."""
    if W.STOPPED in scene.row[max(sentence.lo, found.first - 2) : found.first]:
        return True
    if scene.pieces[found.index].text != "breakeven stop" or not scene.kinds.isdisjoint((W.REST, W.RUNNER, W.LEAVE)):
        return False
    return any(draft.kind is ActionKind.CLOSE for draft in scene.drafts)


def _entry_for(scene: Scene, entries: list[Draft], found: Found) -> Draft:
    """The last entry that stands before the level, else the first."""
    if len(entries) == 1:
        return entries[0]
    before = [draft for draft in entries if (draft.contract.first if draft.contract else draft.at) <= found.index]
    return before[-1] if before else entries[0]


def _set_stop(scene: Scene, sentence: Sentence, found: Found) -> None:
    if _is_left_to_readers(scene, sentence, found) or found.levels[0].form in ("points", "ticks"):
        return
    if sentence.asks or (found.levels[0].form == "percent" and found.levels[0].value is None):
        return
    after = scene.pieces[found.last + 1].text if found.last + 1 < sentence.hi else ""
    if after in _RAN or (scene.kind_at(found.index - 1) == W.NEXT and scene.kind_at(found.index + 1) != P.COLON):
        return
    if guard_before(scene, sentence, found.first, STOP_GUARDS, 12) or _is_described(scene, sentence, found):
        return
    if _is_count_of(scene, sentence, found):
        return
    draft = Draft(ActionKind.SET_STOP, found.index, found.rule, _named(scene, sentence, found))
    named = draft.contract
    if named is not None and not (named.is_option or named.is_root) and scene.kind_at(named.last + 1) == W.SHARES:
        named.shares = True
    draft.stop_words = found.levels[0]
    draft.note("sl", scene.pieces[found.levels[0].at], found.levels[0].rule)
    draft.everything = W.ALL in scene.row[found.index : sentence.hi]
    if is_conditional(scene, sentence, found):
        draft.doubt("CONDITION_UNREAD", f'"{scene.pieces[found.last + 1].text}" says that the move waits for something')
    scene.drafts.append(draft)
    for other in joined_contracts(scene, sentence, draft.contract):
        twin = Draft(ActionKind.SET_STOP, draft.at, draft.rule, other, stop_words=draft.stop_words)
        own = scene.pieces[other.last + 1] if other.last + 1 < sentence.hi else None
        if own is not None and own.kind == P.NUMBER and isinstance(own.value, Decimal) and draft.stop_words is not None:
            twin.stop_words = draft.stop_words._replace(value=own.value, at=other.last + 1)
            twin.note("sl", own, "level behind the name")
        else:
            twin.evidence = list(draft.evidence)
        scene.drafts.append(twin)


def _is_left_to_readers(scene: Scene, sentence: Sentence, found: Found) -> bool:
    """`if you only have 1 con take it or stop at entry, up to you`."""
    if any(scene.pieces[at].text in ("up to you", "your call") for at in range(sentence.lo, sentence.hi)):
        return True
    return any(scene.pieces[at].text == "if you" for at in range(sentence.lo, found.first))


def _is_count_of(scene: Scene, sentence: Sentence, found: Found) -> bool:
    """`stop at 2 drinks`: a small whole number and the noun that it counts."""
    value, after = found.levels[0].value, found.last + 1
    if value is None or value >= MANY or value % 1 or scene.contracts or after >= sentence.hi:
        return False
    whole = scene.pieces[found.levels[0].at].text.isdigit() and not found.levels[0].dollar
    return whole and scene.kind_at(after) == P.OTHER and not is_harmless(scene.pieces[after].text)


MANY = 100
"""A number below this may count things."""
_RAN = ("got", "get", "getting", "were", "was", "ran", "run", "sit", "sits", "sitting")
"""Behind a stop's level these tell what the market did to the stops of others."""


def _is_described(scene: Scene, sentence: Sentence, found: Found) -> bool:
    """`still holding above our 512 trail`, `a long setup, stops under 640`."""
    given = found.levels[0].at > found.index and scene.pieces[found.index - 1].text in ("a", "with")
    trimmed = given and any(draft.kind is ActionKind.TRIM for draft in scene.drafts)
    lo = sentence.lo
    for at in range(sentence.lo, found.first) if P.COMMA in scene.kinds else ():
        lo = at if scene.kind_at(at) == P.COMMA else lo
    if not trimmed and any(scene.kind_at(at) in (W.HOLD, W.STATUS) for at in range(lo, found.first)):
        return True
    planned = [at for at in range(sentence.lo, found.first) if scene.kind_at(at) in (W.FUTURE, W.WATCH)]
    if planned and not _ENTERED.isdisjoint(scene.row[planned[0] : found.first]):
        return True
    return any(scene.kinds & {W.LOAD, W.SPREAD, W.PROMO, W.UNREAL})


_ENTERED = frozenset((W.TAKE, W.BUY, W.ENTER, W.ADD, W.LONG, W.SHORT, W.RIGHT))
"""Behind a word of planning these make a stop part of the plan: `about to buy the dip, stop under 55`."""


def _named(scene: Scene, sentence: Sentence, found: Found) -> Contract | None:
    """The position that a stop names: in its own sentence or the message's only symbol; never the level's market."""
    if found.named is not None:
        return found.named
    inside = scene.contracts_between(sentence.lo, sentence.hi)
    for contract in inside:
        if found.index < contract.first < found.last:
            return contract
    after = [c for c in inside if c.first > found.last]
    before = [c for c in inside if c.last < found.first]
    if after and after[0].first - found.last <= 3:
        return after[0]
    if before:
        return before[-1]
    if after:
        return after[0]
    for draft in scene.drafts:
        if draft.contract is not None:
            return draft.contract
    if len(scene.contracts) == 1 and scene.contracts[0].last < found.first:
        return scene.contracts[0]
    return None


_OVER = frozenset((W.PAST_TIME,))


def _stopped(scene: Scene, sentence: Sentence, found: Found) -> None:
    if sentence.asks or guard_before(scene, sentence, found.first, STOP_GUARDS, 12):
        return
    if guard_after(scene, sentence, found.index, _OVER):
        return
    if any(draft.kind in (ActionKind.CLOSE, ActionKind.TRIM) for draft in scene.drafts):
        return
    draft = Draft(ActionKind.CLOSE, found.index, "stop was hit", _named(scene, sentence, found))
    draft.note("action", scene.pieces[found.index], "stop was hit")
    scene.drafts.append(draft)


def _set_target(scene: Scene, sentence: Sentence, found: Found) -> None:
    """A target of its own needs the word at the head of its clause, not "we still have a PT of"."""
    if sentence.asks or found.hit or W.HIT in scene.row[sentence.lo : sentence.hi]:
        return
    if found.first < found.index:
        draft = Draft(ActionKind.SET_TARGET, found.index, "level as target", _named(scene, sentence, found))
        draft.doubt("TARGET_UNCLEAR", "a level is called a target without an instruction")
    else:
        lo = found.index if scene.kind_at(found.index - 1) == P.COMMA else sentence.lo
        lead = range(lo, found.index)
        strange = [at for at in lead if scene.kind_at(at) not in _BEFORE_TARGET and at not in scene.used]
        if found.rule != CARD_RULE and any(scene.pieces[at].text != "new" for at in strange):
            return
        draft = Draft(ActionKind.SET_TARGET, found.index, found.rule, _named(scene, sentence, found))
    after = found.last + 1
    horizon = after < len(scene.pieces) and scene.pieces[after].text == "by"
    if horizon or scene.kinds & {W.PROMO, W.LABEL, W.LOAD, W.UNREAL, W.FLOW}:
        return
    draft.target_words = found.levels
    for level in found.levels:
        draft.note("pts", scene.pieces[level.at], level.rule)
    scene.drafts.append(draft)


_BEFORE_TARGET = frozenset((
    P.MENTION, P.SIGN, W.SELF, W.NEXT, W.MOVE, P.TICKER, P.ROOT, W.AND, W.NOW, W.LONG, W.SHORT,
    P.PIPE, P.DASH, W.TARGET, W.AGAIN, P.COLON,
))  # fmt: skip
