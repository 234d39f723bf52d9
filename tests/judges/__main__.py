"""`python -m tests.judges [name ...]`: builds each judge's environment in a temporary folder, prints its verdicts.

A judge is a client library that we did not write. It never enters the product's environment, since its pins clash
with ours; its cases run there as a script against a loopback server that runs here.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.judges.discord_room import discord
from tests.judges.projectx_room import projectx
from tests.servers.tws import TwsServer

HERE = Path(__file__).resolve().parent
CASES_LIMIT_S = 240.0
TICK_S = 0.2


@dataclass(frozen=True, slots=True)
class Judge:
    """`requirement` is installed into the judge's environment; `script` is called with `module` and the port."""

    name: str
    requirement: str
    module: str
    script: str
    server: Callable[[], AbstractAsyncContextManager[int]]


@dataclass(frozen=True, slots=True)
class Verdict:
    judge: str
    case: str
    problem: str


@asynccontextmanager
async def tws() -> AsyncIterator[int]:
    """A TWS whose one contract ticks."""
    server = TwsServer(today=date(2026, 11, 20))
    await server.start()
    ticking = asyncio.create_task(_tick(server), name="ticks")
    try:
        yield server.port
    finally:
        ticking.cancel()
        await server.stop()


@asynccontextmanager
async def nothing() -> AsyncIterator[int]:
    """For a judge of formulas, which asks no server."""
    yield 0


JUDGES = (
    Judge("ib_insync", "ib_insync==0.9.86", "ib_insync", "tws_cases.py", tws),
    Judge("ib_async", "ib_async==2.1.0", "ib_async", "tws_cases.py", tws),
    Judge("ibapi", "ibapi==9.81.1.post1", "ibapi", "tws_official_cases.py", tws),
    Judge("discord.py", "discord.py==2.7.1", "discord", "discord_cases.py", discord),
    Judge("pysignalr", "pysignalr==1.3.3", "pysignalr", "projectx_hub_cases.py", projectx),
    Judge("signalrcore", "signalrcore==1.0.2", "signalrcore", "projectx_hub_cases.py", projectx),
    Judge("jsonschema", "jsonschema==4.26.0", "jsonschema", "projectx_rest_cases.py", projectx),
    Judge("talib", "TA-Lib==0.8.2", "talib", "talib_cases.py", nothing),
)


def main(names: list[str]) -> int:
    wanted = [judge for judge in JUDGES if not names or judge.name in names]
    with tempfile.TemporaryDirectory(prefix="judges-") as folder:
        verdicts = [verdict for judge in wanted for verdict in _verdicts(judge, Path(folder) / judge.name)]
    width = max((len(verdict.case) for verdict in verdicts), default=0)
    for verdict in verdicts:
        print(f"{verdict.judge:<12}{verdict.case:<{width}}  {verdict.problem or 'passed'}")
    failed = sum(1 for verdict in verdicts if verdict.problem)
    print(f"{len(verdicts) - failed} of {len(verdicts)} passed")
    return 1 if failed or not verdicts else 0


def _verdicts(judge: Judge, folder: Path) -> list[Verdict]:
    python = _environment(judge, folder)
    if python is None:
        return [Verdict(judge.name, "installation", f"{judge.requirement} could not be installed")]
    return asyncio.run(_hear(judge, python))


def _environment(judge: Judge, folder: Path) -> Path | None:
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", judge.requirement]
    return python if subprocess.run(install, check=False).returncode == 0 else None


async def _hear(judge: Judge, python: Path) -> list[Verdict]:
    async with judge.server() as port:
        process = await asyncio.create_subprocess_exec(
            str(python), str(HERE / judge.script), judge.module, str(port),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            output, _ = await asyncio.wait_for(process.communicate(), CASES_LIMIT_S)
        except TimeoutError:
            process.kill()
            await process.wait()
            return [Verdict(judge.name, "all cases", f"no end within {CASES_LIMIT_S:.0f} s")]
    rows = [json.loads(line) for line in output.decode().splitlines()]
    verdicts = [Verdict(judge.name, row["case"], row["problem"]) for row in rows]
    if not verdicts:
        verdicts = [Verdict(judge.name, "all cases", f"the judge ended with code {process.returncode}")]
    return verdicts


async def _tick(server: TwsServer) -> None:
    for number in range(1_000_000):
        server.price("ESZ6", "6326.00", "6326.25", "6326.25")
        server.bar("ESZ6", 1_800_000_000 + 5 * number, "6326", "6327", "6325", "6326.25", 12)
        await asyncio.sleep(TICK_S)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.judges", description="Foreign clients judge our servers.")
    parser.add_argument("names", nargs="*", help=f"which judges: {', '.join(judge.name for judge in JUDGES)}")
    sys.exit(main(parser.parse_args().names))
