"""The Order entry tab: the ticket, its market, its cost and its risk check."""
