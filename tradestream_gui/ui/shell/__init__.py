"""What every screen stands on: event loop, theme, icons, dialogs, main window."""
