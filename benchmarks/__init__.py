"""Measurements, each with a command in CONTRIBUTING."""
