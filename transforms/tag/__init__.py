"""Tagging: entities with offsets, the places they imply, IPTC topics."""

from transforms.tag.tag import EntityTagger, Tag, Tagger, TopicTagger, load_tagger, tag_table

__all__ = ["EntityTagger", "Tag", "Tagger", "TopicTagger", "load_tagger", "tag_table"]
