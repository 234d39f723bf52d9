"""What makes an entry unclear: words beside it that the grammar does not know, numbers left over, lists of positions.

An alert is terse. A word that is neither of trading nor of small talk may turn the meaning round, so it is for a
person to read; the same goes for a number that found no part.
"""

from tradestream_gui.alerts.grammar.guards import LATER
from tradestream_gui.alerts.grammar.levels import behind_word
from tradestream_gui.alerts.grammar.scene import Draft, Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W, words_of
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind

_HARMLESS = words_of(
    """
    the a an my this that some with just got finally also ok okay alright so well team guys all fam folks everyone
    trying quick another one more single few couple bit very super high higher low lower risk riskier today's first
    here's there then newly personally again go going lets let's let gonna me by up per each as new fresh cheap
    size sized initial little moderate medium normal regular usual standard base full mini small tiny account
    entry order limit fill filled position trade play pick alert signal call hello hi hey morning gm good
    heads-up headsup update live real money quickly slowly carefully gambling gamble fun spec speculative
    only both same dec nov jan feb mar apr jun jul aug sep oct contracts cons weeklys weekly premium wise
    expiring dated strike strikes each avg average around approx roughly
    lil ticket sized conditional contingent
    earnings overnight intraday weekend momo momentum er catalyst power hour eod open session reversal continuation
    futures future starting started reversing reversed reverse flipping flipped flip
    """
)
REACH = 24
STRONG_REACH = 3
"""An order form such as `BTO` with its contract stands by itself in a longer talk."""
_CLAUSE_WALLS = frozenset((P.COMMA, P.DASH, P.PIPE, W.BUT, W.THEN, P.OPENING, P.CLOSING))
_LISTING = words_of("positions trades plays results holdings entries exits winners losers runners swings lottos")


def is_harmless(word: str) -> bool:
    """Whether the word is small talk or a size or kind of trade, which changes nothing about an order."""
    return word in _HARMLESS


def check_clarity(scene: Scene, draft: Draft) -> bool:
    """Notes a doubt for the first unknown word before an entry's verb or between its verb and its price."""
    sentence = scene.sentence_of(draft.at)
    contract = draft.contract
    inside = contract is not None and contract.first >= sentence.lo
    first = min(draft.at, contract.first) if contract is not None and inside else draft.at
    reach = STRONG_REACH if draft.strong else REACH
    word = _unknown_before(scene, sentence, first, reach) or _unknown_between(scene, sentence, draft, first)
    if word:
        draft.doubt("WORD_UNCLEAR", f'"{word}" beside the entry may change what it means')
    return bool(word)


def _unknown_before(scene: Scene, sentence: Sentence, first: int, reach: int) -> str:
    for at in range(first - 1, max(sentence.lo, first - reach) - 1, -1):
        kind = scene.row[at]
        if kind in _CLAUSE_WALLS:
            return ""
        if kind != P.OTHER and kind != P.MEASURE:
            continue
        piece = scene.pieces[at]
        if piece.kind == P.OTHER and at not in scene.used and piece.text not in _HARMLESS:
            return piece.text
        if piece.kind == P.MEASURE and piece.text.lower().rstrip(".").endswith(("am", "pm")):
            return piece.text
    return ""


def _unknown_between(scene: Scene, sentence: Sentence, draft: Draft, first: int) -> str:
    """Up to the price where one was read, else up to the end of the contract."""
    contract = draft.contract
    last = max(draft.at, contract.last if contract is not None else draft.at)
    hi = min(first + 24, sentence.hi)
    row = scene.row
    unknown = [at for at in range(first + 1, hi) if row[at] == P.OTHER]
    start = draft.price_start(-1) if unknown else -1
    for at in unknown:
        piece = scene.pieces[at]
        if piece.start > start and at > last:
            return ""
        if at not in scene.used and piece.text not in _HARMLESS:
            return piece.text
    return ""


