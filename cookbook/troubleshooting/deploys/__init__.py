"""Deploys that leave old code, other keys or secrets behind."""
