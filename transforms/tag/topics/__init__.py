"""IPTC Media Topics of articles."""

from transforms.tag.topics.tagger import TopicTagger, load_topic_tagger

__all__ = ["TopicTagger", "load_topic_tagger"]
