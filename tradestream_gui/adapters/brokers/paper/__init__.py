"""The paper broker: a simulated exchange with accounts and a ledger of its own (sqlalchemy, in `ledger.py` only)."""

from tradestream_gui.adapters.brokers.paper.broker import PaperBroker
from tradestream_gui.adapters.brokers.paper.cuttable import CuttableBroker
from tradestream_gui.adapters.brokers.paper.link import Latency, Link
from tradestream_gui.adapters.brokers.paper.memory import MemoryLedger
from tradestream_gui.adapters.brokers.paper.state import PaperLedger, PaperRules

__all__ = ["CuttableBroker", "Latency", "Link", "MemoryLedger", "PaperBroker", "PaperLedger", "PaperRules"]
