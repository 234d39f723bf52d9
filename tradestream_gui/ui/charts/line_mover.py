"""The line in hand: taken by mouse or key, moved tick by tick with what would come of it, let go or put back."""

from collections.abc import Callable

from tradestream_gui.ui.charts.chart_data import MoveWords, PriceLine
from tradestream_gui.ui.charts.line_item import LineItem

Answer = Callable[[str, float], MoveWords]


class LineMover:
    """Nothing is sent here: `drop` says which line was let go where, once; `cancel` puts it back."""

    def __init__(self, layer: LineItem) -> None:
        self._layer = layer
        self.answer: Answer | None = None
        self.tick = 0.01

    @property
    def holds_line(self) -> bool:
        return self._layer.in_hand is not None

    @property
    def chosen(self) -> PriceLine | None:
        """The line that the keys would move."""
        lines = [line for line in self._layer.lines if line.line_id == self._layer.chosen and line.draggable]
        return lines[0] if lines else None

    def take(self, line: PriceLine) -> None:
        self._layer.chosen = line.line_id
        self._hold(line, line.price)

    def move(self, price: float) -> None:
        if self._layer.in_hand is not None:
            self._hold(self._layer.in_hand[0], round(price / self.tick) * self.tick)

    def nudge(self, ticks: int) -> bool:
        """By key: the chosen line, in hand from the first step on; False when none is chosen."""
        line = self.chosen
        if line is None:
            return False
        price = self._layer.in_hand[1] if self._layer.in_hand is not None else line.price
        self._hold(line, round(price / self.tick + ticks) * self.tick)
        return True

    def choose_next(self, step: int) -> None:
        """The next line upwards (+1) or downwards (-1) that can be moved; round at the ends."""
        self.cancel()
        lines = sorted((line for line in self._layer.lines if line.draggable), key=lambda line: line.price)
        if lines:
            ids = [line.line_id for line in lines]
            at = ids.index(self._layer.chosen) + step if self._layer.chosen in ids else 0 if step > 0 else -1
            self._layer.chosen = ids[at % len(ids)]
        self._layer.update()

    def drop(self) -> tuple[str, float] | None:
        """The line's id and price; None when none was in hand, or when it stands where it was."""
        held = self._layer.in_hand
        self._release()
        return None if held is None or held[1] == held[0].price else (held[0].line_id, held[1])

    def cancel(self) -> bool:
        """False when there was nothing to put back."""
        if self._layer.in_hand is None and not self._layer.chosen:
            return False
        self._layer.chosen = ""
        self._release()
        return True

    def lines_changed(self) -> None:
        """The line in hand may be gone, or stand elsewhere by now: then it is let go of without a word."""
        held = self._layer.in_hand
        if held is None:
            return
        now = [line for line in self._layer.lines if line.line_id == held[0].line_id]
        if now and now[0].draggable:
            self._hold(now[0], held[1])
        else:
            self._layer.chosen = ""
            self._release()

    def _hold(self, line: PriceLine, price: float) -> None:
        self._layer.in_hand = (line, price)
        moved = price != line.price
        self._layer.words = self.answer(line.line_id, price) if self.answer is not None and moved else None
        self._layer.update()

    def _release(self) -> None:
        self._layer.in_hand = None
        self._layer.words = None
        self._layer.update()
