"""Hooks and signals: who calls them, in which process, and what an error there does."""
