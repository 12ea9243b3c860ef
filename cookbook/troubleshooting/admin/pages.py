"""Register an admin of your own for the failed tasks, without and with `unregister`.

>>> from cookbook.harness.trial import without_cluster
>>> from cookbook.troubleshooting.admin.pages import register, register_anew
>>> without_cluster(register)
"The model Failure is already registered with 'django_q.FailAdmin'."
>>> without_cluster(register_anew)
'OwnAdmin'
"""

from django.contrib import admin
from django.contrib.admin.exceptions import AlreadyRegistered
from django_q.admin import FailAdmin
from django_q.models import Failure


class OwnAdmin(FailAdmin):
    list_display = ("name", "func", "stopped", "short_result")


def register():
    try:
        admin.site.register(Failure, OwnAdmin)
    except AlreadyRegistered as error:
        return str(error)


def register_anew():
    admin.site.unregister(Failure)
    admin.site.register(Failure, OwnAdmin)
    return type(admin.site.get_model_admin(Failure)).__name__
