"""Schedules that do not run, or run too often."""
