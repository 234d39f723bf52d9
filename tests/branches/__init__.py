"""Counts the branches of the order path that its tests take, and names those that none of them took."""
