"""The same messages for older clients: what a server of a lower version leaves out or writes elsewhere."""

from tests.servers.tws.messages import Fields

ERROR_DETAILS, CONTRACT_SIZES, ORDER_DURATION = 166, 164, 159
ORDER_POST_TO_ATS, ORDER_AUTO_CANCEL, ORDER_PEG_BEST = 160, 162, 170
CONTRACT_DETAILS_VERSION, SIZE_MULTIPLIER = 8, 1


def spoken(fields: Fields, version: int) -> Fields:
    """The fields of a message of version 176 as a server of `version` writes them."""
    if version >= ORDER_PEG_BEST:
        return fields
    match fields[0]:
        case 4 if version < ERROR_DETAILS:
            return fields[:-1]
        case 5:
            return fields[: len(fields) - _missing_at_the_end(version)]
        case 101:
            return fields[:-5]
        case 10 if version < CONTRACT_SIZES:
            number, request, *rest = fields[:-3]
            head, tail = rest[:12], rest[12:]
            return (number, CONTRACT_DETAILS_VERSION, request, *head, SIZE_MULTIPLIER, *tail)
        case _:
            return fields


def _missing_at_the_end(version: int) -> int:
    """How many of an open order's last fields are newer than `version`."""
    newer = ((ORDER_DURATION, 1), (ORDER_POST_TO_ATS, 1), (ORDER_AUTO_CANCEL, 1), (ORDER_PEG_BEST, 5))
    return sum(count for since, count in newer if version < since)
