"""`python -m tests.contract.faults [COUNT] [SEED] [--only NAME]`: breaks each adapter's wire so often, at random."""

import argparse
import asyncio
import decimal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from tests.contract.broker_faults import VENUES, break_the_wire
from tests.contract.discord_faults import break_the_line

EACH = 50
"""Faults of one connection; then the next begins anew."""
BREAKERS: dict[str, Callable[[int, int], Awaitable[int]]] = {
    **{name: partial(break_the_wire, name) for name in VENUES},
    "discord": break_the_line,
}


async def _break(name: str, seed: int, rounds: int) -> int:
    return await BREAKERS[name](seed, rounds)


def main(names: Sequence[str], count: int, seed: int) -> int:
    """Raises AssertionError with what was lost, doubled or told too late."""
    decimal.getcontext().traps[decimal.FloatOperation] = True
    for name in names:
        told, began_s = 0, time.monotonic()
        for number in range(0, count, EACH):
            told += asyncio.run(_break(name, seed + number // EACH, min(EACH, count - number)))
        took_s = time.monotonic() - began_s
        print(f"{name}: {count} faults, {told} losses told; nothing lost, nothing doubled ({took_s:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.contract.faults", description="Breaks the adapters' wires.")
    parser.add_argument("count", nargs="?", type=int, default=200)
    parser.add_argument("seed", nargs="?", type=int, default=1)
    parser.add_argument("--only", choices=sorted(BREAKERS), help="one adapter instead of all")
    chosen = parser.parse_args()
    sys.exit(main([chosen.only] if chosen.only else sorted(BREAKERS), chosen.count, chosen.seed))
