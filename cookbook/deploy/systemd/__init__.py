"""Units for a web server, two clusters and a nightly job.

Needs: django-prodserver, gunicorn.
"""

from .units import measure as measure
