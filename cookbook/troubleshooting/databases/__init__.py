"""Databases that are locked, closed, or not the ones that you meant."""
