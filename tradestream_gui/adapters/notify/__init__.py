"""Desktop, e-mail and webhook notices."""
