"""Recognisers that others trained: spaCy pipelines and Hugging Face token classifiers."""

from transforms.tag.models.choose import is_model, load_recogniser

__all__ = ["is_model", "load_recogniser"]
