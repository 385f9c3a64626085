"""What deduplication remembers from run to run."""
