"""The window: it shows what the services know and asks them for what the user wants."""
