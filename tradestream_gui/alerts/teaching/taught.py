"""Messages whose words a person gave roles: what each must mean, and what it teaches of the room's words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from tradestream_gui.alerts.forms.form_tokens import NUMBER, WORD, FormToken, form_tokens
from tradestream_gui.alerts.forms.form_values import Filled, fits, quantity_of, said_direction, symbol_of
from tradestream_gui.alerts.forms.forms import TAKES_BACK
from tradestream_gui.alerts.words.lexicon import WORDS, W
from tradestream_gui.alerts.words.symbols import futures_root, is_known_ticker
from tradestream_gui.domain.alert_forms import FormRole, SaidDirection
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import ActionKind, LevelUnit


class LabelRole(Enum):
    """What a person says a word of a message is."""

    SYMBOL = "symbol"
    LONG = "long"
    SHORT = "short"
    CALL = "call"
    PUT = "put"
    STRIKE = "strike"
    EXPIRY = "expiry"
    ENTRY = "entry"
    STOP = "stop"
    TARGET = "target"
    SIZE = "size"
    WORD = "word"
    """The word that says what is done: it joins the room's words for it."""


@dataclass(frozen=True, slots=True)
class Label:
    """A role given to the token at [start, end) of the text; `means` is what a name or size word stands for."""

    start: int
    end: int
    role: LabelRole
    means: str = ""


@dataclass(frozen=True, slots=True)
class TaughtExample:
    """A message of the room; `kind` None says that it is not an alert."""

    text: str
    sent_at: datetime
    kind: ActionKind | None
    labels: tuple[Label, ...] = ()
    reply_text: str | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A token of an example with its label, None where it has none."""

    token: FormToken
    label: Label | None

    @property
    def role(self) -> FormRole | None:
        return _ROLES[self.label.role] if self.label is not None else None


_ROLES = {
    LabelRole.SYMBOL: FormRole.SYMBOL, LabelRole.LONG: FormRole.DIRECTION, LabelRole.SHORT: FormRole.DIRECTION,
    LabelRole.CALL: FormRole.RIGHT, LabelRole.PUT: FormRole.RIGHT, LabelRole.STRIKE: FormRole.STRIKE,
    LabelRole.EXPIRY: FormRole.EXPIRY, LabelRole.ENTRY: FormRole.ENTRY, LabelRole.STOP: FormRole.STOP,
    LabelRole.TARGET: FormRole.TARGET, LabelRole.SIZE: FormRole.SIZE, LabelRole.WORD: None,
}  # fmt: skip
_DIRECTIONS = {
    LabelRole.LONG: SaidDirection.LONG, LabelRole.SHORT: SaidDirection.SHORT, LabelRole.CALL: SaidDirection.CALL,
    LabelRole.PUT: SaidDirection.PUT,
}  # fmt: skip
_WORD_LISTS = {
    ActionKind.OPEN: "entry_words", ActionKind.ADD: "entry_words", ActionKind.TRIM: "trim_words",
    ActionKind.CLOSE: "close_words", None: "watch_words",
}  # fmt: skip
_TRADING = frozenset((W.BUY, W.ENTER, W.TRIM, W.CLOSE, W.EXIT, W.SELL, W.CUT, W.LOAD, W.ADD))
FAR_SHARE = Decimal("0.1")
POINTS_SHARE = Decimal("0.02")
PREMIUM_TIMES = 12


def marked(example: TaughtExample) -> tuple[Marked, ...]:
    """The tokens of the example in their order, with their labels."""
    by_start = {label.start: label for label in example.labels}
    return tuple(Marked(token, by_start.get(token.start)) for token in form_tokens(example.text))


def filled_of(example: TaughtExample) -> tuple[Filled, ...]:
    return tuple(Filled(each.role, each.token) for each in marked(example) if each.role is not None)


def with_words(
    profile: AlertProfile, examples: Sequence[TaughtExample], *, verbs: bool
) -> tuple[AlertProfile, list[str], list[str]]:
    """The profile with the words that the labels teach, and in words what was learned and what is wrong.
    `verbs` False leaves out the words for what is done: the forms then carry them."""
    learned: list[str] = []
    faults: list[str] = []
    for example in examples:
        for each in marked(example):
            if each.label is not None:
                profile = _taught(profile, example, each.token, each.label, learned, faults, verbs=verbs)
    return profile, list(dict.fromkeys(learned)), list(dict.fromkeys(faults))


def _taught(
    profile: AlertProfile,
    example: TaughtExample,
    token: FormToken,
    label: Label,
    learned: list[str],
    faults: list[str],
    *,
    verbs: bool,
) -> AlertProfile:
    role = label.role
    if role in _DIRECTIONS:
        return _direction(profile, token, _DIRECTIONS[role], learned, faults)
    if role is LabelRole.SYMBOL:
        return _symbol(profile, token, label.means.strip().upper(), learned, faults)
    if role is LabelRole.SIZE:
        return _size(profile, token, label.means.strip(), learned, faults)
    if role is LabelRole.WORD:
        return _verb(profile, example, token, learned, faults) if verbs else profile
    wanted = _ROLES[role]
    if wanted is not None and not fits(wanted, token, profile):
        faults.append(f'"{token.raw}" cannot be read as {_an(role.value)}')
    return profile


def _direction(
    profile: AlertProfile, token: FormToken, said: SaidDirection, learned: list[str], faults: list[str]
) -> AlertProfile:
    known = said_direction(token, profile)
    role = FormRole.DIRECTION if said in (SaidDirection.LONG, SaidDirection.SHORT) else FormRole.RIGHT
    if known is None and fits(FormRole.RIGHT, token, profile):
        right = SaidDirection.CALL if token.text.startswith("c") else SaidDirection.PUT
        known = right
    if known is said:
        return profile
    if known is not None:
        faults.append(f'"{token.raw}" already means {known.value} and cannot mean {said.value} too')
        return profile
    if token.kind == NUMBER:
        faults.append(f'"{token.raw}" is a number and cannot mean {said.value}')
        return profile
    learned.append(f'"{token.raw}" means {said.value}')
    profile = replace(profile, direction_words=(*profile.direction_words, (token.text, said)))
    assert fits(role, token, profile)
    return profile


def _symbol(profile: AlertProfile, token: FormToken, means: str, learned: list[str], faults: list[str]) -> AlertProfile:
    known = symbol_of(token, profile)
    if not means or means == known:
        if known is None:
            faults.append(f'say what "{token.raw}" stands for, such as ES or SPY')
        return profile
    root = futures_root(means)
    if root is None and not is_known_ticker(means):
        faults.append(f"{means} is neither a futures root nor a listed symbol")
        return profile
    learned.append(f'"{token.raw}" means {means}')
    others = tuple(row for row in profile.name_roots if row[0] != token.text)
    return replace(profile, name_roots=tuple(sorted((*others, (token.text, root.root if root else means)))))


def _size(profile: AlertProfile, token: FormToken, means: str, learned: list[str], faults: list[str]) -> AlertProfile:
    if not means:
        if quantity_of(token, profile) is None:
            faults.append(f'say how much "{token.raw}" is, such as 1/2 or 2 times the usual size')
        return profile
    try:
        multiple = Fraction(means)
    except (ValueError, ZeroDivisionError):
        multiple = Fraction(0)
    if not 0 < multiple <= 100 or token.kind != WORD:
        faults.append(f'"{token.raw}" needs a multiple of the usual size above 0 and at most 100, not {means!r}')
        return profile
    learned.append(f'"{token.raw}" means {multiple} of the usual size')
    others = tuple(row for row in profile.size_words if row[0] != token.text)
    return replace(profile, size_words=(*others, (token.text, multiple)))


def _verb(
    profile: AlertProfile, example: TaughtExample, token: FormToken, learned: list[str], faults: list[str]
) -> AlertProfile:
    """The word joins the room's list only where it is no common word; else the form carries it."""
    name = _WORD_LISTS.get(example.kind)
    usual = WORDS.get(token.text)
    if token.kind != WORD or name is None or token.text in getattr(profile, name):
        return profile
    if usual in TAKES_BACK and example.kind is not None:
        faults.append(f'"{token.raw}" takes the force out of an order and cannot be the word for one')
        return profile
    if len(token.text) < 3 or (usual is not None and usual not in _TRADING):
        return profile
    learned.append(f'"{token.raw}" {_DOES[name]}')
    return _with_verb(profile, name, token.text)


