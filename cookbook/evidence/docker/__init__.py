"""Start what the containers would start, too early first.

Needs: gunicorn, dj-database-url, psycopg.
"""
