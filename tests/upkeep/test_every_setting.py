"""Every key of the settings does something: a policy that is read carries it, or a test by name shows its effect."""

import ast
import importlib
from dataclasses import fields, is_dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.trading.stage import MES, Stage, open_stage
from tradestream_gui.domain import policies as domain
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.ui.freshness import Freshness, age_limit_s, seen
from tradestream_gui.upkeep.settings import policies
from tradestream_gui.upkeep.settings.fields import SettingSpec, plain
from tradestream_gui.upkeep.settings.first import describe_settings, first_settings
from tradestream_gui.upkeep.settings.model import Settings

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"simulator": "SIMULATOR", "broker_paper": "BROKER PAPER", "funded": "FUNDED", "live": "LIVE"}
BEHAVIOUR = {
    "general.display_zone": "tests.upkeep.test_every_setting:test_moments_are_shown_in_the_chosen_zone",
    "general.confirm_quit": "tests.ui.shell.test_window_settings:"
    "test_closing_asks_while_something_is_open_unless_the_user_does_not_want_to_be_asked",
    "appearance.theme": "tests.ui.shell.test_look_keeper:*",
    "appearance.profit_colours": "tests.ui.shell.test_look_keeper:*",
    "appearance.density": "tests.ui.shell.test_look_keeper:*",
    "appearance.font_size": "tests.ui.shell.test_look_keeper:*",
    "appearance.reduce_motion": "tests.ui.shell.test_look_keeper:*",
    "appearance.alert_strip": "tests.ui.shell.test_alert_strip:*",
    "market.watchlist": "tests.upkeep.test_every_setting:test_the_watchlist_is_subscribed_at_start",
    "market.watchlist_name": "tests.ui.docks.test_watchlists:*",
    "market.other_watchlists": "tests.ui.docks.test_watchlists:*",
    "market.stale_after_future_s": "tests.upkeep.test_every_setting:test_a_price_greys_after_the_chosen_time",
    "market.stale_after_option_s": "tests.upkeep.test_every_setting:test_a_price_greys_after_the_chosen_time",
    "ibkr.host": "tests.stories.test_ibkr_account:*",
    "ibkr.live_port": "tests.stories.test_live_account:*",
    "ibkr.paper_port": "tests.stories.test_ibkr_account:*",
    "ibkr.client_id": "tests.stories.test_ibkr_account:test_account_of_the_settings_is_proven_reconciled_and_priced",
    "ibkr.prices": "tests.stories.test_ibkr_account:test_prices_stay_elsewhere_when_the_settings_say_so",
    "ibkr.delayed_prices": "tests.stories.test_ibkr_account:test_delayed_prices_come_only_when_the_settings_allow_them",
    "projectx.user_name": "tests.stories.test_projectx_account:*",
    "projectx.api_url": "tests.stories.test_projectx_account:*",
    "projectx.user_hub_url": "tests.stories.test_projectx_account:*",
    "projectx.market_hub_url": "tests.stories.test_projectx_account:"
    "test_account_of_the_settings_is_proven_reconciled_and_priced",
    "projectx.prices": "tests.stories.test_projectx_account:test_prices_stay_elsewhere_when_the_settings_say_so",
    "discord.bots": "tests.stories.test_discord_alerts:test_profile_reads_discord_once_its_token_is_kept",
    "webhook.enabled": "tests.stories.test_webhook_alerts:*",
    "webhook.port": "tests.stories.test_webhook_alerts:*",
    "webhook.signed": "tests.stories.test_webhook_alerts:*",
    "ticket.contracts": "tests.upkeep.test_hand_start:*",
    "clipboard.inbox": "tests.alerts.test_clipboard_inbox:"
    "test_it_is_off_until_the_settings_say_whose_alerts_are_copied",
    "clipboard.analyst": "tests.alerts.test_clipboard_inbox:"
    "test_it_is_off_until_the_settings_say_whose_alerts_are_copied",
    "clipboard.channel": "tests.alerts.test_clipboard_inbox:test_the_channel_decides_which_rules_hold",
    "notifications.sounds": "tests.ui.shell.test_window_settings:test_notices_are_heard_and_shown_as_the_settings_say",
    "notifications.desktop": "tests.ui.shell.test_window_settings:test_notices_are_heard_and_shown_as_the_settings_say",
    "notifications.only_when_unfocused": "tests.ui.shell.test_window_settings:"
    "test_quiet_hours_and_a_window_in_front_hold_notices_back_but_no_alarm",
    "notifications.quiet_from": "tests.ui.shell.test_window_settings:"
    "test_quiet_hours_and_a_window_in_front_hold_notices_back_but_no_alarm",
    "notifications.quiet_until": "tests.ui.shell.test_window_settings:"
    "test_quiet_hours_and_a_window_in_front_hold_notices_back_but_no_alarm",
    "notifications.toast_seconds": "tests.ui.shell.test_window_settings:"
    "test_toasts_stay_and_tables_refresh_as_long_as_the_settings_say",
    "notifications.grid": "tests.upkeep.notices.test_post_office:*",
    "notifications.email.enabled": "tests.upkeep.notices.test_post_office:*",
    "notifications.email.host": "tests.stories.test_notices:*",
    "notifications.email.port": "tests.stories.test_notices:*",
    "notifications.email.security": "tests.adapters.notify.test_email:*",
    "notifications.email.user": "tests.stories.test_notices:*",
    "notifications.email.sender": "tests.stories.test_notices:*",
    "notifications.email.to": "tests.stories.test_notices:*",
    "notifications.discord.enabled": "tests.upkeep.notices.test_post_office:*",
    "notifications.telegram.enabled": "tests.upkeep.notices.test_post_office:*",
    "notifications.telegram.chat": "tests.stories.test_notices:*",
    "advanced.frame_ms": "tests.ui.shell.test_window_settings:"
    "test_toasts_stay_and_tables_refresh_as_long_as_the_settings_say",
    "keyboard.shortcuts": "tests.ui.shell.test_window_settings:"
    "test_a_key_of_the_users_own_takes_the_place_of_the_printed_one",
    "advanced.log_level": "tests.app.test_logs:*",
    "advanced.log_files": "tests.app.test_logs:*",
    "backups.every_hours": "tests.upkeep.test_backup_schedule:*",
    "backups.keep_recent": "tests.upkeep.test_backup:*",
    "backups.keep_daily": "tests.upkeep.test_backup:*",
    "backups.keep_monthly": "tests.upkeep.test_backup:*",
    "backups.second_folder": "tests.upkeep.test_backup:*",
}
"""Keys that no policy carries, and the test that shows what they change; `*` is a file that is about nothing else."""


