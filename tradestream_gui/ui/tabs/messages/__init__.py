"""The Messages tab: every message, its decision and why."""
