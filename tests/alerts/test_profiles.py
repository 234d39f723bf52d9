"""Profiles: each shipped one reads its own examples, users' copies override, and mistakes are named."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.alerts.reading import read, shipped_profiles
from tradestream_gui.alerts.alert_json import action_json
from tradestream_gui.alerts.grammar.dates import EASTERN
from tradestream_gui.alerts.profiles.profiles import ProfileError, choose_profile, load_profile_file, load_profiles
from tradestream_gui.domain.alert_profile import ProfileExample
from tradestream_gui.paths import resource_path

EXAMPLES = [(profile.name, example) for profile in shipped_profiles() for example in profile.examples]


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_a_profile_reads_its_own_examples(name: str, example: ProfileExample) -> None:
    at = datetime.fromisoformat(example.sent_at).replace(tzinfo=EASTERN)
    reading = read(example.text, at, name, example.reply_text)
    assert reading.held is example.held
    wanted = json.loads(example.actions_json)
    given = [_said(action_json(action)) for action in reading.actions]
    assert [{k: v for k, v in row.items() if k in want} for row, want in zip(given, wanted, strict=True)] == wanted
    for row, want in zip(given, wanted, strict=True):
        assert set(row) - set(want) <= {"asset", "side"}


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value not in (None, [])}


def test_all_habits_of_the_study_are_shipped() -> None:
    names = {profile.name for profile in shipped_profiles()}
    assert {"default", "jmoney-futures", "bto-stc-options", "bought-sold-cards", "labelled-cards"} <= names


def test_every_profile_but_the_default_shows_what_it_reads_and_what_it_leaves() -> None:
    for profile in shipped_profiles():
        if profile.name != "default":
            assert any(example.actions_json != "[]" for example in profile.examples), profile.name
            assert any(example.actions_json == "[]" for example in profile.examples), profile.name


def test_a_users_copy_overrides_the_shipped_profile(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('name = "bare-contracts"\ntitle = "Mine"\n', encoding="utf-8")
    profiles = load_profiles(resource_path("profiles"), tmp_path)
    assert [profile.title for profile in profiles if profile.name == "bare-contracts"] == ["Mine"]


def test_author_and_channel_choose_the_closest_profile(tmp_path: Path) -> None:
    file = tmp_path / "rooms.toml"
    file.write_text(
        '[[profile]]\nname = "default"\ntitle = "d"\n'
        '[[profile]]\nname = "room"\ntitle = "r"\nmatch = [{channel = "alpha"}]\n'
        '[[profile]]\nname = "person"\ntitle = "p"\nmatch = [{author = "77"}]\n'
        '[[profile]]\nname = "both"\ntitle = "b"\nmatch = [{channel = "alpha", author = "77"}]\n',
        encoding="utf-8",
    )
    profiles = load_profile_file(file)
    assert choose_profile(profiles, "alpha", "77").name == "both"
    assert choose_profile(profiles, "alpha", "1").name == "room"
    assert choose_profile(profiles, "beta", "77").name == "person"
    assert choose_profile(profiles, "beta", "1").name == "default"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('added_means = "sometimes"', "added_means must be one of average, new, ask"),
        ('trim_fraction = "0"', "trim_fraction must be above 0"),
        ("bare_contract_opens = 1", "bare_contract_opens must be true or false"),
        ("colour = 3", "unknown key 'colour'"),
        ('assets = ["crypto"]', "assets must be one of future, option, stock"),
    ],
)
def test_a_mistake_in_a_profile_names_file_key_and_allowed_values(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(f'name = "x"\ntitle = "X"\n{line}\n', encoding="utf-8")
    with pytest.raises(ProfileError, match=said) as error:
        load_profile_file(file)
    assert "wrong.toml" in str(error.value)


def test_added_is_a_first_entry_where_the_room_says_so(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text('name = "adds"\ntitle = "a"\nadded_means = "new"\nentry_words = ["nabbed"]\n', encoding="utf-8")
    (profile,) = load_profile_file(file)
    from tradestream_gui.alerts.grammar.trading_days import is_us_trading_day
    from tradestream_gui.alerts.parser import parse
    from tradestream_gui.domain.alerts import AlertText

    def kind(text: str) -> list[str]:
        at = datetime(2026, 11, 20, 10, tzinfo=EASTERN)
        reading = parse(AlertText(text, (), None, at, "", ""), profile, is_us_trading_day)
        return [action.kind.value for action in reading.actions]

    assert kind("Added AMD 240c 12/4 @ 1.85") == ["OPEN"]
    assert kind("nabbed AMD 240c 12/4 @ 1.85") == ["OPEN"]
