"""Settings: every rail is written and demanded, errors name their line, and nothing gets looser unnoticed."""

import asyncio
import io
from dataclasses import MISSING, fields, is_dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.bus import EventBus
from tradestream_gui.domain import policies as domain
from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.errors import ConfigInvalid
from tradestream_gui.domain.ids import AccountId, ChannelId, InstrumentId
from tradestream_gui.domain.policies import DistanceUnit, LossAction, Mode
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.paths import resource_path
from tradestream_gui.upkeep.settings import file, policies
from tradestream_gui.upkeep.settings.diff import Direction, changes_between
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import OWN_TYPING, describe_settings, first_settings
from tradestream_gui.upkeep.settings.model import Settings
from tradestream_gui.upkeep.settings.service import SettingsChanged, SettingsService

FIRST = file.render(first_settings())
RAILS = [spec for spec in describe_settings() if spec.required]


def no_owner_fails(fact: object, error: Exception) -> None:
    raise AssertionError(f"{fact}: {error}")


def service_on(
    path: Path, environment: dict[str, str] | None = None, blocked: str = ""
) -> tuple[SettingsService, list[Any]]:
    bus = EventBus(no_owner_fails)
    heard: list[Any] = []
    bus.subscribe(SettingsChanged, heard.append)
    service = SettingsService(
        path, environment=environment or {}, bus=bus, write=write_atomically, loosening_blocked=lambda: blocked
    )
    return service, heard


def refused(text: str, environment: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigInvalid) as found:
        file.parse(text, "config.yaml", environment or {})
    return str(found.value)


def line_of(text: str, words: str) -> int:
    return next(at for at, line in enumerate(text.splitlines(), 1) if words in line)


def test_the_first_run_writes_every_rail_with_a_comment_and_reads_it_back(tmp_path: Path) -> None:
    service, _ = service_on(tmp_path / "config.yaml")
    assert service.load() == first_settings()
    text = (tmp_path / "config.yaml").read_text()
    for spec in RAILS:
        assert f"{spec.key.rpartition('.')[2]}:" in text
    assert "# Loss in a day, open positions and fees included. [$]" in text


def test_a_setting_has_help_and_a_first_value_within_its_range() -> None:
    for spec in describe_settings():
        assert spec.help.endswith("."), spec.key
        if spec.low is not None and spec.first is not None:
            assert spec.low <= Decimal(str(spec.first)) <= spec.high, spec.key


@pytest.mark.parametrize("spec", RAILS, ids=lambda spec: spec.key)
def test_a_file_that_lacks_a_rail_is_refused_by_name(spec: Any) -> None:
    values = file._values(file._document(FIRST, "config.yaml"))
    node = values
    *sections, name = spec.key.split(".")
    for part in sections:
        node = node[part]
    del node[name]
    out = io.StringIO()
    file._yaml().dump(file._dumpable(values), out)
    assert f"{spec.key}: is missing" in refused(out.getvalue())


def test_a_broken_file_says_where(tmp_path: Path) -> None:
    broken = FIRST.replace("max_minis: 5", "max_minis: [5")
    assert refused(broken).startswith("config.yaml, line ")
    assert "not valid YAML" in refused(broken)
    line = line_of(FIRST, "theme: dark")
    words = refused(FIRST.replace("theme: dark", "theme: drak"))
    assert words == (
        f"config.yaml, line {line}: appearance.theme: 'drak' is not allowed: "
        "input should be 'dark', 'light', 'high-contrast' or 'system'"
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("max_minis: 5", "max_minis: .nan", "risk.max_minis"),
        ("max_minis: 5", "max_minis: 5000", "less than or equal to 500"),
        ("max_minis: 5", "max_minis: many", "risk.max_minis: 'many' is not allowed"),
        ("spread_future_ticks: 4", "spread_future_tick: 4", "did you mean spread_future_ticks?"),
        ("account: sim", "account: simm", "there is no account simm; known: sim"),
        ("flatten_at: 15:05", "flatten_at: 14:05", "must follow one another"),
        ("flatten_at: 15:05", "flatten_at: 25:05", "flatten_at: '25:05' is not allowed: write a time such as 09:30"),
        ("flatten_at: 15:05", 'flatten_at: "15:0\\u0665"', "write a time such as 09:30"),
        ("id: sim", "id: -sim", "accounts.0.id: '-sim' is not allowed: write letters, digits"),
        ("day_end_zone: America/Chicago", "day_end_zone: Mars/Base", "Mars/Base is no time zone"),
        ("limits: {}", "limits: {max_mini: 2}", "max_mini is no limit of the risk page"),
        ("limits: {}", "limits: {max_minis: 9000}", "accounts[sim].limits: max_minis"),
        ("share: 0.5", "share: 0.9", "leave more than the whole position"),
        ("      A: 3", "      AA: 3", "AA is no size letter"),
    ],
)
def test_a_wrong_value_is_refused_with_words(old: str, new: str, words: str) -> None:
    assert old in FIRST
    assert words in refused(FIRST.replace(old, new, 1))


