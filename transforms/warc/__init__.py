"""WARC, the format of web archives: read as input, and written to keep what was fetched."""
