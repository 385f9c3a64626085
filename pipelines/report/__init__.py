"""The page of `dateline report`."""
