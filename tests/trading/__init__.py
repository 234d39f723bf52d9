"""The trading core, proven with real parts in virtual time."""