def check_numbers(scene: Scene, draft: Draft) -> None:
    """An option without an expiry beside a number that found no part: the expiry may be what was not understood."""
    contract = draft.contract
    if contract is None or not contract.is_option or contract.said_expiry:
        return
    sentence = scene.sentence_of(contract.first)
    price = draft.price_start(0)
    for at in range(sentence.lo, min(sentence.hi, contract.last + 8)):
        piece = scene.pieces[at]
        amid = piece.kind == P.NUMBER and at > contract.first and (at < contract.last or piece.start < price)
        if at not in scene.used and (amid or piece.kind in _UNREAD) and any(map(str.isdigit, piece.text)):
            draft.doubt("NUMBER_UNREAD", f'"{piece.text}" may be the expiry')
            return


def check_levels(scene: Scene, draft: Draft) -> None:
    """`stop 50 cents`, `1.5R stop`, `target 30 pips`: a level was said, and what stands beside the word is none."""
    if draft.stop_words is None and W.STOP in scene.kinds:
        _check_level(scene, draft, W.STOP, _AMOUNTS)
    if not draft.target_words and W.TARGET in scene.kinds:
        _check_level(scene, draft, W.TARGET, _DISTANCES)


def _check_level(scene: Scene, draft: Draft, word: str, amounts: frozenset[str]) -> None:
    for index in [at for at in range(len(scene.pieces)) if scene.row[at] == word]:
        for at, kinds in ((behind_word(scene, index), amounts), (index - 1, _DISTANCES)):
            if scene.kind_at(at) in kinds and at not in scene.used:
                what = "stop" if word == W.STOP else "target"
                draft.doubt("LEVEL_UNREAD", f'"{scene.pieces[at].text}" was not understood as a {what}')
                return


_DISTANCES = frozenset((P.GAIN, P.MEASURE, P.R_MULTIPLE, P.COUNT))
_AMOUNTS = _DISTANCES | {P.NUMBER, P.PERCENT}


def check_expiry(scene: Scene, draft: Draft) -> None:
    """A word for an expiry beside an option that has none: what was said was not understood."""
    contract = draft.contract
    if contract is None or not contract.is_option or contract.said_expiry:
        return
    labels = [
        at for at, piece in enumerate(scene.pieces) if piece.kind == W.EXPIRY and scene.kind_at(at + 1) == P.COLON
    ]
    if labels:
        draft.doubt("EXPIRY_UNCLEAR", f'what stands behind "{scene.pieces[labels[0]].text}" was not understood')
        return
    sentence = scene.sentence_of(contract.first)
    hi = min(sentence.hi, contract.last + 10)
    for at in range(max(sentence.lo, contract.first - 6), hi):
        piece = scene.pieces[at]
        if at in scene.used:
            continue
        same = scene.pieces[at - 1].text == "same" if at else False
        spoken = piece.kind == W.WHEN and (piece.text not in _TALK_OF_DAYS or _touches(scene, draft, at))
        spoken = spoken or (piece.kind == W.WHEN and scene.kind_at(at - 1) == W.FOR and piece.text in LATER)
        spoken = spoken or (piece.kind == W.EXPIRY and not same) or piece.kind == P.MONTH
        counted = piece.kind == P.MEASURE and piece.text.lower().lstrip("0123456789.") in _SPANS
        if spoken or (counted and scene.kind_at(at + 1) not in (W.CANDLE, W.CLOSE)):
            draft.doubt("EXPIRY_UNCLEAR", f'"{piece.text}" may be an expiry that was not understood')
            return


_TALK_OF_DAYS = ("today", "tonight", "tomorrow", "tmrw", "tmr", "tom", "this week", "next week")
_SPANS = ("d", "w", "wk", "wks", "day", "days", "week", "weeks", "mo", "month", "months")


def _touches(scene: Scene, draft: Draft, at: int) -> bool:
    """Whether the piece stands right behind the contract or its price."""
    price = draft.price_start(-1)
    before = scene.pieces[at - 1] if at else None
    contract = draft.contract
    return before is not None and (before.start == price or (contract is not None and at - 1 == contract.last))


