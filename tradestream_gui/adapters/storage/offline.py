"""Reads a database that nobody has open, without changing it."""

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from tradestream_gui.adapters.storage.engine import open_engine
from tradestream_gui.adapters.storage.migrate import refuse_newer, revision_of
from tradestream_gui.adapters.storage.reading import load
from tradestream_gui.domain.errors import StoreFailed
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
