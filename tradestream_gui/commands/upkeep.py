"""`tradestream backup`, `restore`, `verify-audit` and `export`: on a profile that no running TradeStream holds."""

import argparse
import asyncio
import csv
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from io import StringIO
from pathlib import Path

from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import RealClock
from tradestream_gui.cli import EXIT_ALREADY_RUNNING, EXIT_FAILURE, EXIT_OK, Launch
from tradestream_gui.domain.errors import StoreFailed, StoreTooNew
from tradestream_gui.instance import instance_lock
from tradestream_gui.paths import Paths
from tradestream_gui.profile.databases import profile_databases
from tradestream_gui.profile.live_database import lost_live_database
from tradestream_gui.upkeep.archive import restore_archive, settings_in, write_archive
from tradestream_gui.upkeep.instance_lock import ALREADY_RUNNING

RESTORED_SETTINGS = "config.from-backup.yaml"
"""The settings of a backup wait here: loosened limits are not put in place unseen."""


def run_upkeep(name: str, launch: Launch, options: argparse.Namespace) -> int:
    """Runs one command with the profile locked; 4 when a TradeStream runs on it, 1 with the reason on failure."""
    paths = Paths.for_profile(launch.profile, data_dir=launch.data_dir)
    paths.create()
    lock = instance_lock(paths)
    if not lock.acquire():
        print(f"{ALREADY_RUNNING} Close it first, then run `tradestream {name}` again.", file=sys.stderr)
        return EXIT_ALREADY_RUNNING
    try:
        return _command(name, launch, paths, options)()
    except (StoreFailed, StoreTooNew) as error:
        print(f"tradestream {name}: {error}", file=sys.stderr)
        return EXIT_FAILURE
    except OSError as error:
        print(f"tradestream {name}: {error.filename or options.file}: {error.strerror or error}", file=sys.stderr)
        return EXIT_FAILURE
    finally:
        asyncio.run(lock.close())


def _command(name: str, launch: Launch, paths: Paths, options: argparse.Namespace) -> Callable[[], int]:
    match name:
        case "backup":
            return partial(_backup, launch.config or paths.config_file, paths, options.file, RealClock().now())
        case "restore":
            return partial(_restore, paths, options.file, RealClock().now())
        case "export":
            return partial(_export, paths, options.what, options.file, options.words)
        case _:
            return partial(_verify, paths)


def _databases(paths: Paths) -> tuple[Path, ...]:
    return tuple(path for path in (paths.paper_db, paths.live_db) if path.is_file())


def _backup(config: Path, paths: Paths, target: Path, at: datetime) -> int:
    target = target.absolute()
    members = write_archive(target, profile_databases(paths), config, at, write=write_atomically)
    print(f"{target}: backed up {', '.join(members)}; every database was checked. Secrets are not in it.")
    return EXIT_OK


def _restore(paths: Paths, source: Path, at: datetime) -> int:
    moved = restore_archive(source.absolute(), profile_databases(paths), at, write=write_atomically)
    print(f"{source.name} is restored into the profile {paths.profile}.")
    for path in moved:
        print(f"What was there before is kept as {path}.")
    settings = settings_in(source.absolute())
    if settings is not None:
        waiting = paths.config_dir / RESTORED_SETTINGS
        write_atomically(waiting, settings.encode())
        print(f"Its settings were not put in place: look at {waiting} and import them on the Config tab.")
    return EXIT_OK


def _verify(paths: Paths) -> int:
    """Says of each database whether its audit chain is whole; 1 when one is not, or when there is nothing to check."""
    databases = [each for each in profile_databases(paths) if each.path.is_file()]
    if not databases:
        raise StoreFailed(f"the profile {paths.profile} has no database yet, so there is nothing to verify")
    lost = lost_live_database(paths)
    code = EXIT_FAILURE if lost else EXIT_OK
    if lost:
        print(lost)
    for database in databases:
        path, facts = database.path, database.keeper.examine(database.path)
        if facts.problem:
            code = EXIT_FAILURE
            print(f"{path.name}: TAMPERED OR DAMAGED: {facts.problem}")
        elif not facts.epoch:
            print(f"{path.name}: intact; it has no audit chain of its own")
        else:
            audit = facts.audit
            print(f"{path.name}: intact, {audit.entries} audit entries over {audit.facts} facts, head {audit.head}")
    return code


def _export(paths: Paths, what: str, target: Path, words: str) -> int:
    databases = _databases(paths)
    if not databases:
        raise StoreFailed(f"the profile {paths.profile} has no database yet, so there is nothing to export")
    content = _content(what, databases, words)
    write_atomically(target.absolute(), content)
    count = sum(1 for _ in csv.reader(StringIO(content.decode(), newline=""))) - 1
    print(f"{target}: {count} {'states of orders' if what == 'orders' else what}")
    return EXIT_OK


def _content(what: str, databases: tuple[Path, ...], words: str) -> bytes:
    if what in ("orders", "messages"):
        from tradestream_gui.history_export import history_csv

        return asyncio.run(history_csv(what, databases, words))
    from tradestream_gui.stored_analytics import stored_analytics

    analytics = stored_analytics(databases)
    return analytics.fills_csv() if what == "fills" else analytics.trades_csv()
