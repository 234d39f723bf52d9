"""A ladder on the demo market, and the hands that click, drag and type on it."""

import asyncio
from decimal import Decimal

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.support import eventually
from tests.ui.tabs.rig import DEMO_ACCOUNT, Rig
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus
from tradestream_gui.domain.positions import Lot
from tradestream_gui.ui.docks.ladder.dock import LadderDock
from tradestream_gui.ui.models.ladder_model import LadderColumn
from tradestream_gui.ui.models.ladder_rows import LadderRow
from tradestream_gui.ui.shell.look import Look

ONE_FRAME_S = 0.1
NONE = Qt.KeyboardModifier.NoModifier
FAR = 3
"""Rows from the best price: near enough to be seen, too far to fill at once."""


class Ladder:
    """The dock with MES in it, two contracts and a stop ten points away; not armed."""

    def __init__(self, look: Look, qtbot: QtBot, rig: Rig) -> None:
        self.rig = rig
        self.dock = LadderDock(look)
        qtbot.addWidget(self.dock)
        self.dock.resize(470, 640)
        self.dock.show()
        self.dock.attach(rig.core, rig.hub)

    async def open(self, symbol: str = "MES") -> "Ladder":
        self.dock.open_instrument(self.rig.instrument(symbol).instrument_id)
        await self.go_on(3)
        self.dock.controls.stop.setText("10")
        self.dock.controls.qty.setValue(2)
        return self

    async def go_on(self, seconds: float) -> None:
        await self.rig.advance(seconds)
        await asyncio.sleep(ONE_FRAME_S)
        self.dock.refresh()

    # -- where ---------------------------------------------------------------------------------------------

    @property
    def rows(self) -> list[LadderRow]:
        return list(self.dock.model.rows)

    @property
    def prices(self) -> list[Decimal]:
        return [row.price for row in self.dock.model.rows]

    def bid_row(self, below: int = 0) -> int:
        return next(number for number, row in enumerate(self.rows) if row.is_best_bid) + below

    def ask_row(self, above: int = 0) -> int:
        return next(number for number, row in enumerate(self.rows) if row.is_best_ask) - above

    def point(self, row: int, column: LadderColumn) -> QPoint:
        return self.dock.view.visualRect(self.dock.model.index(row, column)).center()

    # -- what a hand does ----------------------------------------------------------------------------------

    def click(
        self,
        row: int,
        column: LadderColumn,
        held: Qt.KeyboardModifier = NONE,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> None:
        QTest.mouseClick(self.dock.view.viewport(), button, held, self.point(row, column))

    def hover(self, row: int, column: LadderColumn) -> str:
        QTest.mouseMove(self.dock.view.viewport(), self.point(row, column))
        return self.words

    def drag(self, row: int, column: LadderColumn, to_row: int) -> None:
        port, left = self.dock.view.viewport(), Qt.MouseButton.LeftButton
        QTest.mousePress(port, left, NONE, self.point(row, column))
        QTest.mouseMove(port, self.point(to_row, column))
        QTest.mouseRelease(port, left, NONE, self.point(to_row, column))

    def scroll_to(self, price: Decimal) -> None:
        """The mouse on the ladder, the wheel turned down until the price is in sight."""
        self.hover(2, LadderColumn.BID)
        for _ in range(100):
            if price in self.prices:
                return
            self.dock.view.scroll_wanted.emit(-3)
        raise AssertionError(f"{price} did not come into sight")

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.dock.view, key, held)

    def leave(self) -> None:
        self.dock.view.leaveEvent(None)

    # -- what came of it -----------------------------------------------------------------------------------

    @property
    def words(self) -> str:
        return self.dock.words.text()

    def by_hand(self) -> list[Order]:
        """The entries of this hand."""
        orders = self.rig.core.blotter.orders()
        return [one for one in orders if one.origin.kind.value == "manual" and one.role is OrderRole.ENTRY]

    async def working(self) -> Order:
        """The one entry by hand, once the broker has it."""
        await eventually(lambda: self.by_hand() and self.by_hand()[-1].ord_status is not OrdStatus.PENDING_NEW)
        await self.go_on(1)
        return self.by_hand()[-1]

    async def holds(self) -> Lot:
        """Two contracts bought at market, with their stop."""
        self.dock.arming.arm()
        self.key(Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
        await self.working()
        await self.go_on(2)
        (lot,) = self.rig.core.lots.open_lots(DEMO_ACCOUNT)
        return lot
