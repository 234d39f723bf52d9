"""From words to intent."""
