"""What every layer of the chart is: an item as large as the view that draws by one scale, in pixels."""

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QGraphicsObject

from tradestream_gui.ui.charts.bar_store import BarStore
from tradestream_gui.ui.charts.scale import Scale
from tradestream_gui.ui.shell.look import Look


class ChartLayer(QGraphicsObject):
    """The whole view is each layer's bounds: bounds that lag behind silently stop repaints.

    A layer of the sheet says what a tick cannot change (`paint_ground`), what it can (`paint_ink`) and what else its
    ink depends on (`extent`); a layer above the sheet overrides `paint`.
    """

    def __init__(self, look: Look, store: BarStore, depth: int) -> None:
        super().__init__()
        self._look = look
        self._store = store
        self._bounds = QRectF()
        self.scale_now: Scale | None = None
        self._inks: dict[str, QColor] = {}
        self.setZValue(depth)
        self.adopt_look()

    def adopt_look(self) -> None:
        """Takes pens and fonts from the look; called again at each change of it."""
        self._inks = {}

    def ink(self, token: str) -> QColor:
        """A colour of the theme, kept: it must not be changed by who asks."""
        found = self._inks.get(token)
        if found is None:
            found = self._inks[token] = self._look.color(token)
        return found

    def show_scale(self, scale: Scale, bounds: QRectF) -> None:
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self.scale_now = scale
        self.update()

    @property
    def axis_room(self) -> float:
        """Pixels of the price axis."""
        return self._bounds.width() - self.scale_now.width if self.scale_now is not None else 0.0

    def paint_ground(self, painter: QPainter) -> None:
        """What stays while only the last bar moves."""

    def paint_ink(self, painter: QPainter, from_x: int) -> None:
        """What depends on bars; nothing left of `from_x` needs to be drawn. The painter's clip is only made smaller."""

    def extent(self) -> object:
        """What of the bars in view stretches this layer's ink: while it is the same, a tick moves only the last bar."""
        return None

    # overridden Qt methods

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter | None, *_: object) -> None:
        """Layers of the sheet are painted by it."""
