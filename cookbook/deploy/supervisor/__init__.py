"""Run web server and cluster under supervisor.

Needs: supervisor, gunicorn.
"""
