"""Deploy new code while tasks of the old code are queued, and count what becomes."""
