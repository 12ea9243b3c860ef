"""A worker process with a queue of its own, a checked broker and a clean stop.

Needs: django-prodserver.
"""
