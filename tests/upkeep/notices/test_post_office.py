"""What leaves the window: by the grid, without waiting, once for each failure, and never lost without a word."""

import asyncio
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support import eventually
from tests.upkeep.notices.office import Office, office, virtual
from tradestream_gui.adapters.runtime.clock import VirtualClock
from tradestream_gui.domain.events import (
    BrokerLinkChanged,
    Notice,
    NoticeKind,
    ProtectionLost,
    Severity,
    SourceLinkChanged,
)
from tradestream_gui.domain.events_market import StreamKind, StreamRevived, StreamWentStale
from tradestream_gui.domain.ids import AccountId, InstrumentId, LotId
from tradestream_gui.ports.notify import NotDelivered
from tradestream_gui.upkeep.settings.notifications import FIRST_GRID, Outlet, Telling

REMOTE = (Outlet.EMAIL, Outlet.DISCORD, Outlet.TELEGRAM)


async def later(clock: VirtualClock, seconds: float) -> None:
    await clock.run_until(clock.now() + timedelta(seconds=seconds))


async def test_fill_goes_where_the_grid_says_and_names_whose_money_it_is(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        here.tell(account="sim", title="Entry filled")
        await eventually(lambda: here.drops[Outlet.DISCORD].posts and here.drops[Outlet.TELEGRAM].posts)
        assert here.drops[Outlet.DISCORD].titles == ["Entry filled · sim · SIMULATOR"]
        assert here.drops[Outlet.TELEGRAM].posts[0].is_silent
        assert not here.drops[Outlet.DISCORD].posts[0].is_silent
        assert here.drops[Outlet.EMAIL].posts == []


@pytest.mark.parametrize("kind", list(NoticeKind), ids=lambda kind: kind.value)
async def test_every_event_follows_its_row_as_it_is_at_first(kind: NoticeKind, tmp_path: Path) -> None:
    async with office(tmp_path, clock=(clock := virtual())) as here:
        if kind is NoticeKind.CONNECTION:
            here.bus.publish(BrokerLinkChanged("ibkr", "down", "", here.clock.now()))
            await later(clock, 31)
        else:
            here.tell(kind, Severity.DANGER)
        await later(clock, 1)
        row = dict(zip(Outlet, FIRST_GRID[kind], strict=True))
        got = {outlet: [post.is_silent for post in here.drops[outlet].posts] for outlet in REMOTE}
        wanted = {Telling.ON: [False], Telling.SILENT: [True], Telling.OFF: []}
        assert got == {outlet: wanted[row[outlet]] for outlet in REMOTE}


async def test_changed_row_and_switched_off_outlet_hold_from_that_moment(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        await here.set(grid=[{"id": "fill", "email": "on", "discord": "silent", "telegram": "off"}])
        here.tell()
        await eventually(lambda: here.drops[Outlet.EMAIL].posts and here.drops[Outlet.DISCORD].posts)
        assert here.drops[Outlet.DISCORD].posts[0].is_silent
        assert here.drops[Outlet.TELEGRAM].posts == []
        await here.set(**{"email.enabled": False})
        here.tell(title="second")
        await eventually(lambda: len(here.drops[Outlet.DISCORD].posts) == 2)
        assert len(here.drops[Outlet.EMAIL].posts) == 1


async def test_only_trouble_of_the_program_and_of_alerts_leaves_the_window(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        await here.set(grid=[{"id": "system", "email": "on"}, {"id": "alert", "email": "on"}])
        for kind in (NoticeKind.SYSTEM, NoticeKind.ALERT):
            here.tell(kind, Severity.SUCCESS, "fine")
            here.tell(kind, Severity.WARNING, f"trouble of {kind.value}")
        await eventually(lambda: len(here.drops[Outlet.EMAIL].posts) == 2)
        assert here.drops[Outlet.EMAIL].titles == ["trouble of system", "trouble of alert"]


async def test_position_without_stop_is_told_loudly_at_night_and_all_else_silently(tmp_path: Path) -> None:
    async with office(tmp_path, clock=(clock := virtual())) as here:
        zone = ZoneInfo(here.settings.current.general.display_zone)
        local = here.clock.now().astimezone(zone)
        begins, ends = f"{local - timedelta(hours=1):%H:%M}", f"{local + timedelta(hours=1):%H:%M}"
        await here.set(quiet_from=begins, quiet_until=ends)
        here.tell(NoticeKind.RISK, Severity.DANGER, "limit")
        here.bus.publish(ProtectionLost(LotId("L1"), AccountId("sim"), "no stop", here.clock.now()))
        await later(clock, 1)
        told = {post.title: post.is_silent for post in here.drops[Outlet.EMAIL].posts}
        assert told == {"limit": True, "Position without stop · sim · SIMULATOR": False}


async def test_failure_is_told_once_tried_again_with_longer_pauses_and_nothing_is_lost(tmp_path: Path) -> None:
    async with office(tmp_path, clock=(clock := virtual())) as here:
        mail = here.drops[Outlet.EMAIL]
        mail.fails = [NotDelivered("the mail server is out of reach") for _ in range(3)]
        here.tell(NoticeKind.RISK, Severity.DANGER, "first")
        await later(clock, 4)
        assert (mail.tries, here.office.is_failing(Outlet.EMAIL)) == (1, True)
        here.tell(NoticeKind.RISK, Severity.DANGER, "second")
        await later(clock, 2)
        assert mail.tries == 2
        await later(clock, 16)
        assert mail.tries == 3
        await later(clock, 46)
        assert mail.titles == ["first", "second"]
        assert mail.batches == [2]
        own = [(notice.severity, notice.title) for notice in here.told if notice.title.startswith("E-mail")]
        assert own == [
            (Severity.WARNING, "E-mail is not delivered"), (Severity.SUCCESS, "E-mail goes out again"),
        ]  # fmt: skip
        (failed,) = [notice.words for notice in here.told if notice.severity is Severity.WARNING]
        assert "the mail server is out of reach" in failed


async def test_one_outlet_that_hangs_holds_up_no_other_and_not_the_bus(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        here.drops[Outlet.EMAIL].hangs = True
        for number in range(300):
            here.tell(NoticeKind.RISK, Severity.DANGER, f"n{number}")
        await eventually(lambda: sum(here.drops[Outlet.TELEGRAM].batches) == 200)
        assert here.drops[Outlet.TELEGRAM].titles[-1] == "n299", "of more than can wait the oldest go"
        assert max(here.drops[Outlet.TELEGRAM].batches) == 20, "many go out as one"
        assert here.drops[Outlet.EMAIL].tries == 1


async def test_429_is_waited_for_as_asked_without_a_word(tmp_path: Path) -> None:
    async with office(tmp_path, clock=(clock := virtual())) as here:
        hook = here.drops[Outlet.DISCORD]
        hook.fails = [NotDelivered("Discord answered 429", retry_after_s=90.0)]
        here.tell()
        await later(clock, 89)
        assert (hook.tries, hook.posts) == (1, [])
        await later(clock, 2)
        assert len(hook.posts) == 1
        assert all("Discord" not in notice.title for notice in here.told)


async def test_wrong_password_is_not_tried_again_until_the_settings_change(tmp_path: Path) -> None:
    async with office(tmp_path, clock=(clock := virtual())) as here:
        mail = here.drops[Outlet.EMAIL]
        mail.fails = [NotDelivered("the log-in was refused", is_final=True)]
        here.tell(NoticeKind.RISK, Severity.DANGER, "first")
        await later(clock, 1)
        here.tell(NoticeKind.RISK, Severity.DANGER, "second")
        await later(clock, 600)
        assert mail.tries == 1
        await here.set(**{"email.port": 26})
        await later(clock, 1)
        assert mail.titles == ["second"]
        again = next(notice.words for notice in here.told if notice.title == "E-mail goes out again")
        assert "1 did not go out" in again


async def test_what_is_too_old_by_the_time_it_could_go_is_counted_and_stays_in_the_log(tmp_path: Path) -> None:
    async with office(tmp_path, clock=(clock := virtual())) as here:
        mail = here.drops[Outlet.EMAIL]
        mail.fails = [NotDelivered("down") for _ in range(12)]
        here.tell(NoticeKind.RISK, Severity.DANGER, "old")
        await later(clock, 29 * 60)
        here.tell(NoticeKind.RISK, Severity.DANGER, "new")
        await later(clock, 30 * 60)
        assert mail.titles == ["new"]


async def test_failing_outlet_is_told_of_by_the_others_only(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        await here.set(grid=[{"id": "system", "email": "on", "telegram": "on"}])
        here.drops[Outlet.EMAIL].fails = [NotDelivered("refused", is_final=True)]
        here.tell(NoticeKind.SYSTEM, Severity.DANGER, "first")
        await eventually(lambda: "E-mail is not delivered" in here.drops[Outlet.TELEGRAM].titles)
        assert here.office.is_failing(Outlet.EMAIL)
        assert here.drops[Outlet.EMAIL].posts == []


async def test_link_is_told_when_it_stays_away_and_when_it_is_back_but_no_hiccup(tmp_path: Path) -> None:
    async with office(tmp_path, clock=(clock := virtual())) as here:
        mail = here.drops[Outlet.EMAIL]

        def link(state: str, source: str = "discord main") -> None:
            here.bus.publish(SourceLinkChanged(source, state, "the line broke", here.clock.now()))

        link("down")
        await later(clock, 29)
        link("up")
        await later(clock, 60)
        assert mail.posts == []
        link("down")
        here.bus.publish(Notice(NoticeKind.CONNECTION, Severity.WARNING, "discord main", "down", here.clock.now()))
        await later(clock, 31)
        link("down")
        await later(clock, 61)
        assert mail.titles == ["discord main is away for 30 s"]
        link("up")
        await later(clock, 11)
        assert mail.titles[1:] == ["discord main is back"]
        assert "away for 92 s" in mail.posts[1].words


async def test_frozen_prices_are_told_like_a_link(tmp_path: Path) -> None:
    async with office(tmp_path, clock=(clock := virtual())) as here:
        contract, now = InstrumentId("ESZ6"), here.clock.now()
        here.bus.publish(StreamWentStale("ibkr", contract, StreamKind.QUOTES, now))
        await later(clock, 31)
        here.bus.publish(StreamRevived("ibkr", contract, StreamKind.QUOTES, here.clock.now()))
        await later(clock, 11)
        titles = here.drops[Outlet.EMAIL].titles
        assert titles == ["Prices of ESZ6 (quotes) is away for 30 s", "Prices of ESZ6 (quotes) is back"]


async def test_test_delivery_tells_the_exact_error_and_how_long_it_took(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        mail = here.drops[Outlet.EMAIL]
        mail.fails = [NotDelivered("127.0.0.1 refused the log-in: 535 no")]
        bad = await here.office.test(Outlet.EMAIL)
        assert bad.error == "127.0.0.1 refused the log-in: 535 no"
        good = await here.office.test(Outlet.EMAIL)
        assert (good.error, good.elapsed_s >= 0, mail.titles) == ("", True, ["Test"])
        assert here.told == [], "a test troubles nobody else"


async def tell_all(here: Office) -> None:
    for kind in NoticeKind:
        here.tell(kind, Severity.DANGER)
    await asyncio.sleep(0.05)


async def test_nothing_leaves_while_every_outlet_is_off(tmp_path: Path) -> None:
    off = {"email": {"enabled": False}, "discord": {"enabled": False}, "telegram": {"enabled": False}}
    async with office(tmp_path, notifications=off) as here:
        await tell_all(here)
        assert all(drop.tries == 0 for drop in here.drops.values())
