"""One folder for each broker."""
