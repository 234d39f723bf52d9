"""Writes what a run was: the counts and figures of the day as JSON, and one picture of each tab and dock."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.events import AlertDecided, AlertReceived, FillBooked
from tradestream_gui.domain.money import to_cents
from tradestream_gui.ui.shell.lag_meter import LagMeter
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.main_window import MainWindow

if TYPE_CHECKING:
    from tradestream_gui.core import Core

SETTLE_S = 0.3
"""How long a tab gets to lay itself out before its picture is taken."""
ACTED = frozenset({Outcome.TRADED, Outcome.DONE, Outcome.AWAITING, Outcome.WATCHED})


class OffscreenReport:
    """Listens from the start and writes at the end."""

    def __init__(self, window: MainWindow, look: Look, core: Core, lag: LagMeter) -> None:
        self._window = window
        self._look = look
        self._core = core
        self._lag = lag
        self._start: dict[str, Any] = {}
        self._outcomes: dict[object, set[Outcome]] = {}
        self._messages: set[object] = set()
        self._fills = 0
        core.bus.subscribe(AlertReceived, self._on_received)
        core.bus.subscribe(AlertDecided, self._on_decided)
        core.bus.subscribe(FillBooked, self._on_fill)

    def note_start(self, figures: Mapping[str, float | None], *, seed: int, speed: float) -> None:
        self._start = {**figures, "seed": seed, "speed": speed}

    async def write(self, folder: Path) -> None:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        text = json.dumps(self.figures(), indent=2)
        await asyncio.to_thread((folder / "report.json").write_text, text, "utf-8")
        for theme in ("dark", "light"):
            self._look.set_theme(theme)
            await self._pictures(folder, theme)

    def figures(self) -> dict[str, Any]:
        """The counts of the contract; money as text, exact to the cent."""
        core = self._core
        lots = core.lots.lots()
        marks = [core.exposure.open_pnl(account.account_id) for account in core.accounts.accounts()]
        unrealized = None if any(mark is None for mark in marks) else sum((m for m in marks if m), Decimal(0))
        had = list(self._outcomes.values())
        return {
            "messages": len(self._messages),
            "alerts": sum(1 for outcomes in had if outcomes - {Outcome.IGNORED}),
            "held": sum(1 for outcomes in had if Outcome.HELD in outcomes),
            "refused": sum(1 for outcomes in had if Outcome.REFUSED in outcomes),
            "approved": sum(1 for outcomes in had if {Outcome.AWAITING, Outcome.TRADED} <= outcomes),
            "orders": sum(1 for _ in core.blotter.orders()),
            "fills": self._fills,
            "positions_open": len(core.lots.open_lots()),
            "positions_closed": sum(1 for lot in lots if lot.is_flat),
            "realized_pnl": str(to_cents(sum((lot.net_pnl for lot in lots), Decimal(0)))),
            "unrealized_pnl": None if unrealized is None else str(to_cents(unrealized)),
            "loop_lag_ms": {
                "p50": self._lag.percentile(0.5),
                "p99": self._lag.percentile(0.99),
                "max": self._lag.percentile(1.0),
            },
            "rss_mb": _rss_mb(),
            **self._start,
        }

    async def _pictures(self, folder: Path, theme: str) -> None:
        window = self._window
        for key in window.tab_keys():
            window.show_tab(key)
            await asyncio.sleep(SETTLE_S)
            _grab(window, folder / f"{key}-{theme}.png")
        for key in window.dock_keys():
            await asyncio.sleep(0)
            _grab(window.part(key), folder / f"dock-{key}-{theme}.png")

    def _on_received(self, fact: AlertReceived) -> None:
        self._messages.add(fact.revision.message_key)

    def _on_decided(self, fact: AlertDecided) -> None:
        self._outcomes.setdefault(fact.decision.message_key, set()).add(fact.decision.outcome)

    def _on_fill(self, fact: FillBooked) -> None:
        self._fills += 1


def _grab(widget: QWidget, path: Path) -> None:
    widget.grab().save(str(path))


def _rss_mb() -> float | None:
    """Resident memory of this process; None where the system does not tell."""
    if not sys.platform.startswith("linux"):
        return None
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1_048_576
