"""Serve what Prometheus needs to know of Django-Q2, and rules that wake somebody."""
