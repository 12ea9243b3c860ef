"""Run a failed task again later, with growing delays and a limit of tries."""
