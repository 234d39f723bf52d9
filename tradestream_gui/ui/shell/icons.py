"""Our own icons: small SVG files drawn by Qt's painter in any colour, without loading Qt's SVG library.

The files keep to what is read here: a 24 x 24 grid with `path` (M L H V C Q Z, absolute or relative), `circle`,
`rect`, `line` and `polyline`; each shape is stroked, and filled when it says `fill="currentColor"`.
"""

import re
from collections import OrderedDict
from pathlib import Path

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

GRID = 24.0
STROKE = 1.75
PIXMAPS_KEPT = 512
_ELEMENT = re.compile(r"<(path|circle|rect|line|polyline)\b([^>]*?)/?>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_STEP = re.compile(r"([MmLlHhVvCcQqZz])([^MmLlHhVvCcQqZz]*)")
_NUMBER = re.compile(r"-?\d*\.?\d+")
_NUMBERS_PER_STEP = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4}


class Icons:
    """The only owner of loaded icon shapes and of the pixmaps made of them; both are made on first use."""

    def __init__(self, icons_dir: Path) -> None:
        self._icons_dir = icons_dir
        self._shapes_by_name: dict[str, list[tuple[QPainterPath, bool, float]]] = {}
        self._pixmaps: OrderedDict[tuple[str, int, int, float], QPixmap] = OrderedDict()

    def names(self) -> list[str]:
        return sorted(path.stem for path in self._icons_dir.glob("*.svg"))

    def pixmap(self, name: str, side: int, color: QColor, device_pixel_ratio: float = 2.0) -> QPixmap:
        """The icon `side` logical pixels wide; an unknown name is a FileNotFoundError that names the file."""
        key = (name, side, color.rgba(), device_pixel_ratio)
        known = self._pixmaps.get(key)
        if known is None:
            known = self._draw(name, side, color, device_pixel_ratio)
            self._pixmaps[key] = known
            if len(self._pixmaps) > PIXMAPS_KEPT:
                self._pixmaps.popitem(last=False)
        return known

    def icon(self, name: str, color: QColor, disabled: QColor | None = None, side: int = 20) -> QIcon:
        """For buttons, actions and tabs."""
        icon = QIcon(self.pixmap(name, side, color))
        icon.addPixmap(self.pixmap(name, side, color), QIcon.Mode.Selected)  # else Qt dims it on the selected row
        if disabled is not None:
            icon.addPixmap(self.pixmap(name, side, disabled), QIcon.Mode.Disabled)
        return icon

    def paint(self, painter: QPainter, name: str, rect: QRectF, color: QColor) -> None:
        """Draws the icon into `rect` with the painter's own transformation."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(rect.topLeft())
        painter.scale(rect.width() / GRID, rect.height() / GRID)
        for path, filled, stroke in self._shapes(name):
            pen = QPen(color, stroke, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen if stroke > 0 else Qt.PenStyle.NoPen)
            painter.setBrush(color if filled else Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
        painter.restore()

    def _draw(self, name: str, side: int, color: QColor, ratio: float) -> QPixmap:
        pixmap = QPixmap(round(side * ratio), round(side * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, name, QRectF(0, 0, side, side), color)
        painter.end()
        return pixmap.copy()  # without the paint engine that Qt keeps by what was drawn on, larger than the picture

    def _shapes(self, name: str) -> list[tuple[QPainterPath, bool, float]]:
        shapes = self._shapes_by_name.get(name)
        if shapes is None:
            shapes = parse_shapes((self._icons_dir / f"{name}.svg").read_text(encoding="utf-8"))
            self._shapes_by_name[name] = shapes
        return shapes


def parse_shapes(svg: str) -> list[tuple[QPainterPath, bool, float]]:
    """The shapes of one icon file as (path, filled?, stroke width), in order."""
    shapes = []
    for tag, raw in _ELEMENT.findall(svg):
        attributes = dict(_ATTRIBUTE.findall(raw))
        filled = attributes.get("fill") == "currentColor"
        stroke = float(attributes.get("stroke-width", 0.0 if attributes.get("stroke") == "none" else STROKE))
        shapes.append((_shape(tag, attributes), filled, stroke))
    return shapes


def _shape(tag: str, attributes: dict[str, str]) -> QPainterPath:
    path = QPainterPath()
    at = {name: float(value) for name, value in attributes.items() if _NUMBER.fullmatch(value)}
    if tag == "circle":
        path.addEllipse(QPointF(at["cx"], at["cy"]), at["r"], at["r"])
    elif tag == "rect":
        radius = at.get("rx", 0.0)
        path.addRoundedRect(QRectF(at["x"], at["y"], at["width"], at["height"]), radius, radius)
    elif tag == "line":
        path.moveTo(at["x1"], at["y1"])
        path.lineTo(at["x2"], at["y2"])
    elif tag == "polyline":
        numbers = [float(number) for number in _NUMBER.findall(attributes["points"])]
        path.moveTo(numbers[0], numbers[1])
        for x, y in zip(numbers[2::2], numbers[3::2], strict=True):
            path.lineTo(x, y)
    else:
        _trace(path, attributes["d"])
    return path


def _trace(path: QPainterPath, steps: str) -> None:
    """Follows the path language; a second pair after M is a line, as SVG has it."""
    for command, raw in _STEP.findall(steps):
        if command in "Zz":
            path.closeSubpath()
            continue
        numbers = [float(number) for number in _NUMBER.findall(raw)]
        size = _NUMBERS_PER_STEP[command.upper()]
        for begin in range(0, len(numbers), size):
            _step(path, command, numbers[begin : begin + size])
            command = {"M": "L", "m": "l"}.get(command, command)


def _step(path: QPainterPath, command: str, numbers: list[float]) -> None:
    here = path.currentPosition()
    base = here if command.islower() else QPointF(0, 0)
    kind = command.upper()
    if kind == "H":
        path.lineTo(base.x() + numbers[0], here.y())
        return
    if kind == "V":
        path.lineTo(here.x(), base.y() + numbers[0])
        return
    points = [QPointF(base.x() + x, base.y() + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    if kind == "M":
        path.moveTo(points[0])
    elif kind == "L":
        path.lineTo(points[0])
    elif kind == "C":
        path.cubicTo(*points)
    else:
        path.quadTo(*points)
