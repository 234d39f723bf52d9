"""Time and tasks, real and virtual (standard library only)."""