def test_the_environment_overrides_the_file_and_is_named_when_wrong(tmp_path: Path) -> None:
    environment = {"TRADESTREAM_RISK__DAILY_LOSS_LIMIT": "400", "TRADESTREAM_HOME": "elsewhere"}
    assert file.parse(FIRST, "config.yaml", environment).risk.daily_loss_limit == 400
    environment["TRADESTREAM_RISK__DAILY_LOSS_LIMIT"] = "-1"
    assert refused(FIRST, environment).startswith(
        "environment variable TRADESTREAM_RISK__DAILY_LOSS_LIMIT: risk.daily_loss_limit: '-1' is not allowed"
    )
    assert "no known setting" in refused(FIRST, {"TRADESTREAM_RISK__NO_SUCH_RAIL": "1"})


def test_an_override_of_the_environment_is_never_written_into_the_file(tmp_path: Path) -> None:
    service, _ = service_on(tmp_path / "config.yaml", {"TRADESTREAM_RISK__DAILY_LOSS_LIMIT": "400"})
    service.load()
    asyncio.run(service.apply(service.propose({"appearance.theme": "light"})))
    assert "daily_loss_limit: 500" in (tmp_path / "config.yaml").read_text()
    assert service.current.risk.daily_loss_limit == 400
    sources = {value.spec.key: value.source for value in service.values()}
    assert sources["risk.daily_loss_limit"] == "environment"
    assert sources["appearance.theme"] == "file"
    assert sources["risk.max_minis"] == "default"


