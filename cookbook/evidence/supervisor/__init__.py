"""Judge the file for supervisor, and start it without a database.

Needs: supervisor.
"""
