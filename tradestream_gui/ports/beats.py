"""When those who look again and again take their looks: at the same moments, so that the processor wakes once."""

LEAST_SHARE = 0.001
"""A nearer moment is the one of now: a clock's fractions are not exact."""


def until_beat(now_s: float, every_s: float) -> float:
    """Seconds from `now_s` until the next whole multiple of `every_s`."""
    left_s = every_s - now_s % every_s
    return left_s if left_s > every_s * LEAST_SHARE else left_s + every_s
