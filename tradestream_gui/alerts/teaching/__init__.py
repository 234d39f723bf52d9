"""Teaching by example: from labelled messages to a profile."""
