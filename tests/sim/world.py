"""The market and the rooms: seeded prices for futures and options; analysts post, repeat, edit, delete and chatter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.sim.clock import SimClock
from tests.sim.program import ANALYSTS, CHANNELS, SOURCE
from tests.sim.venue import Venue
from tests.trading.stage import reference_data
from tradestream_gui.domain.ids import InstrumentId, MessageKey
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.quotes import DataKind, Quote
from tradestream_gui.ports.feed import FeedSink
from tradestream_gui.ports.source import IncomingMessage

D = Decimal
ROOTS = {
    "MES": "6326", "MNQ": "25600", "MYM": "47200", "M2K": "2410", "MCL": "59.10",
    "MGC": "4082.4", "NG": "3.412", "ZN": "112.5",
}  # fmt: skip
OPTIONS = {
    "SPY 660c 11/19": ("SPY", date(2026, 11, 19), Right.CALL, D(660), "2.10"),
    "QQQ 600p 12/18": ("QQQ", date(2026, 12, 18), Right.PUT, D(600), "4.20"),
}
"""The first expires on the day itself. Each is written as analysts write it."""
NAMES = (*ROOTS, *OPTIONS)
LEAST_PREMIUM = D("0.40")
QUOTE_EVERY_S = 4.0
OLD_AGES_S = (31, 60, 3600, 86_400, 86_401, 172_801, 40 * 86_400)


@dataclass(frozen=True, slots=True)
class Posted:
    """One message as the room knows it; `kind` says what may come of it."""

    kind: str
    message: IncomingMessage
    at_s: float
    instrument_id: InstrumentId | None = None
    side: Side | None = None
    copy_of: MessageKey | None = None

    @property
    def key(self) -> MessageKey:
        return MessageKey(f"{SOURCE}:{self.message.channel_id}:{self.message.message_id}")


class Market:
    """Prices walk by themselves; each goes to the exchange first and then to the program's feed."""

    def __init__(
        self, clock: SimClock, random: Random, venues: Sequence[Venue], feed_sink: Callable[[], FeedSink | None]
    ) -> None:
        self._clock = clock
        self._random = random
        self._venues = venues
        self._feed_sink = feed_sink
        self.instruments: dict[str, Instrument] = {}
        self.mid: dict[str, Decimal] = {}
        self.is_silent = False
        self.stands_still = False
        for root, price in ROOTS.items():
            instrument = reference_data().resolve(root, clock.now())
            assert instrument is not None, root
            self.instruments[root] = instrument
            self.mid[root] = instrument.round_to_tick(D(price))
        for name, (underlying, expiry, right, strike, price) in OPTIONS.items():
            self.instruments[name] = reference_data().option(underlying, expiry, right, strike)
            self.mid[name] = D(price)

    def start(self) -> None:
        for number, root in enumerate(NAMES):
            self._clock.call_later(number * QUOTE_EVERY_S / len(NAMES), lambda root=root: self._tick(root))  # type: ignore[misc]

    def name_of(self, instrument_id: InstrumentId | None) -> str:
        return next(name for name, one in self.instruments.items() if one.instrument_id == instrument_id)

    def _tick(self, root: str) -> None:
        tick = self.instruments[root].tick_size
        self.move(root, 0 * tick if self.stands_still else self._random.randint(-4, 4) * tick)
        self._clock.call_later(QUOTE_EVERY_S, lambda: self._tick(root))

    def move(self, root: str, by: Decimal) -> None:
        least = LEAST_PREMIUM if root in OPTIONS else self.instruments[root].tick_size * 50
        self.mid[root] = max(self.mid[root] + by, least)
        self.say(root)

    def say(self, root: str) -> None:
        instrument = self.instruments[root]
        bid, ask = self.mid[root], self.mid[root] + instrument.tick_size
        quote = Quote(instrument.instrument_id, self._clock.now(), bid, 50, ask, 50, bid, DataKind.REALTIME)
        for venue in self._venues:
            venue.quote(quote)
        sink = self._feed_sink()
        if sink is not None and not self.is_silent:
            sink.on_quote(quote)


