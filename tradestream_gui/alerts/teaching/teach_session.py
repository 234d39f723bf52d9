"""What is being taught: the examples so far with their labels; the only writer of them. Later messages are labelled
by what earlier ones say, so that the third one usually needs no click."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tradestream_gui.alerts.forms.form_tokens import DATE, NUMBER, FormToken, form_tokens
from tradestream_gui.alerts.forms.form_values import fits
from tradestream_gui.alerts.teaching.taught import Label, LabelRole, TaughtExample, marked
from tradestream_gui.domain.alert_forms import FormRole
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import ActionKind

MAX_PASTED = 20_000
_BY_NATURE = ((LabelRole.SYMBOL, FormRole.SYMBOL), (LabelRole.EXPIRY, FormRole.EXPIRY))


class TeachSession:
    """Examples in the order in which they were added. `profile` is what the room is read by until now."""

    def __init__(self, profile: AlertProfile) -> None:
        self._profile = profile
        self._examples: list[TaughtExample] = []
        self._labelled: set[str] = set()
        """Texts that a person has labelled; the others follow what those say."""

    @property
    def profile(self) -> AlertProfile:
        return self._profile

    @property
    def examples(self) -> tuple[TaughtExample, ...]:
        return tuple(self._examples)

    def add(self, text: str, sent_at: datetime, *, is_alert: bool = True, reply_text: str | None = None) -> int:
        """The number of the example; one with the same text is answered instead of added twice."""
        text = text.strip()
        for number, known in enumerate(self._examples):
            if known.text == text:
                if is_alert != (known.kind is not None):
                    self.set_kind(number, ActionKind.OPEN if is_alert else None)
                return number
        example = TaughtExample(text, sent_at, ActionKind.OPEN if is_alert else None, (), reply_text)
        self._examples.append(example)
        self._suggest()
        return len(self._examples) - 1

    def remove(self, number: int) -> None:
        del self._examples[number]

    def set_kind(self, number: int, kind: ActionKind | None) -> None:
        example = self._examples[number]
        self._examples[number] = replace(example, kind=kind, labels=example.labels if kind is not None else ())
        if kind is None:
            self._labelled.discard(example.text)
        self._suggest()

    def set_label(self, number: int, start: int, role: LabelRole | None, means: str = "") -> None:
        """Gives the token that begins at `start` a role; None takes it away."""
        example = self._examples[number]
        token = next(each.token for each in marked(example) if each.token.start == start)
        others = [label for label in example.labels if label.start != start]
        if role is not None:
            others.append(Label(token.start, token.end, role, means or self._meaning(token, role)))
        self._examples[number] = replace(example, labels=tuple(sorted(others, key=lambda label: label.start)))
        self._labelled.add(example.text)
        self._suggest()

    def set_meaning(self, number: int, start: int, means: str) -> None:
        """What a name or size word stands for, in every example that has it."""
        example = self._examples[number]
        token = next(each.token for each in marked(example) if each.token.start == start)
        for at, each in enumerate(self._examples):
            labels = tuple(
                replace(mark.label, means=means)
                for mark in marked(each)
                if mark.label is not None and mark.token.text == token.text
            )
            rest = tuple(label for label in each.labels if label.start not in {one.start for one in labels})
            self._examples[at] = replace(each, labels=tuple(sorted((*rest, *labels), key=lambda label: label.start)))
        self._suggest()

    # inside

    def _suggest(self) -> None:
        """Labels every alert that nobody has labelled yet."""
        for at, example in enumerate(self._examples):
            if example.kind is not None and example.text not in self._labelled:
                self._examples[at] = self._suggested(example)

    def _meaning(self, token: FormToken, role: LabelRole) -> str:
        known = (
            mark.label.means
            for example in self._examples
            for mark in marked(example)
            if mark.label is not None and mark.label.means and mark.label.role is role and mark.token.text == token.text
        )
        return next(known, "")

    def _suggested(self, example: TaughtExample) -> TaughtExample:
        """The same word has the same role as before; a number has the role of the one behind the same word."""
        by_word: dict[str, Label] = {}
        after_word: dict[str, LabelRole] = {}
        for known in self._examples:
            if known.text not in self._labelled:
                continue
            marks = marked(known)
            for at, mark in enumerate(marks):
                if mark.label is None:
                    continue
                if mark.token.kind not in (NUMBER, DATE):
                    by_word[mark.token.text] = mark.label
                before = _before([each.token for each in marks], [each.label for each in marks], at)
                after_word[f"{before} {mark.token.kind}"] = mark.label.role
        labels: list[Label] = []
        tokens = form_tokens(example.text)
        given: list[Label | None] = [None] * len(tokens)
        for at, token in enumerate(tokens):
            label = self._guess(token, by_word, after_word, _before(tokens, given, at))
            if label is None and at and _is_next_target(tokens[at - 1], given[at - 1], token):
                label = Label(token.start, token.end, LabelRole.TARGET)
            if label is not None:
                given[at] = label
                labels.append(label)
        return replace(example, labels=tuple(labels))

    def _guess(
        self, token: FormToken, by_word: dict[str, Label], after_word: dict[str, LabelRole], before: str
    ) -> Label | None:
        known = by_word.get(token.text)
        if known is not None:
            return Label(token.start, token.end, known.role, known.means)
        role = after_word.get(f"{before} {token.kind}")
        if role is not None and token.kind in (NUMBER, DATE):
            return Label(token.start, token.end, role)
        for label_role, form_role in _BY_NATURE:
            if token.kind != NUMBER and fits(form_role, token, self._profile):
                return Label(token.start, token.end, label_role)
        return None


def _is_next_target(before: FormToken, label: Label | None, token: FormToken) -> bool:
    """`6330 / 6320`: a number right behind a target and of its size is a target too."""
    if label is None or label.role is not LabelRole.TARGET or before.value is None or token.value is None:
        return False
    return not token.suffix and abs(token.value - before.value) * 10 <= before.value


def _before(tokens: Sequence[FormToken], labels: Sequence[Label | None], at: int) -> str:
    """What stands before a token: the nearest word without a role, or the role of the value before it."""
    if at == 0:
        return "^"
    label, token = labels[at - 1], tokens[at - 1]
    if label is not None:
        direction = label.role in (LabelRole.LONG, LabelRole.SHORT)
        return f"<{'side' if direction else label.role.value}>"
    return token.text if token.kind not in (NUMBER, DATE) else "#"


def messages_of(pasted: str) -> tuple[str, ...]:
    """Pasted text as messages: by blank lines where there are any, else one a line."""
    text = pasted[:MAX_PASTED].replace("\r\n", "\n").strip()
    parts = text.split("\n\n") if "\n\n" in text else text.split("\n")
    return tuple(part.strip() for part in parts if part.strip())
