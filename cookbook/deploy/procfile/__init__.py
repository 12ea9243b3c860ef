"""A Procfile whose cluster stops without losing work on Heroku and similar platforms.

Needs: django-prodserver, gunicorn.
"""
