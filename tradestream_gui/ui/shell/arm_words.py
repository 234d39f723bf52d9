"""What stands where an entry is kept back while disarmed: what has to be done, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradestream_gui.core import Core


def way_to_arm(core: Core) -> str:
    """The switch that is always in sight, and its key as it is now."""
    keys = core.settings.current.keyboard.map()["arm"]
    return "press “Disarmed” at the top of the window" + (f" or {keys}" if keys else "")


def disarmed_words(core: Core) -> str:
    return (
        f"Disarmed, nothing was sent: {way_to_arm(core)}, then do it again. "
        "Closing, cancelling and bringing stops closer work without it."
    )
