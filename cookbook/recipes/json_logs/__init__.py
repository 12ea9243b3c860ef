"""Log one JSON line per task, with the id of the request that sent it.

Needs: python-json-logger.
"""
