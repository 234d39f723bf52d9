"""Symbols go into the watchlist from other terminals' lists and come out as a list that can be read again."""

from pathlib import Path

import pytest
from PyQt6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.support import eventually
from tests.ui.tabs.rig import demo_rig
from tradestream_gui.ui.docks.watchlist.dock import WatchlistDock
from tradestream_gui.ui.docks.watchlist.file import read_symbols, symbols_in, write_symbols
from tradestream_gui.ui.shell.look import Look


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("es\nNQ\n\nes\n", ["ES", "NQ"]),
        ("\ufeffCME_MINI:ES1!,NASDAQ:AAPL,###Metals,COMEX:GC1!", ["ES", "AAPL", "GC"]),
        ("Symbol,Last\nYM,45000\nCL,59.32\n", ["YM", "CL"]),
        ("###only a title\n", []),
        ("", []),
    ],
)
def test_names_are_read_as_other_programs_write_them(text: str, names: list[str]) -> None:
    assert symbols_in(text) == names


async def test_files_that_hold_no_symbols_say_why(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    (tmp_path / "empty.txt").write_text("\n", encoding="utf-8")
    assert (await read_symbols(tmp_path / "gone.txt"))[1].startswith(f"{tmp_path / 'gone.txt'} cannot be read")
    assert "is no text" in (await read_symbols(tmp_path / "picture.png"))[1]
    assert "holds no symbols" in (await read_symbols(tmp_path / "empty.txt"))[1]
    assert "cannot be written" in await write_symbols(tmp_path / "none" / "out.txt", ["ES"])


async def test_a_list_goes_in_and_comes_out_again(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("YM\nNONSENSE\nES\n", encoding="utf-8")
    dock = WatchlistDock(look)
    qtbot.addWidget(dock)
    dock.show()
    async with demo_rig(tmp_path, 1) as rig:
        dock.attach(rig.core, rig.hub)
        menu = QMenu(dock)
        dock.table.menu_opening.emit(None, menu)
        assert {"Import symbols…", "Save symbols…"} <= {action.text() for action in menu.actions()}
        names, wrong = await read_symbols(tmp_path / "list.txt")
        assert not wrong
        assert dock.take(names) == "1 of 3 symbols are new on the watchlist; not known: NONSENSE"
        await eventually(lambda: rig.core.settings.current.market.watchlist[-1] == "YM")
        followed = list(rig.core.settings.current.market.watchlist)
        assert (await write_symbols(tmp_path / "out.txt", followed)).startswith(f"{len(followed)} symbols in ")
        assert await read_symbols(tmp_path / "out.txt") == (followed, "")
