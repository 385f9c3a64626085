"""What finds the entities: the profiles that come with the package."""

PROFILES = ("fast", "accurate", "gazetteer")
DEFAULT = "fast"
