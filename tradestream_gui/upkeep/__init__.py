"""Settings, health, backups and audit: what keeps the program in order."""
