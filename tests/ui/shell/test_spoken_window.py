"""What a screen reader finds in the window: the kill switch, a position's profit in words, the rows of the ladder."""

from collections.abc import Iterator
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QTableView, QWidget

from tests.ui.palette.scenes import PaletteScene, palette_scene
from tests.ui.tabs.tickets import long_by_hand
from tradestream_gui.ui.shell.look import Look


async def _hold_a_position(here: PaletteScene) -> None:
    await here.quote("ES")
    result = await here.rig.core.entries.enter(long_by_hand(here.rig, "ES", stop_below=4))
    assert result.is_sent, result.decision.words
    here.window.resize(1500, 1900)  # tall enough for the ladder to reach from the price to the stop
    await here.rig.advance(5)
    for view in here.window.findChildren(QAbstractItemView):
        flush = getattr(view.model(), "flush", None)
        if flush is not None:
            flush()
    QApplication.processEvents()


def _spoken(widget: QWidget) -> Iterator[str]:
    """Name and description of a control, or every cell of a table with its column, as they are read out."""
    if isinstance(widget, QAbstractButton):
        yield f"{widget.accessibleName() or widget.text()}: {widget.accessibleDescription() or widget.toolTip()}"
    if isinstance(widget, QTableView) and (model := widget.model()) is not None:
        for row in range(model.rowCount()):
            for column in range(model.columnCount()):
                index = model.index(row, column)
                text = model.data(index, Qt.ItemDataRole.AccessibleTextRole) or model.data(index)
                yield f"{widget.accessibleName()}: {text}"


async def test_kill_switch_profit_and_ladder_are_read_out(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        await _hold_a_position(here)
        told = [words for widget in here.window.findChildren(QWidget) for words in _spoken(widget)]
        kill = next(words for words in told if words.startswith("Kill switch"))
        assert len(kill) > len("Kill switch: "), "it says what it does"
        profit = [words for words in told if words.startswith("Positions") and " dollars" in words]
        assert any("profit" in words or "loss" in words for words in profit), profit
        ladder = [words for words in told if words.startswith("Price ladder")]
        assert any("best bid" in words for words in ladder)
        assert any("your average price" in words for words in ladder)
        assert any(words.startswith("Price ladder: sell 1 STOP") for words in ladder), "the own stop with its quantity"


async def test_every_row_of_the_ladder_says_its_price(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        await _hold_a_position(here)
        (ladder,) = [view for view in here.window.findChildren(QTableView) if view.accessibleName() == "Price ladder"]
        model = ladder.model()
        assert model is not None
        assert model.rowCount() > 5
        for row in range(model.rowCount()):
            cells = [model.index(row, column) for column in range(model.columnCount())]
            assert all(model.data(cell, Qt.ItemDataRole.AccessibleTextRole) for cell in cells)
