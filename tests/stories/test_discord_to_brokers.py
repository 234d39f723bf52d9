"""From one post on Discord to a protected position at TWS and at TopstepX and out of it by both targets, whatever kills
the program in between: judged by the brokers' own books alone."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from tests.servers.discord import DiscordServer
from tests.stories.far_ends import FAR_ENDS, FarEnd
from tests.stories.ibkr_life import FridayClock
from tests.stories.test_discord_alerts import Room, room
from tests.support import eventually
from tradestream_gui.adapters.storage.offline import read_state
from tradestream_gui.upkeep.settings.fields import plain

D = Decimal
ROOT = Path(__file__).parents[2]
ENTRY = "ES long 6326: B\nStop: 6316"
STOPPED_AT, BREAK_EVEN = D("6316"), D("6326.25")
NAKED_MOST_S = 5.0
PATIENCE_S = 20.0


async def guarded(end: FarEnd) -> None:
    """Looks at the broker's own books all the time: exits never exceed the position, and nothing is naked for long."""
    naked_since: float | None = None
    while True:
        now_s, held, selling = asyncio.get_running_loop().time(), end.held(), end.selling()
        assert selling <= held, f"{selling} are being sold and {held} held"
        naked_since = (naked_since or now_s) if selling < held else None
        assert naked_since is None or now_s - naked_since < NAKED_MOST_S, "a position without its stop"
        await asyncio.sleep(0.002)


class Program:
    """The trading child: started, killed, started again in the same folder."""

    def __init__(self, folder: Path, name: str, end: FarEnd, clock: FridayClock, at: Room) -> None:
        self._end = end
        self._told = json.dumps(
            {
                "folder": str(folder), "broker": name, "offset_s": clock.offset.total_seconds(),
                "settings": plain(at.settings(end.settings)), "rest": at.server.rest_url,
                "gateway": at.server.gateway_url, "channels": [str(channel.id) for channel in at.channels],
            },
            default=str,
        )  # fmt: skip
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, bid: str) -> None:
        """Returns when it trades; the market stands at `bid` then."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.stories.trading_child", self._told, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        await self._says("open")
        self._end.price(bid)
        await self._says("ready")

    async def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None

    async def _says(self, word: str) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        said = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE_S)
        assert said.decode().strip() == word


@asynccontextmanager
async def trading(folder: Path, name: str) -> AsyncIterator[tuple[FarEnd, Room, Program]]:
    end, clock = await FAR_ENDS[name]()
    discord = DiscordServer()
    discord.set_clock(clock.offset)
    await discord.start()
    at = room(discord)
    program = Program(folder, name, end, clock, at)
    guard = asyncio.create_task(guarded(end), name="guard")
    try:
        yield end, at, program
    finally:
        await program.kill()
        guard.cancel()
        (worst,) = await asyncio.gather(guard, return_exceptions=True)
        await discord.stop()
        await end.stop()
    assert isinstance(worst, asyncio.CancelledError), worst


async def stands(end: FarEnd, held: int, stop: Decimal) -> None:
    """So many are held, and one stop for all of them."""
    await eventually(
        lambda: (end.held(), end.stops()) == (held, [(stop, held)] if held else []),
        within_s=PATIENCE_S, why=f"{held} held with a stop at {stop}",
    )  # fmt: skip


@pytest.mark.parametrize("killed", [False, True], ids=["in one life", "killed twice"])
@pytest.mark.parametrize("name", sorted(FAR_ENDS))
async def test_post_is_filled_in_parts_protected_and_leaves_by_both_targets(
    tmp_path: Path, name: str, *, killed: bool
) -> None:
    async with trading(tmp_path, name) as (end, at, program):
        await program.start("6326.00")
        end.price("6326.00", size=1)
        post = at.server.post(at.channels[0], at.analyst, ENTRY)
        await stands(end, 1, STOPPED_AT)
        if killed:
            await program.kill()
            await program.start("6329.00")
            assert (end.held(), end.stops()) == (1, [(STOPPED_AT, 1)])
            at.server.again(post)
        end.price("6326.00", size=1)
        await stands(end, 2, STOPPED_AT)
        await walk(end, "6333.00", "6333.25")
        await stands(end, 1, BREAK_EVEN)
        if killed:
            await program.kill()
            await program.start("6333.25")
            assert (end.held(), end.stops()) == (1, [(BREAK_EVEN, 1)])
            at.server.again(post)
        await walk(end, "6338.25", "6338.50")
        await eventually(lambda: end.held() == 0 and end.is_clear(), within_s=PATIENCE_S, why="flat, nothing rests")
        await eventually(lambda: booked(tmp_path) == end.earned(), within_s=PATIENCE_S, why="every fill is booked")
        assert end.earned() > 0
        assert end.bought() == 2, "one entry, however often it is heard"


async def walk(end: FarEnd, *bids: str) -> None:
    """The market comes near a target, so that the stop makes room, and then trades through it."""
    for bid in bids:
        for _ in range(15):
            end.price(bid)
            await asyncio.sleep(0.05)


def booked(folder: Path) -> Decimal:
    """What the program's own fills add up to, fees taken off."""
    fills = read_state(folder / "paper.db").fills
    return sum((-fill.signed_qty * fill.last_px * 50 - fill.commission for fill in fills), Decimal(0))
