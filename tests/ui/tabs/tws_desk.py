"""The ticket of a running program whose account is at the loopback TWS: real sockets, real widgets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.stories.ibkr_life import CODE, Life, ready, serving
from tests.support import eventually
from tradestream_gui.domain.ids import AccountId, InstrumentId
from tradestream_gui.market.option_choice import OptionDay
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.signal_hub import SignalHub
from tradestream_gui.ui.tabs.order_entry.tab import OrderEntryTab


class Desk:
    """What a test does at the ticket and sees of it."""

    def __init__(self, life: Life, tab: OrderEntryTab, hub: SignalHub) -> None:
        self.life = life
        self.tab = tab
        self.hub = hub
        self.symbol = tab.form.symbol
        self.option = tab.form.symbol.option

    def use_account(self, account_id: str) -> None:
        account = self.tab.form.account
        account.setCurrentIndex(account.findData(AccountId(account_id)))

    async def open_options(self) -> None:
        self.life.server.price("QQQ", "500.80", "500.90", "500.85")
        assert self.symbol.choose("QQQ")
        await eventually(lambda: self.life.core.board.last_price(InstrumentId("QQQ")), why="a price of QQQ")
        self.symbol.as_option.click()

    def days(self) -> list[OptionDay]:
        return [self.option.expiry.itemData(place) for place in range(self.option.expiry.count())]

    def strikes(self) -> list[Decimal]:
        return [Decimal(self.option.strike.itemText(place)) for place in range(self.option.strike.count())]

    def in_strip(self) -> list[Decimal]:
        rows = (self.tab.chain.model.row(self.tab.chain.model.key_at(at)) for at in range(self.tab.chain.model.total))
        return [row.strike for row in rows if row is not None]


@asynccontextmanager
async def trading(folder: Path, look: Look, qtbot: QtBot, *, is_up: bool = True, gone: str = "") -> AsyncIterator[Desk]:
    server, clock = await serving()
    if gone:
        server.contracts.delist(gone)
    life = Life(folder, server, clock)
    if not is_up:
        await server.stop()
    await life.open()
    hub = SignalHub(life.core.bus)
    try:
        if is_up and not gone:
            await ready(life)
        tab = OrderEntryTab(look)
        qtbot.addWidget(tab)
        tab.resize(700, 640)
        tab.show()
        tab.attach(life.core, hub)
        tab.arming.arm()
        desk = Desk(life, tab, hub)
        desk.use_account(CODE)
        yield desk
    finally:
        hub.detach()
        await life.close()
        await server.stop()
