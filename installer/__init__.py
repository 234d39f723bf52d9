"""From a bare Python to the running program: needs the standard library only."""
