"""Reads a message by a room's own forms: the whole message fits one of them, or nothing is read."""

from collections.abc import Sequence
from decimal import Decimal

from tradestream_gui.alerts.forms.form_tokens import EMOJI, MAX_TOKENS, SIGN, WORD, FormToken, tokens_of_plain
from tradestream_gui.alerts.forms.form_values import Filled, draft_of, fits
from tradestream_gui.alerts.grammar.dates import IsTradingDay
from tradestream_gui.alerts.grammar.drafted import action_of
from tradestream_gui.alerts.words.lexicon import WORDS, W
from tradestream_gui.alerts.words.text import MENTION_MARK, PlainText
from tradestream_gui.domain.alert_forms import FormPart, FormRole, MessageForm
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import ActionKind, AlertText, Reading, Reason

MAX_END_WORDS = 15
JOINTS = frozenset(("and", "then", "&", "to", "or"))
"""Words that may stand between values of one kind."""
TAKES_BACK = frozenset((
    W.NEGATION, W.HYPOTHESIS, W.UNREAL, W.PAST_TIME, W.QUESTION, W.RECAP, W.CANCEL, W.PAST, W.PERMISSION, W.FUTURE,
))  # fmt: skip
"""Classes of words that take the force out of an order: none may follow a form, none may be part of one that opens."""
_CONFIDENCE = Decimal("0.9")


def read_form(
    alert: AlertText, plain: PlainText, profile: AlertProfile, is_trading_day: IsTradingDay
) -> Reading | None:
    """The reading by the room's forms; None where none fits, so that the general grammar reads on."""
    if plain.retracted or (profile.requires_ping and MENTION_MARK not in plain.text):
        return None
    lower = plain.text.lower()
    forms = [form for form in profile.forms if _may_fit(form, lower)]
    if not forms:
        return None
    tokens = tokens_of_plain(plain.text)
    if not 0 < len(tokens) <= MAX_TOKENS:
        return None
    found = []
    for form in forms:
        filled = match(form, tokens, profile)
        if filled is not None:
            draft = draft_of(form, filled, profile, alert, is_trading_day)
            found.append((action_of(draft, alert.raw), tuple(draft.doubts)))
    if not found:
        return None
    action, reasons = found[0]
    if any(other != action for other, _ in found[1:]):
        reasons += (Reason("FORM_AMBIGUOUS", "two forms of this room read it differently"),)
    if plain.suspicious:
        reasons += (Reason("SUSPICIOUS_TEXT", f"the text holds {plain.suspicious}"),)
    rules = ("form of this room",)
    if reasons:
        return Reading((), (action,), True, tuple(dict.fromkeys(reasons)), _CONFIDENCE / 2, profile.name, rules)
    return Reading((action,), (), False, (), _CONFIDENCE, profile.name, rules)


def match(form: MessageForm, tokens: Sequence[FormToken], profile: AlertProfile) -> tuple[Filled, ...] | None:
    """The filled places when the form covers the message from its first token to its last; else None.

    Work is bounded by parts times tokens: every pair is tried at most once.
    """
    counted = _without_decoration(form, tokens, profile)
    return _Matching(form, counted, profile).run()


def faults_of(form: MessageForm, default_symbol: str | None) -> tuple[str, ...]:
    """Why a form must not be used: too little structure to tell an order from talk. Empty for a sound one."""
    roles = set(form.roles)
    words = [part for part in form.parts if part.role is None and not part.optional]
    if not form.kind.opens:
        needed = {ActionKind.SET_STOP: FormRole.STOP, ActionKind.SET_TARGET: FormRole.TARGET}.get(form.kind)
        if needed is not None and needed not in roles:
            return (f"a message that sets a {needed.value} needs its number",)
        return () if words else ("a message that ends or changes a position needs a word of its own, not only numbers",)
    out = []
    if FormRole.ENTRY not in roles:
        out.append("an opening needs an entry price")
    if FormRole.SYMBOL not in roles and default_symbol is None:
        out.append("an opening needs an instrument: click it in the message, or name the room's usual one")
    option = FormRole.STRIKE in roles
    both = FormRole.STOP in roles and FormRole.TARGET in roles
    if not option and FormRole.DIRECTION not in roles and not both:
        out.append("nothing says long or short: click the word for it, or a stop and a target")
    if not (words or both or FormRole.DIRECTION in roles or option):
        out.append("numbers alone would fire on talk: the form needs a word, a direction, or a stop with a target")
    for part in words:
        backs = [word for word in part.words if WORDS.get(word) in TAKES_BACK or word == "?"]
        if backs:
            out.append(f'"{backs[0]}" takes the force out of an order and cannot be part of an opening')
    return tuple(out)