def test_no_key_stands_in_the_table_that_is_no_setting() -> None:
    assert set(BEHAVIOUR) <= {spec.key for spec in describe_settings()}


@pytest.mark.parametrize("key", sorted(BEHAVIOUR))
def test_the_named_test_exists(key: str) -> None:
    module, _, name = BEHAVIOUR[key].partition(":")
    found = importlib.import_module(module)
    assert name == "*" or callable(getattr(found, name))


@pytest.mark.parametrize("spec", describe_settings(), ids=lambda spec: spec.key)
def test_every_setting_changes_what_the_program_goes_by(spec: SettingSpec) -> None:
    if spec.key in BEHAVIOUR:
        return
    changed = changed_policies(spec)
    assert changed, f"{spec.key} reaches no policy and no test is named for it"
    unread = changed - names_read()
    assert not unread, f"{spec.key} becomes {unread}, which nothing reads"


def changed_policies(spec: SettingSpec) -> set[str]:
    """The policy fields that differ when this one key (of a table: each of its columns in turn) differs."""
    if spec.columns:
        found: set[str] = set()
        for column in spec.columns:
            if (spec.key, column.key) == ("exits", "id"):
                continue  # the name of an exit plan only serves the routes that name it
            of_column = _changed(spec.key, column)
            assert of_column, f"{spec.key}.{column.key} reaches no policy"
            found |= of_column
        return found
    return _changed(spec.key, None)


def _changed(key: str, column: SettingSpec | None) -> set[str]:
    before, after = _rich(), _rich()
    node, name = _place(after, key)
    if column is None:
        spec = next(spec for spec in describe_settings() if spec.key == key)
        node[name] = _other(spec, node[name])
    else:
        row = node[name][-1]
        row[column.key] = _other(column, row[column.key])
    found: set[str] = set()
    for kind in KINDS.values():
        for values in (before, after):
            values["accounts"][0]["kind"] = kind if not _is_kind(key, column) else values["accounts"][0]["kind"]
        found |= _differences(_policies(Settings.model_validate(before)), _policies(Settings.model_validate(after)))
    return found


def _is_kind(key: str, column: SettingSpec | None) -> bool:
    return key == "accounts" and column is not None and column.key == "kind"


def _rich() -> dict[str, Any]:
    """The first settings with every optional thing in use, so that each column says something."""
    wanted: dict[str, Any] = plain(first_settings())
    wanted["accounts"].append({**wanted["accounts"][0], "id": "other"})
    wanted["exits"].append(
        {**wanted["exits"][0], "id": "spare", "trail_distance": "3", "stop_distance": "5", "elsewhere": None}
    )
    wanted["routing"]["analysts"].append(
        {**wanted["routing"]["analysts"][0], "id": "an", "authors": ["1"], "sizes": {"A": 1}, "base_units": 1,
         "exit_future": "spare", "exit_option": "options", "exit_stock": "stocks", "channels": ["typed"]}
    )  # fmt: skip
    wanted["routing"]["channels"].append(
        {**wanted["routing"]["channels"][0], "id": "ch", "sizes": {"A": 1}, "base_units": 1, "speaks_for": "me",
         "exit_future": "spare", "exit_option": "options", "exit_stock": "stocks"}
    )  # fmt: skip
    wanted["routing"]["defaults"]["exit_future"] = "spare"
    return wanted


