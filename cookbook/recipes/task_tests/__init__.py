"""Test code that enqueues tasks: run the queue in the test, or run a real cluster.

Needs: time-machine, pytest-django (with pytest).
"""
