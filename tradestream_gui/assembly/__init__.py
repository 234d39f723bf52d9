"""Where the parts meet and make a core: the only rooms that know them all."""