OTHERS: dict[str, Any] = {
    "id": "renamed",
    "account": "other",
    "exit_future": "futures",
    "elsewhere": "futures in R",
    "exit_option": "spare",
    "exit_stock": "spare",
    "channels": [],
    "speaks_for": "an",
    "limits": {"max_minis": "1"},
    "targets": [{"distance": "7", "share": "0.25"}],
    "day_end_zone": "America/New_York",
    "entries_off_at": "14:00",
    "flatten_at": "15:06",
    "flat_verified_by": "15:30",
    "physical_close_at": "15:30",
    "sizes": {"B": 7},
    "kind": "LIVE",
    "rule_pack": "topstep-50k-combine",
    "broker": "elsewhere",
}


def _other(spec: SettingSpec, value: Any) -> Any:
    name = spec.key.rpartition(".")[2]
    if name in OTHERS and not (name == "kind" and spec.kind != "choice"):
        return OTHERS[name]
    if spec.kind == "bool":
        return not value
    if spec.kind == "choice":
        return next(choice for choice in spec.choices if choice != value)
    if spec.kind in ("int", "decimal"):
        start = Decimal(str(value)) if value is not None else (spec.low or Decimal(0)) + 4
        step = Decimal(1) if spec.kind == "int" or start >= 1 else Decimal("0.5")
        up = start + step
        chosen = up if spec.high is None or up <= spec.high else start - step
        return int(chosen) if spec.kind == "int" else str(chosen)
    if spec.kind == "list":
        return [*(value or []), "ZZZ"]
    if spec.kind == "map":
        return {"B": 7}
    return f"{value or ''}x"


def _place(values: dict[str, Any], key: str) -> tuple[dict[str, Any], str]:
    *sections, name = key.split(".")
    for section in sections:
        values = values[section]
    return values, name


def _policies(settings: Settings) -> dict[str, Any]:
    return {
        "accounts": policies.accounts(settings),
        "limits": [policies.risk_limits(settings, AccountId(row.id)) for row in settings.accounts],
        "manual": policies.manual_rules(settings),
        "execution": policies.execution_policy(settings),
        "go_live": policies.go_live_rule(settings),
        "routing": policies.routing_rules(settings),
    }


def _differences(before: Any, after: Any, name: str = "") -> set[str]:
    """The names of the innermost fields that differ."""
    if before == after:
        return set()
    if is_dataclass(before) and type(before) is type(after):
        return set().union(
            *(_differences(getattr(before, f.name), getattr(after, f.name), f.name) for f in fields(before))
        )
    if isinstance(before, dict) and isinstance(after, dict) and set(before) == set(after):
        return set().union(*(_differences(before[one], after[one], name) for one in before))
    if isinstance(before, list | tuple) and isinstance(after, list | tuple) and len(before) == len(after):
        return set().union(*(_differences(a, b, name) for a, b in zip(before, after, strict=True)))
    return {name}


@cache
def names_read() -> frozenset[str]:
    """Every attribute that the program reads outside of the settings, which make policies but do not act on them."""
    found = set()
    for path in (ROOT / "tradestream_gui").rglob("*.py"):
        if "settings" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.add(node.attr)
    return frozenset(found)


def test_every_field_of_every_policy_is_read() -> None:
    unread = {
        f"{policy.__name__}.{one.name}"
        for policy in vars(domain).values()
        if is_dataclass(policy) and policy.__module__ == domain.__name__
        for one in fields(policy)
        if one.name not in names_read()
    }
    assert not unread


async def test_moments_are_shown_in_the_chosen_zone(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await _set(stage, "general.display_zone", "Asia/Tokyo")
    later = await stage.killed()
    assert str(later.core.analytics._zone) == "Asia/Tokyo"
    await later.close()


async def test_the_watchlist_is_subscribed_at_start(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    watched = {one.root for one in stage.core.subscriptions.instruments()}
    assert "GC" not in watched
    await _set(stage, "market.watchlist", ["GC"])
    later = await stage.killed()
    assert "GC" in {one.root for one in later.core.subscriptions.instruments()}
    await later.close()


async def test_a_price_greys_after_the_chosen_time(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    future = stage.core.market.instrument(MES)
    option = stage.core.reference.resolve("SPY 261218C00600000", stage.clock.now())
    assert option is not None
    limits = []
    for seconds in (7, 9):
        await _set(stage, "market.stale_after_future_s", seconds)
        await _set(stage, "market.stale_after_option_s", seconds * 10)
        night = stage.clock.now() + timedelta(hours=10)
        limits.append([age_limit_s(stage.core, one, stage.clock.now()) for one in (future, option)])
        assert age_limit_s(stage.core, future, night) == seconds * 6
    assert limits == [[7, 70], [9, 90]]
    await stage.quote("6326.00", "6326.25")
    assert seen(stage.core, future).freshness is Freshness.FRESH
    await stage.run(9.5)
    assert seen(stage.core, future).freshness is Freshness.STALE
    await stage.close()


async def _set(stage: Stage, key: str, value: Any) -> None:
    await stage.core.settings.apply(stage.core.settings.propose({key: value}), confirmed=True)
