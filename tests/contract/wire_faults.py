"""What goes wrong on a wire, drawn from a seed: reset, silence, delay, a message cut short, noise."""

import asyncio
from random import Random

from tests.servers.link_proxy import LinkProxy

KINDS = ("reset", "silence", "delay", "cut", "noise")
SOON_S = 0.02
DELAY_LEAST_S, DELAY_MOST_S = 0.01, 0.2
CUT_MOST = 600
"""Bytes that still pass before a cut: an order's or an alert's message is somewhere among them."""
TOLD_WITHIN_S = 0.5
"""The program's 25 seconds, where timeouts are a fiftieth of its own."""
SLACK_S = 1.5
"""For a busy machine; the limit itself is held by the timings' arithmetic."""


async def break_soon(proxy: LinkProxy, kind: str, random: Random) -> None:
    """The fault comes somewhere around what is sent meanwhile."""
    await asyncio.sleep(random.uniform(0, SOON_S))
    match kind:
        case "reset":
            proxy.reset()
        case "silence":
            proxy.is_silent = True
        case "delay":
            proxy.delay_s = random.uniform(DELAY_LEAST_S, DELAY_MOST_S)
        case "cut":
            proxy.cut_after(random.randrange(0, CUT_MOST))
        case "noise":
            proxy.babble()