def _with_verb(profile: AlertProfile, name: str, word: str) -> AlertProfile:
    if name == "entry_words":
        return replace(profile, entry_words=(*profile.entry_words, word))
    if name == "trim_words":
        return replace(profile, trim_words=(*profile.trim_words, word))
    if name == "close_words":
        return replace(profile, close_words=(*profile.close_words, word))
    return replace(profile, watch_words=(*profile.watch_words, word))


_DOES = {"entry_words": "opens", "trim_words": "takes some off", "close_words": "closes", "watch_words": "only watches"}


def unit_of(example: TaughtExample, role: FormRole) -> LevelUnit | str:
    """How the example's bare stops or targets are meant, by their distance from its price; a text says what is
    unclear."""
    filled = filled_of(example)
    values = [each.token.value for each in filled if each.role is role and not each.token.suffix]
    entry = next((each.token.value for each in filled if each.role is FormRole.ENTRY), None)
    strike = next((each.token.value for each in filled if each.role is FormRole.STRIKE), None)
    units = {_unit(value, entry, strike) for value in values if value is not None}
    if not units or entry is None:
        return LevelUnit.PRICE
    if len(units) == 1 and None not in units:
        return units.pop() or LevelUnit.PRICE
    return f"the {role.value} fits neither a price nor a distance of {entry}"


def _unit(value: Decimal, entry: Decimal | None, strike: Decimal | None) -> LevelUnit | None:
    if entry is None or entry <= 0:
        return LevelUnit.PRICE
    if strike is not None:
        if abs(value - strike) <= strike * FAR_SHARE and value > entry * 3:
            return LevelUnit.UNDERLYING
        return LevelUnit.PRICE if value <= entry * PREMIUM_TIMES else None
    if abs(value - entry) <= entry * FAR_SHARE:
        return LevelUnit.PRICE
    return LevelUnit.POINTS if value <= entry * POINTS_SHARE else None


def _an(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"
