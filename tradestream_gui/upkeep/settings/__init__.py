"""The settings of a profile: one declared model, one commented file, one service that changes them."""
