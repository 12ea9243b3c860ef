"""Read the trail in the admin; nobody can change it there."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django_q.conf import Conf

from .models import Entry


class Unended(admin.SimpleListFilter):
    title = "end"
    parameter_name = "unended"

    def lookups(self, *_: object) -> list[tuple[str, str]]:
        return [("yes", "began, never ended")]

    def queryset(
        self, request: HttpRequest, entries: QuerySet[Entry]
    ) -> QuerySet[Entry]:
        if not self.value():
            return entries
        unended = Entry.objects.unended(seconds=Conf.TIMEOUT or 0)
        return entries.filter(pk__in=unended.values("pk"))


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    list_display = ("at", "who", "event", "func", "arguments", "error", "task_id")
    list_filter = ("event", Unended)
    search_fields = ("=task_id", "who", "func")
    ordering = ("-pk",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Entry | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Entry | None = None
    ) -> bool:
        return False
