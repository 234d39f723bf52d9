"""Columns as wide as what stands in them: a number that is cut off is worse than a table that scrolls."""

from PyQt6.QtGui import QFont, QFontMetrics

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.table_view import TableView

PADDING_PX, HEADER_PADDING_PX = 20, 34  # a header leaves room for the mark of sorting
ICON_PX = 20
MAX_PX = 300
"""Sentences are cut here; the tool tip has the whole of them."""
MAX_ROWS = 200
"""As many rows are measured: beyond them texts hardly get longer."""
DIGITS = str.maketrans("123456789", "000000000")
LEAST_SHARE = 0.6
"""A text with fewer of the letters of the longest one is never wider."""


def fit_columns(look: Look, view: TableView, *, in_sight: bool = False) -> None:
    """Widens columns to their texts, or to those `in_sight` alone, which is cheap enough for every frame. They never
    shrink: rows that come and go must not make the table jump."""
    model = view.keyed_model
    header = QFontMetrics(look.font(11, QFont.Weight.DemiBold))
    plain, strong = QFontMetrics(look.font(13)), QFontMetrics(look.font(13, QFont.Weight.DemiBold))
    needed = {}
    if not in_sight:
        model.settle(MAX_ROWS)
    rows = [texts for texts in model.texts[:MAX_ROWS] if texts]
    for at, column in enumerate(model.columns[:-1]):
        longest = _widest(strong if column.strong else plain, [texts[at] for texts in rows])
        longest += look.px(ICON_PX) if column.icon is not None else 0
        titled = header.horizontalAdvance(column.title) + look.px(HEADER_PADDING_PX)
        wanted = max(longest + look.px(PADDING_PX), titled if column.title else 0)
        needed[at] = min(wanted, look.px(MAX_PX))
    view.fit.need(needed)


def _widest(metrics: QFontMetrics, texts: list[str]) -> int:
    """Digits are all of one width, so numbers of one form are measured once, and what is much shorter not at all."""
    least = max(map(len, texts), default=0) * LEAST_SHARE
    forms = {text.translate(DIGITS) for text in texts if len(text) >= least}
    return max(map(metrics.horizontalAdvance, forms), default=0)
