"""A small table of positions for the tests of the table kit."""

from dataclasses import dataclass

from tradestream_gui.ui.models.columns import Align, Column
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.tone import Tone, profit_tone


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    side: str = "BUY"
    qty: int = 1
    last: float | None = 100.0
    profit: float = 0.0


def columns() -> list[Column[Row]]:
    return [
        Column(
            key="name", title="Instrument", text=lambda row: row.name, strong=True, tooltip=lambda row: f"<{row.name}>"
        ),
        Column(
            key="side",
            title="Side",
            text=lambda row: row.side,
            tone=lambda row: Tone.BUY if row.side == "BUY" else Tone.SELL,
        ),
        Column(key="qty", title="Qty", text=lambda row: str(row.qty), align=Align.RIGHT, sort_key=lambda row: row.qty),
        Column(
            key="last",
            title="Last",
            text=lambda row: "–" if row.last is None else f"{row.last:.2f}",
            align=Align.RIGHT,
            sort_key=lambda row: row.last,
            flash=True,
        ),
        Column(
            key="profit",
            title="P&L",
            text=lambda row: f"{row.profit:+.2f}".replace("-", "\u2212"),
            tone=lambda row: profit_tone(row.profit),
            align=Align.RIGHT,
            sort_key=lambda row: row.profit,
            accessible=lambda row: f"{'profit' if row.profit >= 0 else 'loss'} {abs(row.profit):.0f} dollars",
        ),
    ]


def table(*, newest_first: bool = False) -> KeyedTableModel[Row]:
    return KeyedTableModel(columns(), newest_first=newest_first)
