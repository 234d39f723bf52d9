"""From message to one decision: arrival, judgement, release, carrying out, and what is remembered."""
