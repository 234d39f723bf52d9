"""Where the user's price alerts are kept between two starts."""

from typing import Protocol

from tradestream_gui.domain.price_alerts import PriceAlert


class PriceAlertStore(Protocol):
    """Blocking: called on a thread. `load` gives nothing where none are kept or they cannot be read; `save` is durable
    on return and raises StoreFailed."""

    def load(self) -> tuple[PriceAlert, ...]: ...

    def save(self, alerts: tuple[PriceAlert, ...]) -> None: ...
