"""`python -m tests.contract.faults [COUNT] [SEED]`: breaks the link to TopstepX so often, at random, and compares."""

import argparse
import asyncio
import decimal
import sys

from tests.contract.projectx_faults import break_the_wire

EACH = 50


def main(count: int, seed: int) -> int:
    decimal.getcontext().traps[decimal.FloatOperation] = True
    downs = 0
    for number in range(0, count, EACH):
        rounds = min(EACH, count - number)
        downs += asyncio.run(break_the_wire(seed + number // EACH, rounds))
        print(f"{number + rounds} of {count} faults, {downs} losses told; nothing lost, nothing doubled", flush=True)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.contract.faults", description="Breaks the link to TopstepX.")
    parser.add_argument("count", nargs="?", type=int, default=200)
    parser.add_argument("seed", nargs="?", type=int, default=1)
    chosen = parser.parse_args()
    sys.exit(main(chosen.count, chosen.seed))
