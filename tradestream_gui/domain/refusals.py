"""What a refused entry is told: which order, what stands against it with both numbers, and what now."""

from tradestream_gui.domain.decisions import CheckResult

WHAT_NOW = {
    "ANALYST_LIMIT": "Nothing more of this analyst today.",
    "CONFLICT": "Close it first.",
    "DAILY_LOSS_LIMIT": "A smaller size or a nearer stop may fit.",
    "GO_LIVE": "Let it trade on paper until then; Config, Accounts & brokers shows what is missing.",
    "FEES_UNKNOWN": "Enter its fees in Config.",
    "MARKET_CLOSED": "Wait for its session.",
    "OPEN_RISK": "Close something or bring a stop nearer first.",
    "PORTFOLIO_HEAT": "Close something or bring a stop nearer first.",
    "PRICE_INVALID": "Correct the price.",
    "QUOTE_MISSING": "Wait for prices, or look at the feed.",
    "QUOTE_STALE": "Wait for fresh prices.",
    "RATE_LIMIT": "Wait a moment.",
    "RISK_EXCEEDS_MAX": "A nearer stop or a smaller contract may fit.",
    "SPREAD_TOO_WIDE": "Wait for a narrower market.",
    "STOP_MISSING": "Give a stop.",
    "STOP_TOO_FAR": "Bring the stop nearer.",
    "STOP_WRONG_SIDE": "Correct the stop.",
    "STREAM_FROZEN": "Wait until they flow again.",
    "SYMBOL_NOT_ALLOWED": "Allow it under Risk & limits if you mean to trade it.",
    "TRADING_HALTED": "Resume it first.",
}
"""By code, where a person can do something about it."""


def refusal(name: str, qty: int, failed: CheckResult, fitting: int) -> str:
    """`fitting` is how many would pass the limits of size."""
    words = f"{name}: {qty} denied: {failed.sentence}"
    if 0 < fitting < qty:
        return f"{words}; {fitting} would fit"
    what_now = WHAT_NOW.get(failed.code, "")
    return f"{words}. {what_now}" if what_now else words
