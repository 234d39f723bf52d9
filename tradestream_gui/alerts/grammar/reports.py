"""Messages that tell of what is over or teach: summaries, reviews and rules, of which nothing is ever an order."""

from tradestream_gui.alerts.grammar.scene import Scene
from tradestream_gui.alerts.words.lexicon import words_of
from tradestream_gui.alerts.words.piece_kinds import P

HEAD = 8
"""A heading is no longer than this."""
_REPORTS = words_of(
    """
    recap review summary scoreboard stats statistics results journal wrap wrap-up roundup tally scorecard standings
    lessons lesson rules checklist reminders homework takeaways playbook debrief postmortem glossary watchlist gameplan
    outlook disclaimer leaderboard holdings portfolio positions
    """
)
_ENDS_HEADING = frozenset((P.NEWLINE, P.COLON, P.DASH, P.END, P.COMMA, P.SIGN, P.PIPE, P.OPENING, P.DATE, P.SLASH, ""))
_BEFORE_HEADING = frozenset((P.SIGN, P.MENTION, P.NEWLINE, P.DASH))


def is_report(scene: Scene) -> bool:
    """`Week in review: ...`, `DAILY SUMMARY - ...`, `Rules recap`: a heading of a report; or a list of rules."""
    pieces = scene.pieces
    if _REPORTS.isdisjoint(scene.words) or _REPORTS.isdisjoint([piece.text for piece in pieces[: HEAD + 2]]):
        return P.NEWLINE in scene.kinds and not scene.contracts and _is_numbered_list(scene)
    lo = 0
    while lo < len(pieces) and scene.kind_at(lo) in _BEFORE_HEADING:
        lo += 1
    for at in range(lo, min(lo + HEAD, len(pieces))):
        kind = scene.kind_at(at)
        if pieces[at].text in _REPORTS and scene.kind_at(at + 1) in _ENDS_HEADING:
            return True
        if kind in (P.NEWLINE, P.COLON, P.NUMBER, P.TICKER, P.ROOT, P.STRIKE_RIGHT):
            break
    return _is_numbered_list(scene)


def _is_numbered_list(scene: Scene) -> bool:
    """`1. never ...` / `2. always ...` without any instrument: rules, not orders."""
    if scene.contracts or P.NEWLINE not in scene.kinds:
        return False
    numbered = 0
    for at in range(len(scene.pieces) - 1):
        piece = scene.pieces[at]
        begins = scene.kind_at(at - 1) in ("", P.NEWLINE) and piece.kind == P.NUMBER and len(piece.text) <= 2
        if begins and scene.pieces[at + 1].glued and scene.pieces[at + 1].text in (".", ")"):
            numbered += 1
    return numbered >= 2
