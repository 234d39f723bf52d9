"""What the gateway's error codes mean, and the sentences that tell a user what to do about them."""

LOG_IN = {
    1: "TopstepX knows no user of this name; the name is that of your TopstepX log-in",
    2: "TopstepX refused the password",
    3: "TopstepX refused the user name or the API key; make a new key in its settings, page API, and keep it here",
    7: "TopstepX waits for you: log in at its site and sign the agreements that are open there",
    9: "this TopstepX user has no API access; subscribe to it in TopstepX under Settings, API",
    10: "log-in by API key is switched off for this TopstepX user; switch it on in TopstepX under Settings, API",
}
_PLACE = {
    1: "the account is not known there", 2: "the order was rejected", 3: "the account has not enough funds",
    4: "a rule of the account forbids it", 5: "the market is closed", 8: "the contract is not known there",
    9: "the contract is not traded any more; take the next month", 10: "the account takes no orders",
}  # fmt: skip
_MODIFY = {
    1: "the account is not known there", 2: "the order is not working any more", 3: "the change was rejected",
    6: "the account takes no changes", 7: "the contract is not known there",
}  # fmt: skip
_CANCEL = {
    1: "the account is not known there", 2: "the order is not working any more", 3: "the cancel was rejected",
    6: "the account takes no cancels over the API",
}  # fmt: skip
REFUSALS = {"Order/place": _PLACE, "Order/modify": _MODIFY, "Order/cancel": _CANCEL}
"""Codes by which a request is certainly refused. Any other, such as "pending" or "unknown", leaves its outcome open."""


def log_in_refused(code: int, words: str | None) -> str:
    known = LOG_IN.get(code)
    told = f": {words}" if words else ""
    return f"{known} (code {code})" if known else f"TopstepX refused the log-in (code {code}){told}"


def refused(call: str, code: int, words: str | None) -> str:
    """Why a request was refused, empty where nobody can tell whether it was."""
    known = REFUSALS.get(call, {}).get(code)
    if known is None:
        return ""
    return f"TopstepX: {words} (code {code})" if words else f"TopstepX: {known} (code {code})"


def unreached(url: str, what: str) -> str:
    return f"TopstepX at {url} is not reached: {what}"
