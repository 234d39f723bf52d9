"""Symbols of the watchlist from a file and into one: a name a line, or as other terminals and tables write them."""

import asyncio
import csv
import re
from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtWidgets import QWidget

from tradestream_gui.ui.shell.dialogs import ask_open_path, ask_save_path

KINDS = "Symbol lists (*.txt *.csv)"
MOST_BYTES, MOST_SYMBOLS = 200_000, 500
FRONT_MONTH = re.compile(r"(?<=[A-Z0-9])[12]!$")
"""How charts name the contract in front: `ES1!`."""


def symbols_in(text: str) -> list[str]:
    """The names in the order of the file, each once. A table has a column `Symbol`; elsewhere they stand between line
    ends, commas and semicolons, an exchange may stand before a colon, and lines with ### are titles."""
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    heads = [cell.strip().casefold() for cell in lines[0].split(",")] if lines else []
    if "symbol" in heads:
        names = [row[heads.index("symbol")] for row in csv.reader(lines[1:]) if len(row) > heads.index("symbol")]
    else:
        pieces = [piece for line in lines for piece in re.split(r"[,;]", line)]
        names = [piece.rpartition(":")[2] for piece in pieces if not piece.lstrip().startswith("###")]
    found = [FRONT_MONTH.sub("", name.strip().upper()) for name in names]
    return list(dict.fromkeys(name for name in found if name))[:MOST_SYMBOLS]


async def ask_symbols(parent: QWidget) -> tuple[list[str], str]:
    """The names of a file that the user chooses, or why there are none; both empty when he left it."""
    path = await ask_open_path(parent, title="Import symbols", kinds=KINDS)
    return ([], "") if path is None else await read_symbols(path)


async def read_symbols(path: Path) -> tuple[list[str], str]:
    """The names, or why there are none."""
    try:
        names = symbols_in((await asyncio.to_thread(_read, path)).decode("utf-8"))
    except OSError as error:
        return [], f"{path} cannot be read ({error.strerror or error})."
    except UnicodeDecodeError:
        return [], f"{path} is no text. Save it as a list of symbols, one a line."
    return names, "" if names else f"{path} holds no symbols. Write one a line."


async def save_symbols(parent: QWidget, symbols: Sequence[str], folder: Path) -> str:
    """Where they were written, or why not; empty when the user left it."""
    path = await ask_save_path(parent, title="Save symbols", suggested=str(folder / "watchlist.txt"), kinds=KINDS)
    return "" if path is None else await write_symbols(path, symbols)


async def write_symbols(path: Path, symbols: Sequence[str]) -> str:
    try:
        await asyncio.to_thread(path.write_text, "\n".join(symbols) + "\n", "utf-8")
    except OSError as error:
        return f"{path} cannot be written ({error.strerror or error}). Choose another folder."
    return f"{len(symbols)} symbols in {path}"


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES)
