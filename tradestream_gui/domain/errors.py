"""The few exceptions of the program; expected refusals are values, not exceptions."""


class TradeStreamError(Exception):
    """Something outside went wrong, or a rule of the program was broken."""


class IllegalTransition(TradeStreamError):
    """An order was asked to make a move that the state table does not have."""

    def __init__(self, cl_ord_id: str, from_status: str, to_status: str) -> None:
        super().__init__(f"order {cl_ord_id} cannot go from {from_status} to {to_status}")
        self.cl_ord_id = cl_ord_id


class BrokerRejected(TradeStreamError):
    """The broker refused a request for certain: nothing of it stands there."""


class BrokerUnreachable(TradeStreamError):
    """A request got no certain answer: it may or may not have reached the broker."""


class StoreFailed(TradeStreamError):
    """A fact could not be written, so nothing that depends on it may be sent."""


class StoreTooNew(TradeStreamError):
    """The database was written by a newer TradeStream."""


class UnknownBrokerValue(TradeStreamError):
    """A broker said a word that the adapter does not know."""

    def __init__(self, field: str, value: object) -> None:
        super().__init__(f"the broker sent {field}={value!r}, which this version does not know")


class ConfigInvalid(TradeStreamError):
    """A setting is missing, unknown or out of range; says file, line, key and what is allowed."""


class BadRecord(TradeStreamError):
    """A row of an input file cannot be read; says which row and why."""
