"""Run the units of a site: the web server, two clusters and a nightly job.

Needs: gunicorn.
"""
