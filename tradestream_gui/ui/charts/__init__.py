"""Charts; numpy is imported when the first one is shown, pyqtgraph with the curves of Analytics."""
