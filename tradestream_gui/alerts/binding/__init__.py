"""From actions to intents: which contract, which of the author's positions, what exactly is to be done."""