def test_a_change_keeps_the_comments_of_the_user(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(FIRST.replace("max_minis: 5", "max_minis: 5  # as agreed with myself"))
    service, heard = service_on(path)
    service.load()
    asyncio.run(service.apply(service.propose({"risk.max_minis": Decimal(3)})))
    before, after = FIRST.splitlines(), path.read_text().splitlines()
    changed = [line for line in after if line not in before]
    assert changed == ["  max_minis: 3  # as agreed with myself"]
    assert [change.key for change in heard[0].changes] == ["risk.max_minis"]


def test_tightening_applies_at_once_and_loosening_needs_confirmation(tmp_path: Path) -> None:
    service, heard = service_on(tmp_path / "config.yaml")
    service.load()
    asyncio.run(service.apply(service.propose({"risk.daily_loss_limit": 300})))
    assert service.current.risk.daily_loss_limit == 300
    looser = service.propose({"risk.daily_loss_limit": 600})
    assert [change.key for change in looser.looser] == ["risk.daily_loss_limit"]
    with pytest.raises(ConfigInvalid, match="need your confirmation"):
        asyncio.run(service.apply(looser))
    assert service.current.risk.daily_loss_limit == 300
    asyncio.run(service.apply(looser, confirmed=True))
    assert service.current.risk.daily_loss_limit == 600
    assert len(heard) == 2


def test_nothing_gets_looser_while_positions_are_open(tmp_path: Path) -> None:
    service, _ = service_on(tmp_path / "config.yaml", blocked="2 positions are open")
    service.load()
    with pytest.raises(ConfigInvalid, match="2 positions are open"):
        asyncio.run(service.apply(service.propose({"risk.max_minis": 9}), confirmed=True))


@pytest.mark.parametrize(
    ("key", "value", "direction"),
    [
        ("risk.loosely", None, None),
        ("risk.stop_required", False, Direction.LOOSER),
        ("risk.analyst.loss_pause_min", 90, Direction.TIGHTER),
        ("risk.analyst.loss_pause_min", 30, Direction.LOOSER),
        ("risk.analyst.risk_per_trade", 50, Direction.TIGHTER),
        ("risk.allowed_symbols", ["ES", "MES"], Direction.TIGHTER),
        ("risk.flatten_at", "15:01", Direction.TIGHTER),
        ("risk.daily_loss_action", "block entries only", Direction.LOOSER),
        ("routing.defaults.mode", "AUTO", Direction.LOOSER),
        ("routing.defaults.mode", "WATCH", Direction.TIGHTER),
        ("routing.defaults.use_micros", False, Direction.LOOSER),
        ("execution.edit_may_trade", True, Direction.LOOSER),
        ("appearance.font_size", 12, Direction.NEUTRAL),
        ("routing.channels", [*OWN_TYPING["channels"], {"id": "1", "name": "futures"}], Direction.LOOSER),
    ],
)
def test_each_change_knows_whether_it_makes_things_safer(
    tmp_path: Path, key: str, value: Any, direction: Direction | None
) -> None:
    service, _ = service_on(tmp_path / "config.yaml")
    service.load()
    if direction is None:
        with pytest.raises(ConfigInvalid, match="no known setting"):
            service.propose({key: value})
        return
    (change,) = service.propose({key: value}).changes
    assert change.direction is direction


def test_an_edit_of_the_file_by_hand_is_taken_over_only_when_nothing_gets_looser(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    service, heard = service_on(path)
    service.load()
    path.write_text(FIRST.replace("max_minis: 5", "max_minis: 4"))
    assert asyncio.run(service.reread()) is None
    assert service.current.risk.max_minis == 4
    path.write_text(FIRST.replace("max_minis: 5", "max_minis: 6"))
    waiting = asyncio.run(service.reread())
    assert waiting is not None
    assert service.current.risk.max_minis == 4
    path.write_text("risk: [")
    with pytest.raises(ConfigInvalid):
        asyncio.run(service.reread())
    assert service.current.risk.max_minis == 4
    assert len(heard) == 1


def test_the_kind_of_an_account_is_fixed(tmp_path: Path) -> None:
    service, _ = service_on(tmp_path / "config.yaml")
    service.load()
    with pytest.raises(ConfigInvalid, match="SIMULATOR is fixed"):
        asyncio.run(service.propose_text(FIRST.replace("kind: SIMULATOR", "kind: LIVE")))


def test_the_last_twenty_versions_are_kept_and_can_be_gone_back_to(tmp_path: Path) -> None:
    service, _ = service_on(tmp_path / "config.yaml")
    service.load()
    for size in range(8, 20):
        asyncio.run(service.apply(service.propose({"appearance.font_size": size})))
        asyncio.run(service.apply(service.propose({"appearance.reduce_motion": size % 2 == 0})))
    assert len(service.versions()) == 20
    oldest = asyncio.run(service.propose_version(service.versions()[-1]))
    asyncio.run(service.apply(oldest))
    assert service.current.appearance.font_size < 19


def test_a_broken_first_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("general: [")
    service, _ = service_on(path)
    with pytest.raises(ConfigInvalid, match=r"config\.yaml, line 1"):
        service.load()
    assert path.read_text() == "general: ["


def test_the_defaults_are_those_that_were_decided() -> None:
    settings = first_settings()
    limits = policies.risk_limits(settings, AccountId("sim"))
    assert limits.daily_loss_limit == 500
    assert limits.daily_loss_action is LossAction.FLATTEN_AND_LOCK
    assert limits.risk_per_trade == 250
    assert limits.max_minis == 5
    assert limits.max_entries_per_day == 30
    assert limits.allows("ES")
    assert limits.session_end is None
    route = policies.routing_rules(settings)
    assert route.defaults.mode is Mode.ASK
    assert route.defaults.use_micros is True
    assert route.defaults.sizes is not None
    assert {letter: route.defaults.sizes.units(letter) for letter in "abC"} == {"a": 3, "b": 2, "C": 1}
    assert route.defaults.sizes.units("Z") is None
    assert route.defaults.limits is not None
    assert route.defaults.limits.loss_streak == 3
    assert route.defaults.limits.loss_pause == timedelta(minutes=60)
    execution = policies.execution_policy(settings)
    assert (execution.entry_timeout, execution.approval_life) == (timedelta(seconds=60), timedelta(seconds=90))


@pytest.mark.parametrize(
    ("kind", "risk", "early"), [("FUNDED", 100, True), ("LIVE", 100, False), ("BROKER PAPER", 250, False)]
)
def test_rails_follow_the_kind_of_the_account_and_then_its_own(kind: str, risk: int, early: bool) -> None:
    row = {
        "id": "a",
        "name": "A",
        "kind": kind,
        "broker": "x",
        "limits": {"max_minis": 2, "daily_loss_limit": "150.50"},
    }
    values = file.plain(first_settings())
    settings = type(first_settings()).model_validate({**values, "accounts": [*values["accounts"], row]})
    limits = policies.risk_limits(settings, AccountId("a"))
    assert limits.kind is AccountKind(kind)
    assert limits.risk_per_trade == risk
    assert (limits.session_end is not None) is early
    assert limits.max_minis == 2
    assert limits.daily_loss_limit == Decimal("150.50")
    assert policies.risk_limits(settings, AccountId("sim")).max_minis == 5


def test_an_alert_is_routed_by_author_id_and_each_value_names_its_layer() -> None:
    values = file.plain(first_settings())
    values["routing"]["channels"] = [
        {"id": "1", "name": "futures", "mode": "WATCH", "profile": "jmoney"},
        {"id": "2", "name": "bot", "speaks_for": "jm"},
    ]
    values["routing"]["analysts"] = [
        {"id": "jm", "name": "JMoney", "authors": ["77"], "mode": "AUTO", "sizes": {"A": 5}, "max_open_trades": 1}
    ]
    rules = policies.routing_rules(type(first_settings()).model_validate(values))
    assert rules.route(ChannelId("1"), "JMoney") is None
    assert rules.route(ChannelId("9"), "77") is None
    route = rules.route(ChannelId("1"), "77")
    assert route is not None
    assert route.mode is Mode.AUTO
    assert dict(route.layers)["mode"] == "analyst"
    assert (route.profile, dict(route.layers)["profile"]) == ("jmoney", "channel")
    assert (route.account_id, dict(route.layers)["account_id"]) == ("sim", "defaults")
    assert route.sizes.units("A") == 5
    assert route.sizes.units("B") is None
    assert route.limits.max_open_trades == 1
    assert route.limits.daily_loss_limit == 200
    reference = ReferenceData.load(resource_path)
    es, copper = (reference.instrument(InstrumentId(name)) for name in ("ESZ6", "HGZ6"))
    assert es is not None
    assert copper is not None
    assert [target.distance for target in route.exit_template(es).targets] == [7, 12]
    assert [(target.distance, target.unit) for target in route.exit_template(copper).targets] == [
        (1, DistanceUnit.R), (2, DistanceUnit.R)
    ]  # fmt: skip
    relayed = rules.route(ChannelId("2"), "whoever")
    assert relayed is not None
    assert relayed.analyst.analyst_id == "jm"


@pytest.mark.parametrize(
    ("elsewhere", "words"),
    [
        ("nowhere", "exits.futures: there is no exit template nowhere"),
        ("futures", "exits.futures: futures cannot stand in for it"),
        ("options", "exits.futures: options cannot stand in for it"),
    ],
)
def test_a_plan_for_other_roots_must_be_a_plain_one_of_its_kind(elsewhere: str, words: str) -> None:
    values = plain(first_settings())
    values["exits"][0]["elsewhere"] = elsewhere
    with pytest.raises(ValidationError, match=words):
        Settings.model_validate(values)


def test_no_policy_has_a_default_of_its_own() -> None:
    kinds = [kind for kind in vars(domain).values() if isinstance(kind, type) and is_dataclass(kind)]
    assert len(kinds) > 10
    for kind in kinds:
        for field in fields(kind):
            assert field.default is MISSING, f"{kind.__name__}.{field.name}"
            assert field.default_factory is MISSING, f"{kind.__name__}.{field.name}"


def test_equal_settings_have_no_differences() -> None:
    assert changes_between(first_settings(), first_settings()) == ()
