"""Machine alerts of other platforms: bodies of webhooks to actions."""
