"""Install the backend, and decide whether you need it.

Needs: django-prodserver.
"""
