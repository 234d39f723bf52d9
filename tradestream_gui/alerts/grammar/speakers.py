"""Whose deed a verb tells of: the author's own, that of another member who is named, or one that is only quoted."""

from tradestream_gui.alerts.grammar.clarity import is_harmless
from tradestream_gui.alerts.grammar.scene import Draft, Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W, words_of
from tradestream_gui.alerts.words.piece_kinds import P, Piece

_DEEDS = words_of(
    """
    bought sold closed entered exited trimmed took grabbed added shorted longed opened cut covered scaled snagged
    scooped dumped picked got
    """
)
"""Forms that tell what somebody did; behind a role's ping they are the author's own deed."""
_OF_ROLES = (
    "alert", "option", "future", "swing", "trade", "lotto", "scalp", "member", "vip", "prem", "team", "signal", "notif",
    "sub", "room", "play", "dte", "admin", "mod", "all", "every", "here", "live", "stock", "share", "crypto", "elite",
    "pro", "gold", "student", "ping", "entr", "exit", "gang", "fam", "squad", "crew", "call", "put", "desk", "group",
)  # fmt: skip
"""Parts of the names that rooms give to roles; any other name in lower case is a member's."""
_NO_SPEAKERS = words_of("just also alert finally then newly personally quick ok alright so here conditional contingent")
QUOTE_MARK = '"'


def is_others_deed(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`@mike bought AMD 240c`, `Jim closed his ES short`: another member did it, who is named or pointed at."""
    named = index > sentence.lo and scene.kind_at(index - 1) == P.MENTION
    if not (named or W.OTHERS in scene.kinds) or scene.pieces[index].text.split(" ")[0] not in _DEEDS:
        return False
    if named and _is_member(scene.pieces[index - 1]):
        return True
    if W.OTHERS not in scene.kinds or W.SELF in scene.row[sentence.lo : index]:
        return False
    return scene.kind_at(index + 1) == W.OTHERS or (
        scene.kind_at(index + 2) == W.OTHERS and scene.pieces[index + 1].text in ("all", "half", "some", "out of", "of")
    )


def has_named_speaker(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`Maria bought DIS 118c`: a name right before the verb."""
    if index == sentence.lo or scene.kind_at(index) != W.BUY:
        return False
    dashed = index - 2 == sentence.lo and scene.kind_at(index - 1) == P.DASH
    before = scene.pieces[index - 2 if dashed else index - 1]
    if dashed and is_harmless(before.text):
        return False
    return before.kind == P.OTHER and before.text not in _NO_SPEAKERS


def is_passed_on(scene: Scene) -> bool:
    """`Sarah: I sold mine at 2.1`, `RT @pete: ...`, `per Mike, ...`: the whole message gives another's words."""
    pieces = scene.pieces
    if scene.row[0] not in _SPEAKERS or len(pieces) < 4:
        return False
    if scene.row[:3] == [P.OTHER, P.COLON, W.SELF] and not is_harmless(pieces[0].text):
        return True
    return pieces[0].text.lower() in _PASSING and scene.kind_at(1) in (P.MENTION, P.OTHER)


_SPEAKERS = frozenset((P.OTHER, P.TICKER))
_PASSING = ("rt", "via", "per")


def is_quoted(scene: Scene, draft: Draft) -> bool:
    """`"BTO AMD 240c @ 2.1" is how it reads`: an odd number of quotation marks stands before the verb."""
    marks = sum(1 for piece in scene.pieces[: draft.at] if piece.kind == P.SIGN and piece.text == QUOTE_MARK)
    return marks % 2 == 1


def _is_member(piece: Piece) -> bool:
    name = piece.text[1:]
    return bool(name) and name[0].islower() and not any(part in name.lower() for part in _OF_ROLES)
