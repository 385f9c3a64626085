"""Iceberg: a dataset's files as tables of a catalog, where they are. Needs the extra `iceberg`."""
