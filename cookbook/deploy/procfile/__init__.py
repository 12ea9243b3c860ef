"""Stop the processes of a Procfile as a dyno and as honcho do, and count tasks.

Needs: django-prodserver, gunicorn, honcho.
"""

from .trials import measure as measure
