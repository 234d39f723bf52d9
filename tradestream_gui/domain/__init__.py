"""The trading rules: pure values and functions that need nothing but the standard library."""
