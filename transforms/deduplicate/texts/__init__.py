"""What texts are compared by, and how alike two of them are."""
