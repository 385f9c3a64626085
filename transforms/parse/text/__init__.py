"""Plain texts of all kinds to entries."""
