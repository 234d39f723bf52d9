"""What a person should hear of, on its way out of the window: who is told, when, and what did not arrive."""
