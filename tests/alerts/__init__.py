"""The parser and what follows from its readings."""
