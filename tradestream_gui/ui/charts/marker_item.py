"""Draws what happened: fills, alerts, and an alert's film from the claimed price to the last exit."""

from collections.abc import Sequence

from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter, QPen, QPolygonF

from tradestream_gui.ui.charts.bar_store import BarStore
from tradestream_gui.ui.charts.chart_data import Film, FilmFill, Marker
from tradestream_gui.ui.charts.chart_layer import ChartLayer
from tradestream_gui.ui.charts.scale import Scale
from tradestream_gui.ui.shell.look import Look

MARKER_PX = 6  # half the width of a marker
REACH_PX = 0.14  # mixed into the ground: how strong the box of the furthest prices is
MARKET_PX = 14  # half the width of the bid and ask of an alert's moment
CLAIM_PX = 26


class MarkerItem(ChartLayer):
    """A film is drawn whole while its trade is open or while the pointer is on its alert, else only its claim."""

    def __init__(self, look: Look, store: BarStore) -> None:
        self.markers: Sequence[Marker] = ()
        self.films: Sequence[Film] = ()
        self.film_in_hand = ""
        super().__init__(look, store, depth=4)

    def look_at(self, where: QPointF) -> str:
        """The words of what is under the pointer; its film is drawn whole while it is there."""
        marker, film = self.marker_at(where), self.film_at(where)
        key = film.key if film is not None else marker.key if marker is not None else ""
        if key != self.film_in_hand:
            self.film_in_hand = key
            self.update()
        return film.words if film is not None else marker.text if marker is not None else ""

    def key_at(self, where: QPointF) -> str:
        found = self.marker_at(where) or self.film_at(where)
        return "" if found is None else found.key

    def marker_at(self, where: QPointF) -> Marker | None:
        scale = self.scale_now
        if scale is None or not self._store.count:
            return None
        near = self._look.px(MARKER_PX) + 3
        for marker in reversed(self.markers):
            spot = self._spot(marker, scale)
            if abs(spot.x() - where.x()) <= near and abs(spot.y() - where.y()) <= near:
                return marker
        return None

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

    def _paint_film(self, painter: QPainter, scale: Scale, film: Film) -> None:
        start, end = self._x(film.time, scale), self._x(film.until, scale)
        if end < -CLAIM_PX or start > scale.width + CLAIM_PX:
            return
        if film.is_open or film.key == self.film_in_hand:
            self._paint_reach(painter, scale, film, max(end, start + 8))
            self._paint_way(painter, scale, film)
        self._paint_claim(painter, scale, film, start)

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
            colour = self._look.color(token)
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
        painter.setPen(self._look.color(token))
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
            painter.setPen(QPen(self._look.color("warn"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(QPointF(self._x(film.time, scale), scale.y(film.claimed)), at))
        for leave in film.exits:
            gained = (leave.price - entry.price) * (1 if film.is_long else -1)
            painter.setPen(QPen(self._look.color("up" if gained >= 0 else "down"), 1.4, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(at, self._point(leave, scale)))

    def _point(self, fill: FilmFill, scale: Scale) -> QPointF:
        return QPointF(self._x(fill.time, scale), scale.y(fill.price))

    def _paint_claim(self, painter: QPainter, scale: Scale, film: Film, x: float) -> None:
        """The market of that moment as a bracket, the claimed price as a bar through a diamond."""
        painter.setPen(QPen(self._look.color("text_2"), 1.4))
        for price in (film.bid, film.ask):
            if price is not None:
                painter.drawLine(QLineF(x - MARKET_PX, scale.y(price), x + MARKET_PX, scale.y(price)))
        if film.bid is not None and film.ask is not None:
            painter.drawLine(QLineF(x - MARKET_PX, scale.y(film.bid), x - MARKET_PX, scale.y(film.ask)))
        if film.claimed is not None:
            y, colour = scale.y(film.claimed), self._look.color("warn")
            painter.setPen(QPen(colour, 2))
            painter.drawLine(QLineF(x - CLAIM_PX, y, x + CLAIM_PX, y))

    # markers

    def _spot(self, marker: Marker, scale: Scale) -> QPointF:
        index = self._store.index_at(marker.time)
        bar = self._store.bar(index)
        away = self._look.px(MARKER_PX) + 8
        y = scale.y(bar.low) + away if marker.kind.below else scale.y(bar.high) - away
        return QPointF(scale.x(index + 0.5), min(max(y, away), scale.price_bottom - 2))

    def _paint_markers(self, painter: QPainter, scale: Scale) -> None:
        half = self._look.px(MARKER_PX)
        ground = QPen(self._look.color("panel"), 1.5)
        for marker in self.markers:
            spot = self._spot(marker, scale)
            if not -half < spot.x() < scale.width + half:
                continue
            colour = self._look.color(marker.kind.token)
            painter.setPen(ground)
            painter.setBrush(colour)
            painter.drawPolygon(_marker_shape(marker, spot, half))
            if marker.price:
                painter.setPen(QPen(colour, 1.5))
                y, x = scale.y(marker.price), spot.x()
                painter.drawLine(QLineF(x - 4, y, x + 4, y))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    # overridden Qt methods

    def paint(self, painter: QPainter, *_: object) -> None:
        scale = self.scale_now
        if scale is None or not self._store.count or not (self.markers or self.films):
            return
        painter.setClipRect(QRectF(0, 0, scale.width, scale.main_height))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for film in self.films:
            self._paint_film(painter, scale, film)
        self._paint_markers(painter, scale)


def _marker_shape(marker: Marker, spot: QPointF, half: float) -> QPolygonF:
    """A triangle that points at the bar for fills, a diamond for an alert: told apart without colour."""
    x, y = spot.x(), spot.y()
    if marker.kind.name == "ALERT":
        points = [(x, y - half), (x + half, y), (x, y + half), (x - half, y)]
    elif marker.kind.below:
        points = [(x, y - half), (x + half, y + half), (x - half, y + half)]
    else:
        points = [(x, y + half), (x - half, y - half), (x + half, y - half)]
    return QPolygonF([QPointF(px, py) for px, py in points])
