"""The tiny datasets of the training tests serve here too."""

from tests.core.training.conftest import remote, tiny_vision

__all__ = ["remote", "tiny_vision"]
