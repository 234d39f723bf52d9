"""A room's own forms: whole messages that fit a taught line of places."""
