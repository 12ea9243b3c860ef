"""Enqueue a task only once, and never run two of them at a time.

Needs: redis (with Redis).
"""
