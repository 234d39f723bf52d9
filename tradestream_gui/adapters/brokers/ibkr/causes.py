"""What the numbers of TWS mean, and the sentences that tell a user what to do about them."""

from tradestream_gui.adapters.brokers.ibkr.rows import ErrorRow

BACKEND_LOST = {1100, 2110}
DATA_LOST = 1101
BACKEND_RESTORED = {1101, 1102}
FARM_BROKEN = {2103, 2105, 2157}
FARM_OK = {2104, 2106, 2158}
LOG_IN_REFUSED = {326, 502, 503, 504, 507}
NO_SUBSCRIPTION = {354, 10089, 10090, 10167, 10168}
COMPETING_SESSION = 10197
DEPTH_RESET = 317
ORDER_NOTES = {202, 399, 10349}
"""About an order, and no verdict on it: the verdict is its status."""
TOO_LATE = {161, 10147, 10148}
"""A cancel found nothing to cancel."""
_REQUEST_WARNINGS = {366, 10167, 10090, 2152, 2174}


def is_warning(code: int) -> bool:
    """Whether a message with a request's number leaves the request standing."""
    return code in _REQUEST_WARNINGS or 2100 <= code < 2200


def log_in_refused(row: ErrorRow, client_id: int) -> str:
    if row.code == 326:
        return (
            f"TWS refused the client id {client_id}: another program uses it. Close that program or set "
            "another client id for this account"
        )
    return f"TWS refused the log-in: {row.words} (code {row.code})"


def not_listening(endpoint: str, port: int, error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return (
            f"TWS at {endpoint} did not answer the log-in in time. Look whether a dialog waits in TWS, "
            "and whether the port is that of its API settings"
        )
    return (
        f"nothing listens at {endpoint}. Start TWS or IB Gateway, log in there, and switch the API on: "
        f"Configuration, API, Settings, socket clients, port {port}"
    )


def closed_at_log_in(endpoint: str, client_id: int) -> str:
    return (
        f"TWS at {endpoint} hung up during the log-in. Allow this computer in its API settings (trusted addresses), "
        f"and see that no other program uses client id {client_id}"
    )
