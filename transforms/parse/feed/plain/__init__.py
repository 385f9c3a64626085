"""The fast reader of feeds, for those of which it knows every element."""
