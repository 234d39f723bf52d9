"""Draws what happened: fills, alerts, and an alert's film from the claimed price to the last exit."""

from collections.abc import Iterator, Sequence

import numpy as np
from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from tradestream_gui.ui.charts.bar_store import BarStore, Floats
from tradestream_gui.ui.charts.chart_data import Film, FilmFill, Marker, MarkerKind
from tradestream_gui.ui.charts.chart_layer import ChartLayer
from tradestream_gui.ui.charts.scale import Scale
from tradestream_gui.ui.charts.shapes import Shapes
from tradestream_gui.ui.shell.look import Look

MARKER_PX = 6  # half the width of a marker
REACH_PX = 0.14  # mixed into the ground: how strong the box of the furthest prices is
WAY_PX = 1.4  # Qt begins the dots of a line of one pixel anew where it is cut off
MARKET_PX = 14  # half the width of the bid and ask of an alert's moment
CLAIM_PX = 26
_KINDS = tuple(MarkerKind)


class MarkerItem(ChartLayer):
    """A film is drawn whole while its trade is open or while the pointer is on its alert, else only its claim."""

    def __init__(self, look: Look, store: BarStore) -> None:
        self.markers: Sequence[Marker] = ()
        self.films: Sequence[Film] = ()
        self.film_in_hand = ""
        self._shapes = Shapes()
        super().__init__(look, store, depth=4)
        self.show_markers((), ())

    def adopt_look(self) -> None:
        super().adopt_look()
        self._pictures: dict[MarkerKind, QPixmap] = {}

    @property
    def half_width(self) -> int:
        """Pixels that a marker reaches to either side of its bar's middle."""
        return int(self._look.px(MARKER_PX)) + 2

    def look_at(self, where: QPointF) -> str:
        """The words of what is under the pointer; its film is drawn whole while it is there."""
        marker, film = self.marker_at(where), self.film_at(where)
        self.film_in_hand = film.key if film is not None else marker.key if marker is not None else ""
        return film.words if film is not None else marker.text if marker is not None else ""

    def key_at(self, where: QPointF) -> str:
        found = self.marker_at(where) or self.film_at(where)
        return "" if found is None else found.key

    def marker_at(self, where: QPointF) -> Marker | None:
        scale = self.scale_now
        if scale is None or not self._store.count or not self.markers:
            return None
        near = self._look.px(MARKER_PX) + 3
        x, y = self._spots(scale)
        found = np.flatnonzero((np.abs(x - where.x()) <= near) & (np.abs(y - where.y()) <= near))
        return self.markers[int(found[-1])] if len(found) else None

    def film_at(self, where: QPointF) -> Film | None:
        """The film whose claimed price, or whose moment, is under the pointer."""
        scale = self.scale_now
        if scale is None or not self._store.count:
            return None
        for film in reversed(self.films):
            x = self._x(film.time, scale)
            price = film.claimed if film.claimed is not None else film.ask if film.is_long else film.bid
            if price is not None and abs(x - where.x()) <= CLAIM_PX and abs(scale.y(price) - where.y()) <= 6:
                return film
        return None

    # films

    def _x(self, time: int, scale: Scale) -> float:
        return scale.x(self._store.index_at(time) + 0.5)

    def _films_in_view(self, scale: Scale) -> Iterator[tuple[Film, float, float, bool]]:
        """Each with the pixels where it starts and ends, and whether it is drawn whole."""
        for film in self.films:
            start, end = self._x(film.time, scale), self._x(film.until, scale)
            if end >= -CLAIM_PX and start <= scale.width + CLAIM_PX:
                yield film, start, end, film.is_open or film.key == self.film_in_hand

    def _paint_reach(self, painter: QPainter, scale: Scale, film: Film, end: float) -> None:
        """The boxes from our entry to the best and to the worst price while it was open: MFE and MAE."""
        if film.entry is None:
            return
        left, entry_y = self._x(film.entry.time, scale), scale.y(film.entry.price)
        for price, token in ((film.best, "up"), (film.worst, "down")):
            if price is None:
                continue
            y = scale.y(price)
            box = QRectF(QPointF(left, min(y, entry_y)), QPointF(end, max(y, entry_y)))
            colour = QColor(self.ink(token))
            edge = QPen(colour, 1, Qt.PenStyle.DotLine)
            colour.setAlphaF(REACH_PX)
            painter.fillRect(box, colour)
            painter.setPen(edge)
            painter.drawLine(QLineF(left, y, end, y))
            words = "MFE" if token == "up" else "MAE"
            at = QPointF(min(end, scale.width - 4.0), y)
            self._paint_reach_words(painter, words, at, token, above=y < entry_y)

    def _paint_reach_words(self, painter: QPainter, words: str, at: QPointF, token: str, *, above: bool) -> None:
        painter.setFont(self._look.font(10))
        painter.setPen(self.ink(token))
        tall, wide = self._look.px(14), self._look.px(60)
        box = QRectF(at.x() - wide, at.y() - tall if above else at.y(), wide - 2, tall)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_way(self, painter: QPainter, scale: Scale, film: Film) -> None:
        """From the claim to our entry, and from there to each exit."""
        entry = film.entry
        if entry is None:
            return
        at = self._point(entry, scale)
        if film.claimed is not None:
            painter.setPen(QPen(self.ink("warn"), WAY_PX, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(QPointF(self._x(film.time, scale), scale.y(film.claimed)), at))
        for leave in film.exits:
            gained = (leave.price - entry.price) * (1 if film.is_long else -1)
            painter.setPen(QPen(self.ink("up" if gained >= 0 else "down"), WAY_PX, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(at, self._point(leave, scale)))

    def _point(self, fill: FilmFill, scale: Scale) -> QPointF:
        return QPointF(self._x(fill.time, scale), scale.y(fill.price))

    def _paint_claim(self, painter: QPainter, scale: Scale, film: Film, x: float) -> None:
        """The market of that moment as a bracket, the claimed price as a bar through a diamond."""
        painter.setPen(QPen(self.ink("text_2"), 1.4))
        for price in (film.bid, film.ask):
            if price is not None:
                painter.drawLine(QLineF(x - MARKET_PX, scale.y(price), x + MARKET_PX, scale.y(price)))
        if film.bid is not None and film.ask is not None:
            painter.drawLine(QLineF(x - MARKET_PX, scale.y(film.bid), x - MARKET_PX, scale.y(film.ask)))
        if film.claimed is not None:
            y, colour = scale.y(film.claimed), self.ink("warn")
            painter.setPen(QPen(colour, 2))
            painter.drawLine(QLineF(x - CLAIM_PX, y, x + CLAIM_PX, y))

    # markers

    def show_markers(self, markers: Sequence[Marker], films: Sequence[Film]) -> None:
        self.markers, self.films = tuple(markers), tuple(films)
        self._times = np.array([marker.time for marker in markers], np.int64)
        self._prices = np.array([marker.price for marker in markers], np.float64)
        self._below = np.array([marker.kind.below for marker in markers], np.bool_)
        self._kinds = np.array([_KINDS.index(marker.kind) for marker in markers], np.int64)

    def _spots(self, scale: Scale) -> tuple[Floats, Floats]:
        """Where each marker's middle stands: below the low of its bar or above the high."""
        count = self._store.count
        bars = np.clip(self._store.times().searchsorted(self._times, side="right") - 1, 0, count - 1)
        columns, away = self._store.window(0, count), self._look.px(MARKER_PX) + 8
        lows, highs = scale.y(0.0) - columns[2][bars] * scale.px_per_price, columns[1][bars]
        y = np.where(self._below, lows + away, scale.y(0.0) - highs * scale.px_per_price - away)
        x: Floats = (bars.astype(np.float64) + 0.5 - scale.left) * scale.px_per_bar
        return x, np.clip(y, away, scale.price_bottom - 2.0)

    def _paint_markers(self, painter: QPainter, scale: Scale, from_x: int) -> None:
        half = self.half_width
        x, y = self._spots(scale)
        in_view = (x > from_x - half) & (x < scale.width + half)
        for number, kind in enumerate(_KINDS):
            chosen = in_view & (self._kinds == number)
            picture = self._pictures.get(kind) or self._picture(kind, painter)
            for left, top in zip((x[chosen] - half).tolist(), (y[chosen] - half).tolist(), strict=True):
                painter.drawPixmap(QPointF(left, top), picture)
            priced = chosen & (self._prices != 0)
            at = scale.y(0.0) - self._prices[priced] * scale.px_per_price
            painter.setPen(QPen(self.ink(kind.token), 1.5))
            self._shapes.draw_lines(painter, x[priced] - 4, at, x[priced] + 4, at)

    def _picture(self, kind: MarkerKind, painter: QPainter) -> QPixmap:
        """Drawn once: smooth polygons cost fifteen times as much as a picture of them."""
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        half = self._look.px(MARKER_PX)
        side = 2 * self.half_width
        picture = QPixmap(round(side * ratio), round(side * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        brush = QPainter(picture)
        brush.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        brush.setPen(QPen(self.ink("panel"), 1.5))
        brush.setBrush(self.ink(kind.token))
        brush.drawPolygon(_marker_shape(kind, side / 2, half))
        brush.end()
        self._pictures[kind] = picture
        return picture

    # what the sheet asks for

    def paint_ground(self, painter: QPainter) -> None:
        """How far the prices went for and against a trade, behind its bars."""
        scale = self.scale_now
        if scale is None or not self._store.count:
            return
        painter.save()
        painter.setClipRect(QRectF(0, 0, scale.width, scale.main_height), Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for film, start, end, is_whole in self._films_in_view(scale):
            if is_whole:
                self._paint_reach(painter, scale, film, max(end, start + 8))
        painter.restore()

    def paint_ink(self, painter: QPainter, from_x: int) -> None:
        scale = self.scale_now
        if scale is None or not self._store.count or not (self.markers or self.films):
            return
        painter.save()
        painter.setClipRect(QRectF(0, 0, scale.width, scale.main_height), Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for film, start, _, is_whole in self._films_in_view(scale):
            if is_whole:
                self._paint_way(painter, scale, film)
            self._paint_claim(painter, scale, film, start)
        if self.markers:
            self._paint_markers(painter, scale, from_x)
        painter.restore()


def _marker_shape(kind: MarkerKind, middle: float, half: float) -> QPolygonF:
    """A triangle that points at the bar for fills, a diamond for an alert: told apart without colour."""
    x = y = middle
    if kind is MarkerKind.ALERT:
        points = [(x, y - half), (x + half, y), (x, y + half), (x - half, y)]
    elif kind.below:
        points = [(x, y - half), (x + half, y + half), (x - half, y + half)]
    else:
        points = [(x, y + half), (x - half, y - half), (x + half, y - half)]
    return QPolygonF([QPointF(px, py) for px, py in points])
