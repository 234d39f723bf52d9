"""Interactive Brokers over TWS or IB Gateway (ib_insync: its socket client, decoder and forms only).

Importing this package loads ib_insync, which takes a while: whoever needs it imports it when an account asks for it.
"""

from tradestream_gui.adapters.brokers.ibkr.broker import IbkrBroker
from tradestream_gui.adapters.brokers.ibkr.connection import Connection, Timing
from tradestream_gui.adapters.brokers.ibkr.contracts import ContractBook
from tradestream_gui.adapters.brokers.ibkr.feed import IbkrFeed
from tradestream_gui.adapters.brokers.ibkr.log_in import Endpoint
from tradestream_gui.adapters.brokers.ibkr.mapping import mode_mismatch
from tradestream_gui.adapters.brokers.ibkr.preview import Preview

__all__ = ["Connection", "ContractBook", "Endpoint", "IbkrBroker", "IbkrFeed", "Preview", "Timing", "mode_mismatch"]
