"""Recorded prices from CSV files (standard library only)."""

from tradestream_gui.adapters.feeds.recorded.feed import RecordedFeed
from tradestream_gui.adapters.feeds.recorded.recording import RecordedRow, Recording, Resolve, read_recording

__all__ = ["RecordedFeed", "RecordedRow", "Recording", "Resolve", "read_recording"]
