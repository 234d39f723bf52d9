"""Charts; numpy and pyqtgraph are imported when the first one is shown."""
