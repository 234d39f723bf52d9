"""Makes a short table as tall as its rows: on a page that scrolls, a table that scrolls too would hide some."""

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.table_view import TableView


def fit_rows(look: Look, view: TableView, least_px: int = 0) -> None:
    """Called with the rows in it and again when the look changes; `least_px` is at 100 %."""
    rows, head = view.verticalHeader(), view.horizontalHeader()
    if rows is not None and head is not None:
        whole = rows.length() + head.minimumHeight() + 2 * view.frameWidth()
        view.setMinimumHeight(max(whole, look.px(least_px)))
