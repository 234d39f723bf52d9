"""Mutants that change nothing anybody could see, each with the reason why."""

A_SIDE = "the sign of a side is 1 or -1, never 0"
EQUIVALENT: dict[tuple[str, str], str] = {
    ("risk_rails", "ticket.side.sign > 0  ->  GtE"): A_SIDE,
    ("risk_rails", "(price - reference) * ticket.side.sign  ->  Div"): A_SIDE,
    ("risk_rails", "(entry - stop) * ticket.side.sign  ->  Div"): A_SIDE,
    ("risk_size", "per_unit > 0  ->  GtE"): "a value of 0 has left the function before",
    ("risk_day_end", "early_close - EARLY_CLOSE_MARGIN >= usual.flatten_at  ->  Gt"):
        "at equality the moments are moved by nothing",
}
"""(module, the mutant's words) -> why no test can tell it from the original."""
