"""Entries that are told with their end: a result, an exit's price or a regret behind them makes a report of them."""

from tradestream_gui.alerts.grammar.scene import Draft, Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W, words_of
from tradestream_gui.alerts.words.piece_kinds import P

REACH = 40
"""How far behind an entry its end is looked for; the limit bounds the work on hostile text."""
_IN = frozenset((W.BUY, W.LONG, W.SHORT, W.IN, W.ENTRY, W.ENTER, W.FILLED))
_OUT = frozenset((W.OUT, W.EXIT, W.SELL))
_SIGNED = frozenset((P.PLUS, P.DASH))
_MAY_END = frozenset((P.NUMBER, P.SIGN))
_TELLING = _OUT | {W.RECAP, W.PAST, P.SIGN, P.PLUS, P.DASH}
_PLACES = _OUT | _MAY_END | {W.RECAP}
_SIDES = frozenset((W.LONG, W.SHORT, P.SIGN))
CHECKED = "\u2705"
"""Right behind a side it marks a trade that is done."""
_PAST_FORMS = words_of("bought grabbed bto scooped snagged purchased")


def tells_end(scene: Scene, draft: Draft) -> str:
    """The words behind an entry that tell how it ended, or ""."""
    if scene.kinds.isdisjoint(_TELLING):
        return ""
    row, sentence = scene.row, scene.sentence_of(draft.at)
    price = draft.price_start(-1)
    for at in [k for k in range(draft.at, min(sentence.hi, draft.at + REACH)) if row[k] in _PLACES]:
        kind = row[at]
        if kind == W.RECAP and scene.pieces[at].text.startswith("too "):
            return scene.pieces[at].text
        if kind in _OUT and row[at + 1] == P.NUMBER and W.STOP not in scene.kinds:
            return scene.pieces[at].text
        if kind not in _MAY_END:
            continue
        if kind == P.SIGN:
            if scene.pieces[at].text == CHECKED and row[at - 1] in _SIDES:
                return CHECKED
            continue
        sign = at + 1
        while row[sign] in (P.COMMA, P.SIGN):
            sign += 1
        priced = scene.pieces[at].start == price
        if priced and row[sign] == W.PAST and scene.pieces[sign].text in ("was", "were"):
            return scene.pieces[sign].text
        if priced and row[sign] in _SIGNED and row[sign + 1] in (P.NUMBER, P.GAIN, P.PERCENT):
            mark = scene.pieces[sign]
            if scene.pieces[sign + 1].glued and not mark.glued:
                return mark.text + scene.pieces[sign + 1].text
    return ""


def is_round_trip(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`waited, bought 6805, and took profits at 6815`, `in 2.10, out 3.40`: both ends in one breath are a report."""
    if scene.kinds.isdisjoint(_IN) or any(draft.kind.opens for draft in scene.drafts):
        return False
    priced = scene.row[index + 1 : index + 3]
    short = P.NUMBER in priced[:1] or priced == [W.AT, P.NUMBER]
    for at in range(max(sentence.lo, index - REACH), index):
        if scene.row[at] not in _IN:
            continue
        told = scene.row[at + 1] in (W.AT, P.NUMBER)
        if scene.row[at] == W.BUY and scene.pieces[at].text in _PAST_FORMS:
            if told or scene.contract_at(at + 1) is not None:
                return True
        elif told and short and scene.row[at + 1] == P.NUMBER and scene.row[index] in _OUT:
            return True
    return False
