"""Sparsity Lab's engine: everything but the screen."""
