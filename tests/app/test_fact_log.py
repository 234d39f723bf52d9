"""The program's log follows one alert from the decision to the fill by its id, and takes the settings over."""

import json
import logging
import logging.handlers
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.trading.stage import SIM, open_stage
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.orders import Side
from tradestream_gui.fact_log import FactLog
from tradestream_gui.logs import FILE_NAME, ProgramLog


@contextmanager
def log_in(folder: Path, level: str | None = None) -> Iterator[ProgramLog]:
    log = ProgramLog(folder, level)
    try:
        yield log
    finally:
        log.close()
        logging.getLogger().setLevel(logging.WARNING)


def lines(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / FILE_NAME).read_text("utf-8").splitlines()]


async def test_an_orders_whole_path_stands_under_its_id(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    with log_in(tmp_path):
        FactLog(stage.core.bus)
        sent = await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
        await stage.run(2)
        stage.core.accounts.set_state(SIM, TradingState.HALTED, "for the test")
    found = [line["event"] for line in lines(tmp_path) if line.get("correlation_id") == sent.cl_ord_id]
    assert [word for word in ("PENDING_NEW", "SENT", "NEW", "FILLED") if any(word in event for event in found)] == [
        "PENDING_NEW", "SENT", "NEW", "FILLED"
    ]  # fmt: skip
    assert any(event.startswith("fill ") for event in found)
    assert any("account is HALTED: for the test" in line["event"] for line in lines(tmp_path))
    await stage.close()


def test_the_settings_level_holds_unless_the_command_line_gave_one(tmp_path: Path) -> None:
    with log_in(tmp_path) as log:
        log.adjust("WARNING", 3)
        logging.getLogger("trading").info("too much")
    with log_in(tmp_path, "INFO") as log:
        log.adjust("WARNING", 3)
        logging.getLogger("trading").info("wanted")
    assert [line["event"] for line in lines(tmp_path)] == ["wanted"]


def test_only_so_many_files_are_kept_as_the_settings_say(tmp_path: Path) -> None:
    with log_in(tmp_path) as log:
        log.adjust("INFO", 3)
        for _ in range(6):
            logging.getLogger("trading").info("a line")
            for handler in logging.getLogger().handlers:
                if isinstance(handler, logging.handlers.RotatingFileHandler):
                    handler.doRollover()
    assert len(list(tmp_path.glob(f"{FILE_NAME}*"))) == 3
