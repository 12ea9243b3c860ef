"""Run the cluster as a production process.

Needs: django-prodserver.
"""
