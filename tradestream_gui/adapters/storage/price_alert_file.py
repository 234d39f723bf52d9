"""The price alerts as a small JSON file, replaced whole (standard library only)."""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.price_alerts import PriceAlert

FILE_NAME = "price_alerts.json"
MAX_BYTES = 1_000_000
_log = logging.getLogger(__name__)


class PriceAlertFile:
    """A file that cannot be read is put aside under another name, so that nothing of the user's is overwritten."""

    def __init__(self, path: Path, write: Callable[[Path, bytes], None]) -> None:
        self._path = path
        self._write = write

    def load(self) -> tuple[PriceAlert, ...]:
        try:
            if self._path.stat().st_size > MAX_BYTES:
                raise ValueError("it is too large")
            return tuple(_alert(row) for row in json.loads(self._path.read_bytes()))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError, LookupError, InvalidOperation, RecursionError) as error:
            _log.warning("the price alerts cannot be read: %s", error)
            self._put_aside()
            return ()

    def save(self, alerts: tuple[PriceAlert, ...]) -> None:
        try:
            self._write(self._path, json.dumps([_row(alert) for alert in alerts], indent=1).encode())
        except OSError as error:
            raise StoreFailed(f"{self._path.name}: {error.strerror or error}") from error

    def _put_aside(self) -> None:
        try:
            self._path.replace(self._path.with_suffix(".unreadable"))
        except OSError as error:
            _log.warning("%s cannot be put aside: %s", self._path.name, error)


def _row(alert: PriceAlert) -> dict[str, Any]:
    return {
        "id": alert.alert_id,
        "instrument": alert.instrument_id,
        "side": alert.side_word,
        "price": str(alert.price),
        "made_at": alert.made_at.isoformat(),
    }


def _alert(row: dict[str, Any]) -> PriceAlert:
    price, made_at = Decimal(row["price"]), datetime.fromisoformat(row["made_at"])
    if not price.is_finite() or made_at.tzinfo is None or row["side"] not in ("above", "below"):
        raise ValueError(f"{row} is no price alert")
    return PriceAlert(str(int(row["id"])), InstrumentId(str(row["instrument"])), row["side"] == "above", price, made_at)
