"""What only a person at the window does: turn a position round, adopt one, move an entry."""

from dataclasses import dataclass

from tradestream_gui.trading.adoption import Adoption
from tradestream_gui.trading.entry_moves import EntryMoves
from tradestream_gui.trading.reversal import Reversal


@dataclass(frozen=True, slots=True)
class HandDesk:
    reversal: Reversal
    adoption: Adoption
    entry_moves: EntryMoves
