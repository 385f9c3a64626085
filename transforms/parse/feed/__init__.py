"""RSS and Atom to entries: XML made well formed, read by the plain reader or by feedparser's handlers."""
