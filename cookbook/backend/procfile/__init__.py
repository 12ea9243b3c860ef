"""Web server and cluster in a Procfile.

Needs: honcho, gunicorn.
"""
