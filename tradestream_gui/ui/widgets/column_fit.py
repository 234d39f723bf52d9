"""Makes a table's columns fit its width: the least needed leave first, texts give way, numbers are never cut."""

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QByteArray, QObject, Qt
from PyQt6.QtWidgets import QApplication, QHeaderView

from tradestream_gui.ui.models.columns import Column
from tradestream_gui.ui.shell.look import Look

LEAST_SHARE, LAST_SHARE = 0.78, 0.6
"""An elastic column gives way down to this share of its width before another leaves, and to the second before the table
scrolls aside; its tool tip has the whole text."""


class ColumnFit(QObject):
    """Works for tables that declare which columns may leave (`spare`) or stretch (`elastic`), until the user takes
    a column's edge or picks columns himself: from then on his widths stand and the table scrolls."""

    def __init__(self, look: Look, header: QHeaderView, columns: Sequence[Column[object]]) -> None:
        super().__init__(header)
        self._look = look
        self._header = header
        self._columns = columns
        self._is_fitting = False
        self._scale = look.scale
        self._needed: dict[int, int] = {}
        self._room = 0
        self.is_by_hand = False
        self._declares = any(column.spare or column.elastic for column in columns)
        if any(column.elastic for column in columns):
            header.setStretchLastSection(False)
        header.sectionResized.connect(self._on_resized)

    @property
    def is_arranged(self) -> bool:
        """Whether the user sized, chose or moved columns."""
        return self.is_by_hand or self._header.sectionsMoved()

    def state(self) -> bytes:
        """Order, widths, hidden columns and sorting, to be kept with the layout."""
        return self._header.saveState().data()

    def restore(self, state: bytes) -> bool:
        """False, and nothing changes, when the state does not fit these columns."""
        before = self._header.saveState()
        if state and self._header.restoreState(QByteArray(state)) and self._header.count() == len(self._columns):
            self.take_over()
            return True
        self._header.restoreState(before)
        return False

    def is_wanted(self, at: int) -> bool:
        """Whether it is shown, or would be with more room: what is copied and saved does not hang on the width."""
        column = self._columns[at]
        return not self._header.isSectionHidden(at) if self.is_by_hand else not (column.hidden or column.stands_for)

    def take_over(self) -> None:
        """The user chose columns himself."""
        self.is_by_hand = True

    def start_again(self, room: int) -> None:
        """Back to the columns that fit."""
        self.is_by_hand = False
        self.fit(room)

    def adopt_look(self, room: int) -> None:
        """The widths grow and shrink with the text, also those that were chosen by hand."""
        ratio, self._scale = self._look.scale / self._scale, self._look.scale
        self._needed = {at: round(width * ratio) for at, width in self._needed.items()}
        if ratio != 1 and (self.is_by_hand or not self._declares):
            self.stretch(ratio)
        self.fit(room)

    def need(self, widths: Mapping[int, int]) -> None:
        """What stands in these columns needs so many pixels: they become as wide and never shrink again, save
        elastic ones, which give way unless they are `whole`."""
        grown = {at: width for at, width in widths.items() if width > self._needed.get(at, 0)}
        if self.is_by_hand or not grown:
            return
        for at, width in grown.items():
            self._needed[at] = width
            if not self._declares:
                self._header.resizeSection(at, max(self._header.sectionSize(at), width))
        self.fit(self._room)

    def stretch(self, ratio: float) -> None:
        """Makes every column wider or narrower by the ratio."""
        self._is_fitting = True
        for at in range(len(self._columns)):
            if not self._header.isSectionHidden(at):
                self._header.resizeSection(at, round(self._header.sectionSize(at) * ratio))
        self._is_fitting = False

    def fit(self, room: int) -> None:
        """Shows what fits into `room` pixels; columns of one rank leave together."""
        self._room = room
        if self.is_by_hand or not self._declares or room <= 0:
            return
        self._is_fitting = True
        widths = self._shown_within(room)
        share = self._share_within(widths, room)
        if share is not None:
            self._share(widths, room - sum(widths.values()), share)
        else:  # it scrolls sideways in any case: then nothing in it need be cut
            widths = {at: max(width, self._needed.get(at, 0)) for at, width in widths.items()}
        for at in range(len(self._columns)):
            self._header.setSectionHidden(at, at not in widths)
            if at in widths:
                self._header.resizeSection(at, widths[at])
        self._is_fitting = False

    def _shown_within(self, room: int) -> dict[int, int]:
        """Which columns are shown, with their widths: ranks leave until the rest fits."""
        left: set[int] = set()
        for rank in (0, *sorted({column.spare for column in self._columns if column.spare}, reverse=True)):
            left.add(rank)
            widths = {at: self._width(at) for at, column in enumerate(self._columns) if _is_shown(column, left)}
            if sum(self._least(at, width, LEAST_SHARE) for at, width in widths.items()) <= room:
                break
        return widths

    def _share_within(self, widths: Mapping[int, int], room: int) -> float | None:
        """How far elastic columns give way so that these fit; None when they do not."""
        for share in (LEAST_SHARE, LAST_SHARE):
            if sum(self._least(at, width, share) for at, width in widths.items()) <= room:
                return share
        return None

    def _width(self, at: int) -> int:
        own = self._look.px(self._columns[at].width)
        column = self._columns[at]
        return own if column.elastic and not column.whole else max(own, self._needed.get(at, 0))

    def _share(self, widths: dict[int, int], extra: int, least: float) -> None:
        """Elastic columns take what is left, or give up what is missing; without one the last column takes it."""
        elastic = [at for at in widths if self._columns[at].elastic]
        if not elastic and widths:
            widths[max(widths)] += extra
        gives = {at: widths[at] - self._least(at, widths[at], least) for at in elastic}
        weights = gives if extra < 0 else {at: self._columns[at].elastic for at in elastic}
        left, whole = extra, sum(weights.values())
        for at, weight in weights.items():
            part = left * weight // whole if whole else 0
            widths[at] += part
            left, whole = left - part, whole - weight

    def _least(self, at: int, width: int, least: float) -> int:
        column = self._columns[at]
        if not column.elastic:
            return width
        share = round(width * least)
        return max(share, self._needed.get(at, 0)) if column.whole else share

    def _on_resized(self, section: int, before: int, after: int) -> None:
        is_dragged = QApplication.mouseButtons() & Qt.MouseButton.LeftButton and self._header.underMouse()
        if not self._is_fitting and is_dragged:
            self.is_by_hand = True


def _is_shown(column: Column[object], left: set[int]) -> bool:
    """While these ranks have left; 0 stands for none."""
    has_come = not column.stands_for or column.stands_for in left
    return not column.hidden and has_come and not (column.spare and column.spare in left)
