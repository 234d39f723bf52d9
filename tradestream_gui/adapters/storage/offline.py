"""Reads a database that nobody has open, without changing it."""

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from tradestream_gui.adapters.storage.engine import check_quickly, open_engine
from tradestream_gui.adapters.storage.migrate import refuse_newer, revision_of
from tradestream_gui.adapters.storage.reading import load
from tradestream_gui.domain.errors import StoreFailed, StoreTooNew
from tradestream_gui.ports.journal import StoredState


def read_state(path: Path) -> StoredState:
    """Everything that a start would load. Raises StoreFailed, and StoreTooNew for a newer version's database."""
    try:
        with open_engine(path, read_only=True).connect() as connection:
            with connection.begin():
                refuse_newer(path, revision_of(connection))
            return load(connection)
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise StoreFailed(f"{path.name} cannot be read: {cause}") from error


def problem_of(path: Path) -> str:
    """Why a start would refuse this database; empty when it would not."""
    try:
        with open_engine(path, read_only=True).connect() as connection, connection.begin():
            check_quickly(connection, path)
            refuse_newer(path, revision_of(connection))
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        return f"{path.name} cannot be read: {cause}"
    except (StoreFailed, StoreTooNew) as error:
        return str(error)
    return ""
