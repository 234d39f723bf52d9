"""Columns as wide as what stands in them: a number that is cut off is worse than a table that scrolls."""

from collections.abc import Container

from PyQt6.QtGui import QFont, QFontMetrics

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.table_view import TableView

PADDING_PX, HEADER_PADDING_PX = 20, 34  # a header leaves room for the mark of sorting
ICON_PX = 20
MAX_PX = 300
"""Sentences are cut here; the tool tip has the whole of them."""
MAX_ROWS = 200
"""As many rows are measured: beyond them texts hardly get longer."""


def fit_columns(look: Look, view: TableView, keys: Container[str] | None = None) -> None:
    """Widens columns, all or those of `keys`, to their texts. They never shrink: rows that come and go must not make
    the table jump."""
    model = view.keyed_model
    header = QFontMetrics(look.font(11, QFont.Weight.DemiBold))
    plain, strong = QFontMetrics(look.font(13)), QFontMetrics(look.font(13, QFont.Weight.DemiBold))
    needed = {}
    model.settle(MAX_ROWS)
    for at, column in enumerate(model.columns[:-1]):
        if keys is not None and column.key not in keys:
            continue
        metrics = strong if column.strong else plain
        longest = max((metrics.horizontalAdvance(row[at]) for row in model.texts[:MAX_ROWS]), default=0)
        longest += look.px(ICON_PX) if column.icon is not None else 0
        titled = header.horizontalAdvance(column.title) + look.px(HEADER_PADDING_PX)
        wanted = max(longest + look.px(PADDING_PX), titled if column.title else 0)
        needed[at] = min(wanted, look.px(MAX_PX))
    view.fit.need(needed)
