"""Boilerplate: lines that recur over the articles of a source, found by counting and taken out of the texts."""
