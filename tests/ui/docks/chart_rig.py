"""A chart on the demo market, and the hands that drag its lines."""

import asyncio
from decimal import Decimal

from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.support import eventually
from tests.ui.tabs.rig import DEMO_ACCOUNT, Rig
from tradestream_gui.domain.exits import ExitPlan
from tradestream_gui.domain.orders import MANUAL, Order, OrderRole, OrdStatus, OrdType, OriginKind, Side, TimeInForce
from tradestream_gui.domain.positions import Lot
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ui.charts.chart_data import PriceLine
from tradestream_gui.ui.charts.chart_view import ChartView
from tradestream_gui.ui.docks.chart.dock import ChartDock
from tradestream_gui.ui.docks.chart.menu import ChartMenu
from tradestream_gui.ui.docks.chart.panel import ChartPanel
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.look import Look

ONE_FRAME_S = 0.1
LEFT = Qt.MouseButton.LeftButton
TICK = Decimal("0.25")


class Chart:
    """The dock with one chart of MES; not armed."""

    def __init__(self, look: Look, qtbot: QtBot, rig: Rig) -> None:
        self.rig = rig
        self.arming = Arming()
        self.dock = ChartDock(look)
        self.dock.use_arming(self.arming)
        qtbot.addWidget(self.dock)
        self.dock.resize(800, 560)
        self.dock.show()
        self.dock.attach(rig.core, rig.hub)
        self.said: list[str] = []
        self.dock.said.connect(self.said.append)

    async def open(self, symbol: str = "MES") -> "Chart":
        self.dock.show_instrument_id(self.rig.instrument(symbol).instrument_id)
        await self.go_on(3)
        return self

    async def go_on(self, seconds: float) -> None:
        await self.rig.advance(seconds)
        await asyncio.sleep(ONE_FRAME_S)

    @property
    def panel(self) -> ChartPanel:
        return self.dock.panels[0]

    @property
    def view(self) -> ChartView:
        view = self.panel.chart.view
        assert view is not None, "the chart was shown"
        return view

    # -- positions and orders ------------------------------------------------------------------------------

    async def enter(self, ord_type: OrdType, limit: Decimal | None = None, away: str = "10") -> None:
        """Two contracts bought with a stop so many points below."""
        instrument = self.rig.instrument("MES")
        quote = self.rig.core.board.quote(instrument.instrument_id)
        assert quote is not None
        assert quote.bid is not None
        ticket = EntryTicket(
            account_id=DEMO_ACCOUNT,
            instrument_id=instrument.instrument_id,
            side=Side.BUY,
            ord_type=ord_type,
            order_qty=2,
            time_in_force=TimeInForce.DAY,
            origin=MANUAL,
            limit_price=limit,
            protective_stop=(limit or quote.bid) - Decimal(away),
        )
        result = await self.rig.core.entries.enter(ticket)
        assert result.is_sent, result.decision.words

    async def holds(self) -> Lot:
        await self.enter(OrdType.MARKET)
        await self.entry_works()
        await self.go_on(2)
        (lot,) = self.rig.core.lots.open_lots(DEMO_ACCOUNT)
        return lot

    def plan(self, lot: Lot) -> ExitPlan:
        found = self.rig.core.exits.plan(lot.lot_id)
        assert found is not None
        return found

    def stop_of(self, lot: Lot) -> Decimal:
        found = self.plan(lot).stop_price
        assert found is not None
        return found

    def resting_stop(self, lot: Lot) -> Order:
        (order,) = self.rig.core.blotter.exits_of_lot(lot.lot_id, OrderRole.STOP)
        return order

    def entry(self) -> Order | None:
        """The newest entry by hand."""
        orders = self.rig.core.blotter.orders()
        found = [one for one in orders if one.origin.kind is OriginKind.MANUAL and one.role is OrderRole.ENTRY]
        return found[-1] if found else None

    async def entry_works(self) -> Order:
        """That entry, once the broker has it."""
        await eventually(lambda: (one := self.entry()) is not None and one.ord_status is not OrdStatus.PENDING_NEW)
        await self.go_on(1)
        found = self.entry()
        assert found is not None
        return found

    # -- what a hand does ----------------------------------------------------------------------------------

    def menu_at(self, price: Decimal) -> ChartMenu:
        """The menu of a right click."""
        self.view.menu_wanted.emit(float(price), QPoint(10, 10))
        menu = self.panel._menu
        assert menu is not None, "the click lies on the chart"
        return menu

    def line(self, begins: str) -> PriceLine:
        return next(line for line in self.view.lines.lines if line.line_id.startswith(begins))

    def y(self, price: Decimal | float) -> int:
        scale = self.view.candles.scale_now
        assert scale is not None
        return round(scale.y(float(price)))

    def take(self, line: PriceLine) -> None:
        QTest.mousePress(self.view.viewport(), LEFT, pos=QPoint(400, self.y(line.price)))

    def pull(self, price: Decimal) -> str:
        """The line in hand over a price: answers the words beside it."""
        QTest.mouseMove(self.view.viewport(), QPoint(402, self.y(price)))
        words = self.view.lines.words
        return "" if words is None else words.text

    def let_go(self, price: Decimal) -> None:
        QTest.mouseRelease(self.view.viewport(), LEFT, pos=QPoint(402, self.y(price)))

    def drag(self, line: PriceLine, price: Decimal) -> str:
        self.take(line)
        words = self.pull(price)
        self.let_go(price)
        return words

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, held)

    def hover(self, x: float, y: float) -> None:
        QTest.mouseMove(self.view.viewport(), QPointF(x, y).toPoint())
