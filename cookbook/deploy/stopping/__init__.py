"""Stop a cluster in every way a process manager may, and count what is lost.

Needs: django-prodserver, honcho, supervisor.
"""

from .trials import measure as measure
