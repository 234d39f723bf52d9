"""Names of things: one type per kind of identifier, so that none is taken for another."""

from typing import NewType

InstrumentId = NewType("InstrumentId", str)
"""`ESZ6`, the 21-character OSI symbol of an option, or a stock's ticker."""
AccountId = NewType("AccountId", str)
ClOrdId = NewType("ClOrdId", str)
"""Our own order id (FIX ClOrdID), fixed when the intent is stored and never made again."""
OrderId = NewType("OrderId", str)
"""The broker's order id (FIX OrderID)."""
ExecId = NewType("ExecId", str)
"""One execution at the broker (FIX ExecID)."""
LotId = NewType("LotId", str)
AnalystId = NewType("AnalystId", str)
ChannelId = NewType("ChannelId", str)
MessageKey = NewType("MessageKey", str)
"""`source:channel:message`, the identity of a message over all its revisions."""
