"""Smaller model: what it asks, and its figures."""
