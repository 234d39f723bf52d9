"""The databases of a profile: which there are, and how they are opened together."""
