"""What only a person at the window does: turn a position round, adopt one, move a bracket as a whole."""

from dataclasses import dataclass

from tradestream_gui.trading.adoption import Adoption
from tradestream_gui.trading.bracket_moves import BracketMoves
from tradestream_gui.trading.reversal import Reversal


@dataclass(frozen=True, slots=True)
class HandDesk:
    reversal: Reversal
    adoption: Adoption
    brackets: BracketMoves
