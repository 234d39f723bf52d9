"""Rules about the code itself, each proven to bite."""
