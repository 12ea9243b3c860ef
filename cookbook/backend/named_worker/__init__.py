"""Give a worker process its queue by name, a check of its broker and a clean stop.

Needs: django-prodserver[django-q2].
"""