def likeness(form: MessageForm, tokens: Sequence[FormToken], profile: AlertProfile) -> tuple[float, str]:
    """How much of the form stands in the message in its order, 0 to 1, and what is the first thing that differs."""
    counted = _without_decoration(form, tokens[:MAX_TOKENS], profile)
    needed = [part for part in form.parts if not part.optional]
    at, found, differs = 0, 0, ""
    for part in needed:
        place = next((k for k in range(at, len(counted)) if _takes(part, counted[k], profile)), None)
        if place is None:
            differs = differs or f"no {_name(part)}"
            continue
        if place > at and not differs:
            differs = f'"{counted[at].raw}" stands where {_name(part)} should'
        found, at = found + 1, place + 1
    if not differs and at < len(counted):
        differs = f'"{counted[at].raw}" follows the end of the form'
    return found / len(needed) if needed else 0.0, differs


_NUMERIC = frozenset((FormRole.ENTRY, FormRole.STOP, FormRole.TARGET, FormRole.STRIKE, FormRole.NUMBER))


def _may_fit(form: MessageForm, lower: str) -> bool:
    """Whether the text holds the form's words at all; most talk is told apart by that, before any token is made."""
    for part in form.parts:
        if part.optional:
            continue
        if part.role in _NUMERIC and not any(map(str.isdigit, lower)):
            return False
        if part.role is None and not any(word in lower for word in part.words):
            return False
    return True


def _name(part: FormPart) -> str:
    return f"the {part.role.value}" if part.role is not None else " or ".join(f'"{word}"' for word in part.words)


def _without_decoration(form: MessageForm, tokens: Sequence[FormToken], profile: AlertProfile) -> list[FormToken]:
    """Emoji count only where the form or the room's words know them."""
    known = {word for part in form.parts for word in part.words}
    known.update(word for word, _ in profile.direction_words)
    known.update(word for word, _ in profile.name_roots)
    return [token for token in tokens if token.kind != EMOJI or token.text in known]


def _takes(part: FormPart, token: FormToken, profile: AlertProfile) -> bool:
    if part.role is not None:
        return fits(part.role, token, profile)
    return token.kind in (WORD, SIGN, EMOJI) and token.text in part.words


class _Matching:
    """One form against one message; remembers the pairs that led nowhere."""

    def __init__(self, form: MessageForm, tokens: Sequence[FormToken], profile: AlertProfile) -> None:
        self._form = form
        self._tokens = tokens
        self._profile = profile
        self._dead: set[tuple[int, int]] = set()

    def run(self) -> tuple[Filled, ...] | None:
        """Depth first over (part, token), without recursion: the stack holds what is still to be tried."""
        stack: list[tuple[int, int, tuple[Filled, ...]]] = [(0, 0, ())]
        while stack:
            part_no, at, filled = stack.pop()
            if (part_no, at) in self._dead:
                continue
            self._dead.add((part_no, at))
            if part_no == len(self._form.parts):
                if self._may_end(at):
                    return filled
                continue
            part = self._form.parts[part_no]
            if part.optional:
                stack.append((part_no + 1, at, filled))
            for after, more in self._ways(part, at):
                stack.append((part_no + 1, after, filled + more))
        return None

    def _ways(self, part: FormPart, at: int) -> list[tuple[int, tuple[Filled, ...]]]:
        """Where the part may end when it begins here, the longest way last, so that it is tried first."""
        ways: list[tuple[int, tuple[Filled, ...]]] = []
        taken: tuple[Filled, ...] = ()
        while at < len(self._tokens) and _takes(part, self._tokens[at], self._profile):
            if part.role is None:
                return [(at + 1, ())]
            taken = (*taken, Filled(part.role, self._tokens[at]))
            at += 1
            ways.append((at, taken))
            if not part.repeats or len(taken) >= 6:
                break
            if at < len(self._tokens) and self._tokens[at].text in JOINTS:
                at += 1
        return ways

    def _may_end(self, at: int) -> bool:
        rest = self._tokens[at:]
        if not rest:
            return True
        if not self._form.free_end or len(rest) > MAX_END_WORDS:
            return False
        return all(token.kind == WORD and WORDS.get(token.text) not in TAKES_BACK for token in rest)