def check_condition(scene: Scene, draft: Draft) -> None:
    """`buy ... if it trades over 336.5`: a condition with a level that did not become a trigger."""
    if draft.kind is not ActionKind.OPEN:
        return
    if _PENDING.isdisjoint(scene.words) and W.WHEN not in scene.kinds and scene.kinds.isdisjoint(_WAITS):
        return
    sentence = scene.sentence_of(draft.at)
    head = scene.sentences[0]
    if not _PENDING.isdisjoint(scene.words):
        for at in (*range(head.lo, min(head.hi, head.lo + 8)), *range(sentence.lo, min(draft.at, sentence.lo + 8))):
            if scene.pieces[at].text in _PENDING:
                draft.doubt("CONDITION_UNREAD", f'"{scene.pieces[at].text}" says that the order waits for something')
                return
    if W.WHEN in scene.kinds and _is_for_later(scene, sentence, draft):
        draft.doubt("CONDITION_UNREAD", "a day that is not today stands behind the price")
        return
    last = max(draft.at, draft.contract.last if draft.contract is not None else draft.at)
    for at in range(sentence.lo, min(sentence.hi, last + 12)):
        if scene.kind_at(at) not in _WAITS or at in scene.used:
            continue
        if any(scene.kind_at(near) in _CONDITIONS_ELSE for near in range(max(sentence.lo, at - 3), at)):
            continue
        ahead = range(at + 1, min(at + 7, sentence.hi))
        if scene.kind_at(at) == W.HYPOTHESIS and scene.kind_at(at + 1) not in _OF_LEVELS:
            continue
        beyond = next((near for near in ahead if scene.kind_at(near) == P.NUMBER), 0)
        if beyond and _ELSE.isdisjoint(scene.row[at:beyond]):
            draft.doubt("CONDITION_UNREAD", f'"{scene.pieces[at].text}" may be what the entry waits for')
            return


def _is_for_later(scene: Scene, sentence: Sentence, draft: Draft) -> bool:
    """`buying ... at 2.10 tomorrow`."""
    days = [at for at in range(draft.at, sentence.hi) if scene.row[at] == W.WHEN and at not in scene.used]
    return any(scene.pieces[at].text in LATER and _touches(scene, draft, at) for at in days)


_WAITS = frozenset((W.HYPOTHESIS, W.BREAK, W.RESTING))
_PENDING = frozenset(("conditional", "contingent", "staged", "pending", "queued", "unfilled", "armed"))
_OF_LEVELS = frozenset((P.TICKER, P.ROOT, P.NUMBER, P.ARROW, W.BELOW, W.ABOVE, W.BREAK, W.HERE, W.OBSERVED))
_CONDITIONS_ELSE = frozenset((W.STOP, W.ADD, W.FUTURE, W.EXIT, W.OUT, W.CLOSE, W.CUT, W.TRIM, W.TARGET))
_ELSE = frozenset((W.STOP, W.ADD, W.EXIT, W.OUT, W.CUT, W.TARGET, W.TRIM, P.COMMA, W.AT))


_LISTS = frozenset((W.FLOW, W.POSITION))
_UNREAD = frozenset((P.OTHER, P.DATE, P.SLASH, P.BROKEN, P.ORDINAL, P.DTE))


def is_listing(scene: Scene) -> bool:
    """`Open positions: ...`, `Closed trades:` at the head: what follows is a report."""
    if P.COLON not in scene.row[:6] or (scene.kinds.isdisjoint(_LISTS) and _LISTING.isdisjoint(scene.words)):
        return False
    for at in range(min(6, len(scene.pieces))):
        piece = scene.pieces[at]
        if piece.kind == P.COLON:
            head = scene.row[:at]
            over = W.FLOW in head or (W.POSITION in head and W.CLOSE in head[: head.index(W.POSITION)])
            return over or any(before.text in _LISTING for before in scene.pieces[:at])
        if piece.kind in (P.NEWLINE, P.NUMBER, P.TICKER, P.ROOT):
            return False
    return False
