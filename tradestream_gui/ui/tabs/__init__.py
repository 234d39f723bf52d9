"""The five tabs of the window; each is filled when the core is there and when it is first looked at."""
