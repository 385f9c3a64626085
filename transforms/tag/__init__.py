"""Tagging: entities with offsets, the places they imply, IPTC topics.

`tag.py` has the transform, `tagger.py` what it does. Nothing is imported here: parsing reads the gazetteer.
"""
