"""Tries each part of this build for real: every module, a window, the fonts and icons, a new database."""

import asyncio
import importlib
import os
import pkgutil
import sqlite3
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import tradestream_gui
from tradestream_gui.doctor import Finding, State
from tradestream_gui.paths import resource_path, theme_path

REPORT = "Report this with the whole output of tradestream --selftest."
NOT_IMPORTED = ("__main__", "migrations.env", "migrations.versions")
"""Alembic runs its own scripts; the start module would start the program."""
BREAKS = (ImportError, AttributeError, NameError, TypeError, ValueError, SyntaxError, OSError, RuntimeError)
"""What importing a module of an incomplete build raises."""


def try_parts() -> Iterator[Finding]:
    """One finding for each part. Opens no network connection and touches no folder of the user."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)  # ib_insync keeps the loop that it finds when it is imported
    try:
        yield _modules()
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    yield from _drawing()
    yield _themes()
    with tempfile.TemporaryDirectory() as name:
        yield _database(Path(name) / "selftest.db")


def _modules() -> Finding:
    names = sorted(
        module.name
        for module in pkgutil.walk_packages(tradestream_gui.__path__, tradestream_gui.__name__ + ".")
        if not any(part in module.name for part in NOT_IMPORTED)
    )
    failures = []
    for name in names:
        try:
            importlib.import_module(name)
        except BREAKS as error:
            failures.append(f"{name.partition('.')[2]}: {type(error).__name__}: {error}")
    if failures:
        return Finding("modules", State.FAILED, "; ".join(failures), REPORT)
    return Finding("modules", State.OK, f"{len(names)} of {len(names)} load")


def _drawing() -> Iterator[Finding]:
    from PyQt6.QtGui import QColor, QFontDatabase
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.ui.shell.fonts import MONO_FAMILY, UI_FAMILY, load_fonts
    from tradestream_gui.ui.shell.icons import Icons

    application = QApplication.instance() or QApplication([])
    yield Finding("window system", State.OK, os.environ.get("QT_QPA_PLATFORM", "default"))
    missing = load_fonts(resource_path("fonts"))
    absent = {UI_FAMILY, MONO_FAMILY} - set(QFontDatabase.families())
    state = State.FAILED if missing or absent else State.OK
    words = ", ".join([*missing, *sorted(absent)])
    yield Finding("fonts", state, f"not loaded: {words}" if words else f"{UI_FAMILY} and {MONO_FAMILY}")
    icons = Icons(resource_path("icons"))
    empty = [name for name in icons.names() if icons.pixmap(name, 16, QColor("black")).isNull()]
    state = State.FAILED if empty or not icons.names() else State.OK
    yield Finding("icons drawn", state, f"empty: {', '.join(empty)}" if empty else f"{len(icons.names())}")
    del application


def _themes() -> Finding:
    keys: dict[str, frozenset[str]] = {}
    for name in ("dark", "light", "high-contrast"):
        try:
            tokens = tomllib.loads(theme_path(f"{name}.toml").read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            return Finding("themes", State.FAILED, f"{name}: {error}", REPORT)
        keys[name] = frozenset(tokens)
    if len(set(keys.values())) != 1:
        return Finding("themes", State.FAILED, "their sections differ", REPORT)
    return Finding("themes", State.OK, ", ".join(keys))


def _database(path: Path) -> Finding:
    from sqlalchemy.exc import SQLAlchemyError

    from tradestream_gui.adapters.storage.engine import open_engine
    from tradestream_gui.adapters.storage.migrate import bring_up_to_date, revision_of
    from tradestream_gui.domain.errors import StoreFailed

    engine = open_engine(path)
    try:
        with engine.connect() as connection:
            bring_up_to_date(connection, path)
            with connection.begin():
                revision = revision_of(connection)
    except (StoreFailed, SQLAlchemyError, sqlite3.Error, OSError) as error:
        return Finding("migrations", State.FAILED, str(error), REPORT)
    finally:
        engine.dispose()
    if revision is None:
        return Finding("migrations", State.FAILED, "a new database has no revision", REPORT)
    return Finding("migrations", State.OK, f"a new database reaches revision {revision}")
