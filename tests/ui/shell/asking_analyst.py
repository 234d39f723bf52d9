"""An analyst of the demo for whom its script says nothing: his alerts ask, and nobody else's do."""

from decimal import Decimal

from tests.ui.tabs.rig import Rig
from tradestream_gui.domain.ids import AnalystId, MessageKey
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.orders import Order, OrderRole
from tradestream_gui.ports.source import IncomingMessage
from tradestream_gui.upkeep.settings.fields import plain

ASKS = AnalystId("me")


class AskingAnalyst:
    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._number = 0

    async def join(self, rule: dict[str, object], **settings: object) -> None:
        """Makes the settings so, with this rule of his own."""
        kept = self._rig.core.settings
        analysts = plain(kept.current)["routing"]["analysts"]
        for each in analysts:  # nobody else of the day's script asks
            each.update({"mode": "ASK", **rule} if each["id"] == ASKS else {"mode": "WATCH"})
        wanted = {key.replace("__", "."): value for key, value in settings.items()}
        await kept.apply(kept.propose({**wanted, "routing.analysts": analysts}), confirmed=True)

    def level(self, above: str, symbol: str = "ES") -> Decimal:
        """A price round the market of the contract."""
        quote = self._rig.core.board.quote(self._rig.instrument(symbol).instrument_id)
        assert quote is not None
        assert quote.mid is not None
        return quote.mid.quantize(Decimal(1)) + Decimal(above)

    async def post(self, text: str = "") -> MessageKey:
        """An alert of his; without a text ES long near the market."""
        core = self._rig.core
        self._number += 1
        analyst, channel = core.alerts.rules.analysts[ASKS], next(iter(core.alerts.rules.channels.values()))
        core.alerts.on_message(
            IncomingMessage(
                source="demo", channel_id=str(channel.channel_id), channel_name=channel.name,
                message_id=f"m{self._number}", author_id=next(iter(analyst.author_ids)), author_name=analyst.name,
                text=text or f"ES long {self.level('0')}: A\nStop: {self.level('-10')}",
                sent_at=core.clock.now(), order_no=20_000_000 + self._number, arrival=Arrival.LIVE,
            )
        )  # fmt: skip
        await self._rig.advance(2)
        return MessageKey(f"demo:{channel.channel_id}:m{self._number}")

    def entries(self) -> list[Order]:
        orders = self._rig.core.blotter.orders()
        return [order for order in orders if order.role is OrderRole.ENTRY and order.origin.analyst_id == ASKS]
