"""Entities: the named things of an article, with every mention of each."""

from transforms.tag.entities.finder import ENGLISH, EntityFinder
from transforms.tag.entities.known_names import KnownNames, load_known_names

__all__ = ["ENGLISH", "EntityFinder", "KnownNames", "load_known_names"]
