"""Chunks: an input larger than memory as a sequence of parts, each to be read and committed by itself."""
