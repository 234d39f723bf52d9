"""The user's watchlists by name: which one is in sight, and what they are when one is made, renamed or deleted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradestream_gui.upkeep.settings.model import MarketSettings

MOST = 24
LONGEST = 24
"""Characters of a name."""


@dataclass(frozen=True, slots=True)
class Watchlists:
    """One is in sight and followed; the others keep their symbols. There is always one."""

    name: str
    symbols: tuple[str, ...]
    others: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, market: MarketSettings) -> Watchlists:
        others = tuple((row.id, row.symbols) for row in market.other_watchlists)
        return cls(market.watchlist_name, market.watchlist, others)

    def settings(self) -> dict[str, object]:
        """What is written down, by the settings' keys."""
        return {
            "market.watchlist": list(self.symbols),
            "market.watchlist_name": self.name,
            "market.other_watchlists": [{"id": name, "symbols": list(symbols)} for name, symbols in self.others],
        }

    def names(self) -> list[str]:
        return sorted((self.name, *(name for name, _ in self.others)), key=str.casefold)

    def refusal(self, name: str) -> str:
        """Why no list can be given this name, empty when one can."""
        if not name:
            return "A list needs a name."
        if len(name) > LONGEST:
            return f"{LONGEST} characters at most."
        if name.casefold() in (each.casefold() for each in self.names()):
            return f"“{name}” is there already."
        return ""

    def full(self) -> str:
        """Why there can be no further list, empty when there can."""
        return f"{MOST} lists are kept already: delete one first." if len(self.others) + 1 >= MOST else ""

    def choose(self, name: str) -> Watchlists:
        """Another one in sight; an unknown name changes nothing."""
        kept = dict(self.others)
        if name not in kept:
            return self
        symbols = kept.pop(name)
        return Watchlists(name, symbols, tuple({**kept, self.name: self.symbols}.items()))

    def add(self, name: str, symbols: tuple[str, ...] = ()) -> Watchlists:
        """One more, in sight."""
        return Watchlists(name, symbols, (*self.others, (self.name, self.symbols)))

    def rename(self, name: str) -> Watchlists:
        return replace(self, name=name)

    def delete(self) -> Watchlists:
        """Without the one in sight: the next by name comes into sight; the last one stays."""
        if not self.others:
            return self
        names = self.names()
        at = names.index(self.name)
        after = names[at + 1] if at + 1 < len(names) else names[at - 1]
        kept = dict(self.others)
        symbols = kept.pop(after)
        return Watchlists(after, symbols, tuple(kept.items()))

    def put_back(self, name: str, symbol: str, at: int) -> Watchlists:
        """A symbol in the list of this name again, where it was; a list that is gone stays gone."""
        if name == self.name:
            return replace(self, symbols=_with(self.symbols, symbol, at))
        others = tuple((each, _with(kept, symbol, at) if each == name else kept) for each, kept in self.others)
        return replace(self, others=others)


def _with(symbols: tuple[str, ...], symbol: str, at: int) -> tuple[str, ...]:
    return symbols if symbol in symbols else (*symbols[:at], symbol, *symbols[at:])