class Rooms:
    """Makes the messages; what was posted is the alert log against which the broker's ledger is held."""

    def __init__(self, clock: SimClock, random: Random, market: Market, venue: Venue) -> None:
        self._clock = clock
        self._random = random
        self._market = market
        self._venue = venue
        self._number = 0
        self.log: list[Posted] = []

    def next(self) -> Posted:
        """The next message of the day; repeats and edits refer to earlier ones."""
        roll = self._random.random()
        opens = [posted for posted in self.log[-60:] if posted.kind == "open"]
        if roll < 0.62 or not opens:
            return self._keep(self._open())
        if roll < 0.76:
            return self._keep(self._exit(self._random.choice(opens)))
        if roll < 0.81:
            return self._keep(replace(self._random.choice(opens), kind="again", at_s=self._clock.elapsed_s))
        if roll < 0.85:
            return self._keep(self._copy(opens[-1]))
        if roll < 0.89:
            return self._keep(self._edit(self._random.choice(opens if roll < 0.86 else opens[-2:])))
        if roll < 0.91:
            return self._keep(self._delete(self._random.choice(opens)))
        if roll < 0.95:
            return self._keep(self._late())
        if roll < 0.97:
            return self._keep(replace(self._open(author="stranger"), kind="stranger"))
        return self._keep(Posted("chatter", self._message("good morning, watching MES here"), self._clock.elapsed_s))

    def missed(self, since_s: float) -> list[IncomingMessage]:
        """What a source brings again after the program was away."""
        again = [posted for posted in self.log if posted.at_s >= since_s and posted.kind not in ("again", "edit")]
        return [replace(posted.message, arrival=Arrival.BACKFILL) for posted in again]

    def _keep(self, posted: Posted) -> Posted:
        self.log.append(posted)
        return posted

    def _message(self, text: str, *, author: str = "", channel: str = "", **more: object) -> IncomingMessage:
        self._number += 1
        author = author or self._random.choice(ANALYSTS)
        channel = channel or self._random.choice(CHANNELS)
        message = IncomingMessage(
            source=SOURCE, channel_id=channel, channel_name=channel, message_id=f"m{self._number}", author_id=author,
            author_name=author, text=text, sent_at=self._clock.now(), order_no=self._number, arrival=Arrival.LIVE,
        )  # fmt: skip
        return replace(message, **more)  # type: ignore[arg-type]

    def _open(self, author: str = "") -> Posted:
        root = self._random.choice(NAMES)
        instrument = self._market.instruments[root]
        price, tick = self._market.mid[root], instrument.tick_at(self._market.mid[root])
        ticks, first = self._random.randint(10, 40), self._random.randint(4, 25)
        second = first + self._random.randint(4, 25)
        if instrument.asset_class is AssetClass.OPTION:
            side = Side.BUY
            words = [f"BTO {self._random.randint(1, 5)} {root} @ {price}"]
        else:
            side = self._side(instrument)
            words = [f"{'long' if side is Side.BUY else 'short'} {self._random.randint(1, 5)} {root} {price}"]
        words.append(f"sl {price - side.sign * ticks * tick}")
        if self._random.random() < 0.7:
            words += [f"tp{at} {price + side.sign * far * tick}" for at, far in ((1, first), (2, second))]
        message = self._message(" ".join(words), author=author)
        return Posted("open", message, self._clock.elapsed_s, instrument.instrument_id, side)

    def _side(self, instrument: Instrument) -> Side:
        """Mostly the side that is held: the other one is a conflict."""
        held = self._venue.exchange.positions(self._clock.now()).get(instrument.instrument_id, 0)
        side = self._random.choice((Side.BUY, Side.SELL))
        if held and self._random.random() < 0.85:
            side = Side.BUY if held > 0 else Side.SELL
        return side

    def _exit(self, before: Posted) -> Posted:
        root = self._market.name_of(before.instrument_id).split()[0]
        text = self._random.choice(
            (f"all out {root}", "all out", "trimmed half, stop to BE", "SL to BE", f"sold half {root}", "stop to BE",
             f"flat {root}", "cancel that order")
        )  # fmt: skip
        message = self._message(text, author=before.message.author_id, channel=before.message.channel_id)
        if self._random.random() < 0.7:
            message = replace(
                message, reply_to_id=before.message.message_id, reply_text=before.message.text
            )
        return Posted("exit", message, self._clock.elapsed_s)

    def _copy(self, before: Posted) -> Posted:
        message = self._message(before.message.text, author=before.message.author_id)
        return Posted("copy", message, self._clock.elapsed_s, before.instrument_id, before.side, before.key)

    def _edit(self, before: Posted) -> Posted:
        text = f"{before.message.text} edited {self._number}" if self._random.random() < 0.5 else before.message.text
        words = text.split()
        root = self._market.name_of(before.instrument_id)
        tick = self._market.instruments[root].tick_size
        if self._random.random() < 0.5:
            words[words.index("sl") + 1] = str(D(words[words.index("sl") + 1]) + tick)
        if self._random.random() < 0.4:
            words[words.index("sl") - 1] = str(self._market.mid[root] + self._random.randint(-8, 8) * tick)
        edited = replace(before.message, text=" ".join(words), arrival=Arrival.EDIT)
        return Posted("edit", edited, self._clock.elapsed_s, before.instrument_id, before.side)

    def _delete(self, before: Posted) -> Posted:
        return Posted("delete", replace(before.message, text="", deleted=True), self._clock.elapsed_s)

    def _late(self) -> Posted:
        posted = self._open()
        if self._random.random() < 0.5:
            return replace(posted, kind="backfill", message=replace(posted.message, arrival=Arrival.BACKFILL))
        age = timedelta(seconds=self._random.choice(OLD_AGES_S))
        return replace(posted, kind="late", message=replace(posted.message, sent_at=self._clock.now() - age))
