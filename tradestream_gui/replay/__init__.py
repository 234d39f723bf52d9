"""History through the same desks."""
