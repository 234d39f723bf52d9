"""Lists in the gateway's answers, read whole or not at all."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from tradestream_gui.adapters.brokers.projectx.gateway import Gateway, Refused
from tradestream_gui.domain.errors import BrokerUnreachable, UnknownBrokerValue

RowT = TypeVar("RowT")


async def read_rows(
    gateway: Gateway, call: str, body: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], RowT]
) -> list[RowT]:
    """The rows of one list. A refusal or a missing list is no empty list, and a list with a row that cannot be read
    is not complete: all of them raise BrokerUnreachable."""
    try:
        answer = await gateway.read(call, body)
    except Refused as error:
        raise BrokerUnreachable(str(error)) from error
    listed = answer.get(name)
    if not isinstance(listed, list):
        raise BrokerUnreachable(f"TopstepX answered {call} without its list of {name}")
    try:
        return [read(row) for row in listed]
    except (UnknownBrokerValue, AttributeError) as error:
        raise BrokerUnreachable(f"TopstepX answered {call} with {name} that cannot be read: {error}") from error
