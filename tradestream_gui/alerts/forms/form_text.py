"""A room's form as one line of text, as it stands in a profile file and on the screen.

`[direction] [symbol] [entry] inv|invalid [stop] (obj) [target]... *`: places in brackets, words with their
alternatives, optional parts in round brackets, `...` for more of the same, `*` at the end for free words.
"""

from tradestream_gui.domain.alert_forms import FormPart, FormRole, MessageForm
from tradestream_gui.domain.alerts import ActionKind, LevelUnit

MAX_PARTS = 60
MAX_WORD = 40
UNITS = (LevelUnit.PRICE, LevelUnit.POINTS, LevelUnit.PERCENT, LevelUnit.UNDERLYING)
KINDS = (
    ActionKind.OPEN, ActionKind.ADD, ActionKind.TRIM, ActionKind.CLOSE, ActionKind.SET_STOP, ActionKind.SET_TARGET,
)  # fmt: skip
"""What a form may ask for. A conditional entry, a cancel and a correction are left to the general grammar."""


class FormTextError(ValueError):
    """A form that cannot be read; says what is allowed."""


def text_of(form: MessageForm) -> str:
    words = []
    for part in form.parts:
        text = f"[{part.role.value}]" if part.role is not None else "|".join(part.words)
        if part.repeats:
            text += "..."
        words.append(f"({text})" if part.optional else text)
    return " ".join([*words, "*"] if form.free_end else words)


def form_of(
    text: str, kind: ActionKind, stop_unit: LevelUnit = LevelUnit.PRICE, target_unit: LevelUnit = LevelUnit.PRICE
) -> MessageForm:
    """Raises FormTextError."""
    words = text.split()
    free_end = bool(words) and words[-1] == "*"
    parts = tuple(_part(word) for word in (words[:-1] if free_end else words))
    if not parts:
        raise FormTextError("a form needs at least one part, such as [entry]")
    if len(parts) > MAX_PARTS:
        raise FormTextError(f"a form has at most {MAX_PARTS} parts, not {len(parts)}")
    return MessageForm(kind, parts, stop_unit, target_unit, free_end)


def _part(word: str) -> FormPart:
    optional = word.startswith("(") and word.endswith(")")
    inner = word[1:-1] if optional else word
    repeats = inner.endswith("...")
    inner = inner.removesuffix("...")
    if inner.startswith("[") and inner.endswith("]"):
        return FormPart(_role(inner[1:-1]), (), optional, repeats)
    choices = tuple(choice.lower() for choice in inner.split("|"))
    if repeats or not all(choices) or any(len(choice) > MAX_WORD or set(choice) & set("[]()*") for choice in choices):
        raise FormTextError(f"{word!r} is no part of a form: write [role], word, word|word or (word)")
    return FormPart(None, choices, optional)


def _role(name: str) -> FormRole:
    for role in FormRole:
        if role.value == name:
            return role
    raise FormTextError(f"[{name}] is no place: known are {', '.join(f'[{role.value}]' for role in FormRole)}")
