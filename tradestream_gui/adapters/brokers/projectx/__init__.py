"""TopstepX over the ProjectX gateway: its REST API (httpx) and its SignalR hubs (websockets).

Importing this package loads httpx, which takes a while: whoever needs it imports it when an account asks for it.
"""

from tradestream_gui.adapters.brokers.projectx.broker import ProjectXBroker
from tradestream_gui.adapters.brokers.projectx.contracts import ContractBook
from tradestream_gui.adapters.brokers.projectx.feed import ProjectXFeed
from tradestream_gui.adapters.brokers.projectx.gateway import Gateway
from tradestream_gui.adapters.brokers.projectx.setup import Endpoints, Timing

__all__ = ["ContractBook", "Endpoints", "Gateway", "ProjectXBroker", "ProjectXFeed", "Timing"]
