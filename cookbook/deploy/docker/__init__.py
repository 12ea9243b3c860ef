"""One image for the web server and the cluster, and the order in which they start.

Needs: gunicorn, dj-database-url, psycopg.
"""
