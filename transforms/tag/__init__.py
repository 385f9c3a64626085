"""Tagging: entities with offsets, the places they imply, IPTC topics."""

from transforms.tag.recognisers import load_recogniser
from transforms.tag.tag import Tag
from transforms.tag.tagger import EntityTagger, Tagger, TopicTagger, load_tagger, tag_table

__all__ = ["EntityTagger", "Tag", "Tagger", "TopicTagger", "load_recogniser", "load_tagger", "tag_table"]
