"""Forms from labelled messages: those with the same places in the same order become one, their words side by side."""

from collections.abc import Sequence
from dataclasses import replace

from tradestream_gui.alerts.forms.form_tokens import DATE, EMOJI, NUMBER, UNREADABLE
from tradestream_gui.alerts.forms.forms import JOINTS
from tradestream_gui.alerts.teaching.taught import Marked, TaughtExample, marked
from tradestream_gui.domain.alert_forms import FormPart, FormRole, MessageForm

Gap = tuple[FormPart, ...]
"""The word parts between two places."""


def forms_of(
    shapes: Sequence[tuple[TaughtExample, MessageForm]], *, merged: bool
) -> tuple[tuple[MessageForm, ...], list[str]]:
    """The forms that cover the examples, and what in them cannot be read. Without `merged` each is its own form."""
    groups: dict[object, list[tuple[TaughtExample, MessageForm]]] = {}
    faults: list[str] = []
    for number, (example, shape) in enumerate(shapes):
        parts = _parts(example)
        unread = [each.token.raw for each in marked(example) if each.token.kind == UNREADABLE]
        if unread:
            faults.append(f'"{unread[0]}" in "{example.text[:50]}" cannot be read as a number or a word')
            continue
        roles = tuple(part.role for part in parts if part.role is not None)
        alone = number if not merged or not roles else None
        groups.setdefault((shape.kind, roles, shape.stop_unit, shape.target_unit, alone), []).append((example, shape))
    return tuple(dict.fromkeys(_merged(group) for group in groups.values())), faults


def _merged(group: Sequence[tuple[TaughtExample, MessageForm]]) -> MessageForm:
    shape = group[0][1]
    split = [_split(_parts(example)) for example, _ in group]
    places, gaps = split[0]
    places = [replace(place, repeats=any(found[k].repeats for found, _ in split)) for k, place in enumerate(places)]
    ends = [found[-1] for _, found in split]
    free_end = bool(places) and any(end != ends[0] for end in ends)
    together = list(gaps)
    for _, found in split[1:]:
        together = [_joined(one, other) for one, other in zip(together, found, strict=True)]
    if free_end:
        together[-1] = ()
    parts: list[FormPart] = list(together[0])
    for place, gap in zip(places, together[1:], strict=True):
        parts += (place, *gap)
    return replace(shape, parts=tuple(parts), free_end=free_end)


def _parts(example: TaughtExample) -> list[FormPart]:
    """The example's own parts: words as they stand, repeated places as one."""
    out: list[FormPart] = []
    tokens = [each for each in marked(example) if each.role is not None or each.token.kind != EMOJI]
    for at, each in enumerate(tokens):
        role = each.role
        if role is None and each.token.kind in (NUMBER, DATE):
            role = FormRole.NUMBER
        if role is None:
            if not _is_joint(tokens, at):
                out.append(FormPart(None, (each.token.text,)))
        elif out and out[-1].role is role and role in (FormRole.TARGET, FormRole.ENTRY):
            out[-1] = replace(out[-1], repeats=True)
        else:
            out.append(FormPart(role))
    return out


def _is_joint(tokens: Sequence[Marked], at: int) -> bool:
    """`6333 and 6340`: a joint between two values of one kind is no word of the form."""
    if tokens[at].token.text not in JOINTS or not 0 < at < len(tokens) - 1:
        return False
    before, after = tokens[at - 1].role, tokens[at + 1].role
    return before is after and before in (FormRole.TARGET, FormRole.ENTRY)


def _split(parts: Sequence[FormPart]) -> tuple[list[FormPart], list[Gap]]:
    """The places, and the gaps before, between and behind them."""
    places: list[FormPart] = []
    gaps: list[list[FormPart]] = [[]]
    for part in parts:
        if part.role is None:
            gaps[-1].append(part)
        else:
            places.append(part)
            gaps.append([])
    return places, [tuple(gap) for gap in gaps]


def _joined(one: Gap, other: Gap) -> Gap:
    """Both gaps as one: word beside word where they are as long, else what they share, and the rest may be missing."""
    if len(one) == len(other):
        return tuple(
            replace(a, words=tuple(sorted({*a.words, *b.words})), optional=a.optional or b.optional)
            for a, b in zip(one, other, strict=True)
        )
    return tuple(_common(list(one), list(other)))


def _common(one: list[FormPart], other: list[FormPart]) -> list[FormPart]:
    """The longest common run of words in order; all other parts become optional."""
    sizes = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) - 1, -1, -1):
        for j in range(len(other) - 1, -1, -1):
            same = bool(set(one[i].words) & set(other[j].words))
            sizes[i][j] = sizes[i + 1][j + 1] + 1 if same else max(sizes[i + 1][j], sizes[i][j + 1])
    out: list[FormPart] = []
    i = j = 0
    while i < len(one) or j < len(other):
        if i < len(one) and j < len(other) and set(one[i].words) & set(other[j].words):
            words = tuple(sorted({*one[i].words, *other[j].words}))
            out.append(replace(one[i], words=words, optional=one[i].optional or other[j].optional))
            i, j = i + 1, j + 1
        elif j >= len(other) or (i < len(one) and sizes[i + 1][j] >= sizes[i][j + 1]):
            out.append(replace(one[i], optional=True))
            i += 1
        else:
            out.append(replace(other[j], optional=True))
            j += 1
    return out
