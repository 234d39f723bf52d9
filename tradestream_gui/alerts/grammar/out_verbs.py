"""Out, stopped, cut, flat, cancelled: whether the word ends or reduces a position, or takes an order back."""

from tradestream_gui.alerts.grammar.clarity import is_harmless
from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.grammar.exit_parts import (
    DETERMINERS,
    EXIT_OBJECTS,
    all_but,
    is_side_ended,
    leaves_the_room,
    object_index,
    percent_of_position,
    takes_part,
)
from tradestream_gui.alerts.grammar.guards import opens_clause
from tradestream_gui.alerts.grammar.quantities import fraction_at
from tradestream_gui.alerts.grammar.scene import Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind


def read_out(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`out of NVDA`, `DIS OUT @ 2.05`, `half out`, `out half`; not "break out", "check out", "stopped out of"."""
    before, after = scene.kind_at(index - 1), scene.kind_at(index + 1)
    part = fraction_at(scene, index - 1) if index > sentence.lo else None
    part_goes = part is not None or _all_but_some(scene, sentence, index)
    if part_goes or (before == P.PERCENT and after == W.OF and fraction_at(scene, index + 2) is not None):
        return ActionKind.TRIM
    if before == W.FILLED and fraction_at(scene, index - 2) is not None and after == W.AT:
        return ActionKind.TRIM
    if before == P.PERCENT and index - 1 == sentence.lo and after in (W.HERE, W.AT, P.NUMBER, "", P.NEWLINE, P.END):
        return ActionKind.TRIM
    if _rest_is_out(scene, sentence, index) or _price_is_out(scene, sentence, index):
        return ActionKind.CLOSE
    if any(rule(scene, sentence, index) for rule in (_contract_is_out, _last_is_out, _is_tagged_out)):
        return ActionKind.CLOSE
    if before == P.OTHER or not opens_clause(scene, sentence, index) or fraction_at(scene, index - 1) is not None:
        return None
    if takes_part(scene, sentence, index) or percent_of_position(scene, index) or all_but(scene, sentence, index):
        return ActionKind.TRIM
    if after == W.OF:
        named = _named_after(scene, index + 2)
        if scene.kind_at(index + 2) == W.HERE and leaves_the_room(scene, index):
            return None
        held = object_index(scene, sentence, index)
        return ActionKind.CLOSE if named or scene.kind_at(held) in _HELD else None
    if after == W.AT and _is_hour(scene, index + 2):
        return None
    subject = index > sentence.lo and scene.contract_at(index - 1) is not None
    own = before in (W.SELF, W.RUNNER) or (before in (P.COMMA, P.DASH) and index + 1 >= sentence.hi)
    if after == W.BREAK_EVEN and (index == sentence.lo or subject or own):
        return ActionKind.CLOSE
    if scene.contract_at(index + 1) is not None:
        return ActionKind.CLOSE
    if after == P.COLON and scene.contract_at(index + 2) is not None:
        return ActionKind.CLOSE
    if (before, after) in _LEFT_NAME and scene.contract_at(index + 2) is not None:
        return ActionKind.CLOSE
    rest_on = after == W.ON and not {W.REST, W.RUNNER}.isdisjoint(scene.row[index + 2 : index + 5])
    if index - sentence.lo <= 1 and (rest_on or after in (P.PLUS, P.GAIN)):
        return ActionKind.CLOSE
    if after == W.FLAT or (after == W.FOR and _tells_result(scene, index + 2)):
        return ActionKind.CLOSE
    priced = scene.kind_at(index + 2) == P.NUMBER if after == W.AT else after == P.NUMBER
    if before in (P.COMMA, P.DASH, W.AND) and priced:
        return ActionKind.CLOSE
    if (subject or own or index == sentence.lo) and (
        after in EXIT_OBJECTS or index + 1 >= sentence.hi or after == P.NUMBER
    ):
        return ActionKind.CLOSE if after not in (W.FOR,) or subject else None
    return None


def _is_tagged_out(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`tagged out at 5.20`."""
    tagged = scene.kind_at(index - 1) == W.HIT and index - 1 == sentence.lo
    return tagged and scene.row[index + 1 : index + 3] == [W.AT, P.NUMBER]


def _all_but_some(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`all but one out 1.10`: the head of the sentence says what stays."""
    return scene.row[sentence.lo : sentence.lo + 2] == [W.ALL, W.BUT] and index - sentence.lo in (3, 4)


def _is_hour(scene: Scene, at: int) -> bool:
    """`out at 3 today`, `out at 4 every day`: a small whole number and more talk behind it."""
    hour = scene.pieces[at] if at < len(scene.pieces) else None
    if hour is None or not hour.text.isdigit() or len(hour.text) > 2 or hour.dollar or scene.contracts:
        return False
    behind = scene.kind_at(at + 1)
    return behind == W.WHEN or (behind == P.OTHER and not is_harmless(scene.pieces[at + 1].text))


_LEFT_NAME = ((W.SELF, W.FROM), (W.AND, W.ON))
"""`we are out from AMD`, `took 20% and out on QQQ`."""
_HELD = frozenset((W.HERE, W.POSITION, W.ALL, W.REST, W.LONG, W.SHORT, W.RUNNER))


def _rest_is_out(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`24495 tagged, rest is out`: what was left has gone."""
    at = index - 2 if scene.kind_at(index - 1) == W.IS else index - 1
    is_last = at >= sentence.lo and scene.kind_at(at) in (W.REST, W.RUNNER)
    ends = index + 1 >= sentence.hi or scene.kind_at(index + 1) in (W.AT, P.NUMBER, P.COMMA, W.HERE, P.SIGN)
    return is_last and ends and opens_clause(scene, sentence, at)


def _contract_is_out(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`SPX 6970C 9.20 out`: contract, price, and the word ends the clause."""
    at = index - 1
    while at > sentence.lo and scene.kind_at(at) == P.SIGN:
        at -= 1
    ends = index + 1 >= sentence.hi or scene.kind_at(index + 1) in (P.MENTION, P.SIGN, P.COMMA)
    priced = scene.kind_at(at) == P.NUMBER and at not in scene.used and at > sentence.lo
    named = scene.contract_at(at - 2 if scene.kind_at(at - 1) == W.REST else at - 1)
    return ends and priced and named is not None and opens_clause(scene, sentence, at, _REST)


def _last_is_out(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`last NVDA con out @ 1.88`, `rest of AMD out 2.1`, `all AMD out`: the last or the rest of a name."""
    at = index - 1
    while at > sentence.lo and scene.kind_at(at) in (W.CONTRACTS, W.RUNNER, W.RIGHT, W.IS):
        at -= 1
    named = scene.contract_at(at)
    if named is None or named.first < sentence.lo:
        return False
    lead = [k for k in range(sentence.lo, named.first) if scene.kind_at(k) not in (P.MENTION, P.SIGN)]
    if not lead or any(scene.kind_at(k) not in _OF_THE_LAST and scene.pieces[k].text not in _LASTS for k in lead):
        return False
    last = any(scene.kind_at(k) in (W.REST, W.ALL) or scene.pieces[k].text in ("last", "final") for k in lead)
    return last and scene.kind_at(index + 1) in ("", W.AT, W.FOR, P.NUMBER, P.COMMA, P.END, P.NEWLINE, P.SIGN)


_LASTS = ("last", "final", "the", "of", "my")
_OF_THE_LAST = frozenset((W.REST, W.ALL, W.OF, W.SELF))


def _price_is_out(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`those 2 are toast, .40 out`: a price and the word, and nothing else in the clause."""
    at = index - 1
    if at < sentence.lo or at in scene.used or scene.kind_at(at) != P.NUMBER or "." not in scene.pieces[at].text:
        return False
    begins = at == sentence.lo or scene.kind_at(at - 1) == P.COMMA
    return begins and (index + 1 >= sentence.hi or scene.kind_at(index + 1) in (P.MENTION, P.SIGN))


def _named_after(scene: Scene, index: int) -> Contract | None:
    """`out of my last 2 SPY calls`: the contract behind small words, not behind any other talk."""
    for at in range(index, min(index + 6, len(scene.pieces))):
        contract = scene.contract_at(at)
        if contract is not None:
            return contract
        word = scene.pieces[at].text
        if scene.kind_at(at) == P.OTHER and not (is_harmless(word) or word in DETERMINERS):
            return None
    return None


def _tells_result(scene: Scene, index: int) -> bool:
    """`out for b/e`, `cutting for a small loss`: what follows "for" is how the trade ended."""
    for at in range(index, index + 4):
        if scene.kind_at(at) in (W.BREAK_EVEN, W.LOSS, W.PROFIT, P.PERCENT, P.GAIN, W.FLAT):
            return True
        if scene.pieces[at : at + 1] and scene.pieces[at].text == "scratch":
            return True
        if scene.kind_at(at) not in (W.SIZE_WORD, P.OTHER, P.DASH, P.PLUS, W.PART):
            return False
    return False


_REST = frozenset((W.AND, W.REST))


def read_stopped(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`-12 ticks, stopped`, `SL hit`, `stopped NQ`, `stopped out of half`; not errands nor other people's stops."""
    piece = scene.pieces[index]
    if scene.kind_at(index - 1) in (W.REST, W.RUNNER) and scene.kind_at(index + 1) in _AT_ENTRY:
        lead = range(sentence.lo, index - 1)
        if all(scene.row[at] in _BEFORE_REST or scene.pieces[at].text in DETERMINERS for at in lead):
            return ActionKind.CLOSE
    adverb = index - 1 == sentence.lo and scene.pieces[index - 1].text.endswith("ly")
    if scene.kinds & {W.UNREAL} or not (adverb or opens_clause(scene, sentence, index, _REST)):
        return None
    if any(each.text in _MANY_TIMES for each in scene.pieces[index : index + 4]):
        return None
    if piece.text == "stopped for" and not (
        scene.contracts or _tells_result(scene, index + 1) or scene.kind_at(index + 1) in (P.NUMBER, P.DASH, P.PLUS)
    ):
        return None
    if piece.text == "stop out" and scene.kind_at(index + 1) in (W.AND, W.OR, W.IS, P.OTHER):
        return None
    if piece.text in ("stopped", "stpd", "stopping"):
        after = scene.kind_at(index + 1)
        ends = index + 1 >= sentence.hi or after in (
            P.MENTION,
            P.SIGN,
            W.AT,
            W.OUT,
            W.NEGATION,
            W.SELF,
            P.COMMA,
            P.NUMBER,
            P.DASH,
            P.PERCENT,
            P.GAIN,
            W.ON,
            W.BREAK_EVEN,
            W.FLAT,
            W.ALL,
        )
        carded = after == P.PIPE and index == sentence.lo
        if after == P.COLON or carded:
            return ActionKind.CLOSE if scene.contract_at(index + 2) is not None else None
        if not (ends or scene.contract_at(index + 1)) or (after == W.AT and scene.kind_at(index + 2) == P.OTHER):
            return None
        if piece.text == "stopping":
            return None
    if takes_part(scene, sentence, index):
        return ActionKind.TRIM
    return ActionKind.CLOSE


_AT_ENTRY = frozenset((W.BREAK_EVEN, W.AT, P.NUMBER))
_BEFORE_REST = frozenset((W.AND, P.MENTION, P.SIGN, W.SELF))
_MANY_TIMES = frozenset(("trades", "twice", "times", "everywhere", "everyone", "everybody"))
"""Behind "stopped" these tell of a day or of others, not of one position."""


def read_cut(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    last = scene.kind_at(index - 1) in (W.REST, W.RUNNER) and scene.kind_at(index + 1) in (P.NUMBER, W.AT, "", W.HERE)
    if scene.pieces[index].text in _COVERED and (last or is_side_ended(scene, sentence, index)):
        return ActionKind.CLOSE
    if not opens_clause(scene, sentence, index):
        return None
    if takes_part(scene, sentence, index):
        return ActionKind.TRIM
    at = object_index(scene, sentence, index)
    after = scene.kind_at(at)
    covered = scene.contract_at(at)
    if covered is not None and scene.pieces[index].text == "covering" and scene.kind_at(covered.last + 1) == P.OTHER:
        return None
    ended = index > sentence.lo and scene.pieces[index].text == "covered" and scene.kind_at(index - 1) == W.SHORT
    closes = index + 1 >= sentence.hi or (scene.pieces[index].text == "covered" and after in (P.NUMBER, W.AT))
    result = after in (P.DASH, P.PLUS, P.PERCENT, P.GAIN)
    result = result or (after == W.AT and scene.kind_at(at + 1) == P.NUMBER)
    if index == sentence.lo and scene.pieces[index].text in _COVERED and after == P.NUMBER and at == index + 1:
        return ActionKind.CLOSE
    named = (closes or result) and index > sentence.lo and scene.contract_at(index - 1) is not None
    if (
        ended
        or named
        or (after == W.LOSS and scene.kind_at(at + 1) == W.HERE)
        or (after == W.FOR and _tells_result(scene, at + 1))
        or scene.contract_at(at)
        or (after in (W.SHORT, W.REST, W.HERE, W.ALL, W.RUNNER) and scene.kind_at(at + 1) != W.OUT)
    ):
        return ActionKind.CLOSE
    return None


_COVERED = ("covered", "covering", "cvrd")


_BEFORE_FLAT = frozenset((W.TARGET, W.HIT))


def read_flat(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    if scene.kind_at(index - 1) == P.FOREIGN or not opens_clause(scene, sentence, index, _BEFORE_FLAT):
        return None
    after = scene.kind_at(index + 1)
    if (
        index + 1 >= sentence.hi
        or after in (P.MENTION, P.SIGN, W.HERE, W.NOW, W.ON, W.FOR, W.ALL)
        or (after == P.COMMA and scene.contract_at(index - 1) is None)
        or (after == W.RECAP and scene.pieces[index + 1].text == "for the day")
        or (after == P.COLON and scene.contract_at(index + 2) is not None)
        or (after == W.AT and (index == sentence.lo or scene.contract_at(index - 1) is not None))
        or scene.contract_at(index + 1)
    ):
        return ActionKind.CLOSE
    return None


def read_cancel(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`Cancel the NQ short`, `scratch that, no fill`, `order pulled`."""
    piece = scene.pieces[index]
    if any(draft.kind is ActionKind.CANCEL for draft in scene.drafts):
        return None
    if piece.text.endswith("filled") and W.LOAD in scene.row[sentence.lo : index]:
        return None
    if piece.text == "scratch" and any(draft.kind is ActionKind.CLOSE for draft in scene.drafts):
        return None
    if piece.text in ("ignore", "disregard", "void", "scratch", "nevermind") and index + 1 < sentence.hi:
        named = any(scene.pieces[at].text in _LAST_ALERT for at in range(index + 1, min(index + 5, sentence.hi)))
        return ActionKind.CANCEL if named and opens_clause(scene, sentence, index) else None
    if (
        piece.text in ("cancelled", "canceled")
        and index - sentence.lo <= 2
        and scene.kind_at(index - 1) in _CANCELLED_CARD
    ):
        return ActionKind.CANCEL
    idle = piece.text == "scratch that" and scene.kind_at(index + 1) == P.OTHER
    if idle and scene.pieces[index + 1].text not in ("one", "last"):
        return None
    if _cancels_other(scene, sentence, index) or (" " in piece.text and scene.kind_at(index - 1) == P.COLON):
        return None
    ordered = object_index(scene, sentence, index)
    reported = piece.text in ("cancelled", "canceled") and not (
        scene.kind_at(index + 1) == W.SELF or scene.contract_at(ordered) is not None or scene.kind_at(ordered) == W.ALL
    )
    if reported or piece.text == "fill" or not opens_clause(scene, sentence, index):
        return None
    return ActionKind.CANCEL


def _cancels_other(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`cancel your plans`: what follows is neither an order, a contract nor "that"."""
    if index + 1 >= sentence.hi or " " in scene.pieces[index].text:
        return False
    near = range(index + 1, min(index + 5, sentence.hi))
    if any(scene.kind_at(at) in _CANCELLED or scene.contract_at(at) is not None for at in near):
        return False
    return scene.kind_at(object_index(scene, sentence, index)) in (P.OTHER, W.PERMISSION)


_CANCELLED_CARD = (W.LABEL, W.POSITION, W.ENTRY)
_LAST_ALERT = ("last", "alert", "previous", "prior", "order")
_CANCELLED = frozenset((W.LABEL, W.HERE, W.POSITION, W.ALL, W.LONG, W.SHORT, W.ENTRY, W.LOAD, W.STOP, W.CANCEL))
