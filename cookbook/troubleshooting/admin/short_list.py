"""The list of successful tasks without links of groups and a count of all rows."""

from django.contrib import admin
from django_q.admin import TaskAdmin
from django_q.models import Success


class ShortAdmin(TaskAdmin):
    list_filter = ("cluster",)
    show_full_result_count = False


admin.site.unregister(Success)
admin.site.register(Success, ShortAdmin)
