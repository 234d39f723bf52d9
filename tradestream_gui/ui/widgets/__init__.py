"""Small widgets that the tabs share."""
