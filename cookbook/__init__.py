"""Recipes for Django-Q2: a Django project in which every module is shown on a page."""
