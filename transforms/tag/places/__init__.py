"""Places: what the entities of an article say about where it happens."""

from transforms.tag.places.resolve import PlaceResolver, load_place_resolver

__all__ = ["PlaceResolver", "load_place_resolver"]
