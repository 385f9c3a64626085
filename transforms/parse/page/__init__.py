"""HTML pages: what they state of themselves, and which of their text is the article."""
