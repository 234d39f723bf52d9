"""What the words mean together: contracts, prices, entries, exits, corrections, and what takes their force."""
