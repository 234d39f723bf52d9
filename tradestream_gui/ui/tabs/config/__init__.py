"""The Config tab: every setting with its help and source, a diff before anything changes, and the way back."""

from tradestream_gui.ui.tabs.config.tab import ConfigTab

__all__ = ["ConfigTab"]
