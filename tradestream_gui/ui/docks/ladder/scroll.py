"""Which prices the ladder shows: it stays where it is until the price leaves the middle half or somebody asks."""

from decimal import Decimal

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.ui.docks.ladder.view import LadderView
from tradestream_gui.ui.models.ladder_model import LadderModel
from tradestream_gui.ui.models.ladder_rows import LadderScene, PriceGrid, rows_of


class LadderScroll:
    """The only owner of the top row; while the view is held nothing moves but by a person's wish."""

    def __init__(self, model: LadderModel, view: LadderView) -> None:
        self._model = model
        self._view = view
        self._top: Decimal | None = None
        self.group = 1

    def grid(self, instrument: Instrument) -> PriceGrid:
        return PriceGrid(instrument, self.group)

    def forget(self) -> None:
        """The next rows are centred."""
        self._top = None

    def regroup(self, ticks: int) -> None:
        self.group, self._top = ticks, None

    def scroll(self, instrument: Instrument, rows: int) -> None:
        if self._top is not None:
            self._top = self.grid(instrument).moved(self._top, rows)

    def show(self, scene: LadderScene) -> None:
        """Shows the rows; the keyboard's cursor stays with its price."""
        if self._top is None or (not self._view.is_held and self._is_off_middle(scene)):
            self._centre_on(scene)
        if self._top is None:
            self._model.show(scene.grid.instrument, [])
            return
        price, column = self._view.cursor_price, self._view.currentIndex().column()
        prices = scene.grid.window(self._top, self._view.room)
        self._model.show(scene.grid.instrument, rows_of(prices, scene))
        if price != self._view.cursor_price:
            self._view.put_cursor(price, column)

    def _is_off_middle(self, scene: LadderScene) -> bool:
        if scene.centre is None or self._top is None:
            return False
        count = self._view.room
        window = scene.grid.window(self._top, count)
        return not window[count - 1 - count // 4] <= scene.grid.row(scene.centre) <= window[count // 4]

    def _centre_on(self, scene: LadderScene) -> None:
        if scene.centre is not None:
            self._top = scene.grid.moved(scene.grid.row(scene.centre), self._view.room // 2)
