"""A profile as the text of its file: what the reader gives back is the same profile."""

import json
from collections.abc import Iterable
from enum import Enum
from fractions import Fraction

from tradestream_gui.alerts.forms.form_text import text_of
from tradestream_gui.domain.alert_forms import MessageForm
from tradestream_gui.domain.alert_profile import AlertProfile, ProfileExample

_FLAGS = (
    "bare_contract_opens", "bare_entry_opens", "requires_ping", "size_letter_required", "stop_required",
    "count_without_price_opens",
)  # fmt: skip


def profile_text(profile: AlertProfile) -> str:
    """TOML in the order of the keys that a person looks for first."""
    lines = [f"name = {_text(profile.name)}", f"title = {_text(profile.title)}"]
    if profile.match:
        pairs = (f"{{channel = {_text(channel)}, author = {_text(author)}}}" for channel, author in profile.match)
        lines.append(f"match = [{', '.join(pairs)}]")
    for key in ("entry_words", "trim_words", "close_words", "watch_words"):
        if getattr(profile, key):
            lines.append(f"{key} = {_texts(getattr(profile, key))}")
    lines += [f"{key} = {_flag(getattr(profile, key))}" for key in _FLAGS]
    if profile.stop_levels_are_underlying is not None:
        lines.append(f"stop_levels_are_underlying = {_flag(profile.stop_levels_are_underlying)}")
    for key, choice in (
        ("added_means", profile.added_means),
        ("loaded_means", profile.loaded_means),
        ("default_expiry", profile.default_expiry),
        ("default_asset", profile.default_asset),
        ("default_symbol", profile.default_symbol),
    ):
        if choice is not None:
            lines.append(f"{key} = {_text(str(choice.value) if isinstance(choice, Enum) else choice)}")
    if profile.assets:
        lines.append(f"assets = {_texts(asset.value for asset in profile.assets)}")
    lines += [f"trim_fraction = {_text(_fraction(profile.trim_fraction))}", f"adds_allowed = {profile.adds_allowed}"]
    lines += _table("name_roots", profile.name_roots)
    lines += _table("direction_words", ((word, said.value) for word, said in profile.direction_words))
    lines += _table("size_words", ((word, _fraction(share)) for word, share in profile.size_words))
    for form in profile.forms:
        lines += _form(form)
    for example in profile.examples:
        lines += _example(example)
    return "\n".join(lines) + "\n"


def _form(form: MessageForm) -> list[str]:
    return [
        "", "[[form]]", f"kind = {_text(form.kind.value)}", f"text = {_text(text_of(form))}",
        f"stop_unit = {_text(form.stop_unit.value)}", f"target_unit = {_text(form.target_unit.value)}",
    ]  # fmt: skip


def _example(example: ProfileExample) -> list[str]:
    lines = ["", "[[example]]", f"text = {_text(example.text)}", f"ts = {_text(example.sent_at)}"]
    if example.reply_text is not None:
        lines.append(f"reply_to = {_text(example.reply_text)}")
    if example.held:
        lines.append("held = true")
    actions = json.loads(example.actions_json)
    return [*lines, f"actions = [{', '.join(_row(action) for action in actions)}]"]


def _row(action: dict[str, object]) -> str:
    cells = (f"{key} = {_value(value)}" for key, value in action.items() if value is not None)
    return f"{{{', '.join(cells)}}}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _flag(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    return _text(str(value))


def _table(name: str, rows: Iterable[tuple[str, str]]) -> list[str]:
    cells = [f"{_text(word)} = {_text(value)}" for word, value in rows]
    return ["", f"[{name}]", *cells] if cells else []


def _fraction(value: Fraction) -> str:
    return str(value)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _texts(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    """A basic TOML string: JSON's escapes are TOML's, but for DEL and lone surrogates."""
    clean = value.encode("utf-8", "replace").decode("utf-8").replace("\x7f", " ")
    return json.dumps(clean, ensure_ascii=False)
