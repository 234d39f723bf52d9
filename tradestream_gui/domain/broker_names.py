"""What brokers and feeds are called on the screen; inside they go by short ids."""

_NAMES = {"paper": "Simulator", "ibkr": "IBKR", "projectx": "TopstepX"}
BROKER_IDS = tuple(_NAMES)
"""Those that an account can be set up with."""


def broker_name(broker_id: str) -> str:
    """`ibkr live` is `IBKR live`; an id that is not known, as of a plug-in, is its own name."""
    first, space, rest = broker_id.partition(" ")
    return f"{_NAMES.get(first, first)}{space}{rest}"
