"""A table as CSV text that a spreadsheet reads as data and never runs as a formula."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Any

from tradestream_gui.ui.models.keyed_table import KeyedTableModel


def csv_text(model: KeyedTableModel[Any], columns: Sequence[int]) -> str:
    """The shown rows with these columns, titles first."""
    model.settle()
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([model.columns[column].title for column in columns])
    for texts in model.texts:
        writer.writerow([inert(texts[column]) for column in columns])
    return out.getvalue()


def inert(text: str) -> str:
    """A spreadsheet runs cells that begin like a formula; numbers with a sign stay numbers."""
    bare = text.replace("\u2212", "-")
    looks_like_formula = bare[:1] in ("=", "@", "\t", "\r") or (bare[:1] in ("+", "-") and not _is_number(bare))
    return "'" + bare if looks_like_formula else bare


def _is_number(text: str) -> bool:
    return text.strip("+-$%R ").replace(",", "").replace(".", "", 1).isdigit()
