"""The synthetic market of DEMO profiles (standard library only)."""

from tradestream_gui.adapters.feeds.synthetic.feed import NAME, SyntheticFeed, SyntheticSettings
from tradestream_gui.adapters.feeds.synthetic.script import Outage, PathAnchor, PathScript

__all__ = ["NAME", "Outage", "PathAnchor", "PathScript", "SyntheticFeed", "SyntheticSettings"]
