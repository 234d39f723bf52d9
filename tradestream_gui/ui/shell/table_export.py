"""Saves a table as the CSV file that its user asked for, and says where it lies or why it does not."""

import asyncio
from pathlib import Path

from PyQt6.QtWidgets import QWidget

from tradestream_gui.ui.shell.dialogs import ask_save_path
from tradestream_gui.ui.widgets.table_view import TableView
from tradestream_gui.ui.widgets.toast import ToastLevel, ToastNote

CSV_KINDS = "CSV files (*.csv)"


async def export_table(table: TableView, window: QWidget, folder: Path) -> ToastNote | None:
    """Asks for the file, `folder` first, and writes what the table shows; None when it was left."""
    name = table.accessibleName() or "Table"
    suggested = str(folder / f"{name.lower().replace(' ', '-')}.csv")
    path = await ask_save_path(window, title=f"Export: {name}", suggested=suggested, kinds=CSV_KINDS)
    if path is None:
        return None
    if not path.suffix:
        path = path.with_suffix(".csv")
    rows, text = table.keyed_model.rowCount(), table.to_csv()
    try:
        await asyncio.to_thread(path.write_text, text, "utf-8", newline="")
    except OSError as error:
        words = f"{path} cannot be written ({error.strerror or error}). Choose another folder."
        return ToastNote(ToastLevel.ERROR, f"{name} not exported", words)
    return ToastNote(ToastLevel.OK, f"{name} exported", f"{rows} row{'' if rows == 1 else 's'} in {path}")
