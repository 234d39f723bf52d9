"""What a demo opens a profile with: its day, its market and who posts in it. Nothing else loads this."""

from dataclasses import replace

from tradestream_gui.adapters.brokers.paper.state import LedgerState
from tradestream_gui.adapters.feeds.synthetic.feed import SyntheticFeed, SyntheticSettings
from tradestream_gui.adapters.runtime.clock import VirtualClock
from tradestream_gui.adapters.sources.recorded import RecordedSource
from tradestream_gui.cli import Launch
from tradestream_gui.demo.day import DemoDay, load_day
from tradestream_gui.demo.message_day import AnchoringSource, load_message_day
from tradestream_gui.demo.resume import day_from, stored_until, traded_until
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.paths import resource_path
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.journal import StoredState
from tradestream_gui.ports.source import AlertSource


def day_of(launch: Launch, reference: ReferenceData) -> DemoDay:
    """The scripted day, or the messages of a file. In safe mode nobody posts."""
    if launch.messages is not None:
        day = load_message_day(launch.messages, reference)
    else:
        day = load_day(resource_path("demo/day.toml"), reference)
    return replace(day, postings=(), clicks=()) if launch.safe_mode else day


async def resumed(day: DemoDay, stored: StoredState, kept: LedgerState, clock: VirtualClock) -> DemoDay:
    """The day from where the later of its two databases ends: time never runs behind what the exchange has done."""
    known_until = max(stored_until(stored), default=day.start)
    since = max((known_until, *traded_until(kept)))
    await clock.leap_to(since)
    return day_from(day, known_until, since)


def feed_of(day: DemoDay, clock: Clock, seed: int) -> SyntheticFeed:
    settings = SyntheticSettings(seed=seed, updates_per_s=day.updates_per_s)
    return SyntheticFeed(clock, settings, day.scripts, day.outages, started_at=day.start)


def source_of(
    day: DemoDay, clock: Clock, feed: SyntheticFeed, reference: ReferenceData, profiles: tuple[AlertProfile, ...]
) -> AlertSource:
    if day.anchors:
        return AnchoringSource(clock, day.postings, feed, reference, profiles)
    return RecordedSource(clock, day.postings, "demo")
