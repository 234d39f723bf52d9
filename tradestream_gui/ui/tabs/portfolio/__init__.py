"""The Portfolio tab: positions by lot, working orders, history, closed trades."""
