"""The Django admin for partnerships, their people and their contacts, each manager seeing their own."""

from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.timezone import now

from partnerships import access
from partnerships.audit import Action, record
from partnerships.models import Contact, GroupMembership, Membership, Partnership, Service


class ManagersOwn(admin.ModelAdmin):
    """What belongs to a partnership: its managers see and change theirs, nobody else's."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        managed = access.partnerships_with_role(request.user, Membership.Role.MANAGER)
        return super().get_queryset(request).filter(partnership__in=managed)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "partnership":
            kwargs["queryset"] = access.partnerships_with_role(request.user, Membership.Role.MANAGER)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.partnerships_with_role(request.user, Membership.Role.MANAGER).exists()

    def _may(self, request: HttpRequest, thing: Any) -> bool:
        if thing is None:
            return self.has_add_permission(request)
        return access.may_manage(request.user, thing.partnership)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)


class Recorded(admin.ModelAdmin):
    """What is done here stands in the partnership's audit log, under the actions of `recorded`."""

    recorded: dict[str, Action]  # of "added", "changed" and "deleted", those that are recorded

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self._record(request, obj, "changed" if change else "added", ", ".join(form.changed_data))

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        self._record(request, obj, "deleted")

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        for thing in queryset:
            self.delete_model(request, thing)

    def _record(self, request: HttpRequest, obj: Any, what: str, fields: str = "") -> None:
        if what in self.recorded:
            partnership = obj if isinstance(obj, Partnership) else obj.partnership
            detail = f"In the Django admin, {what}" + (f": {fields}." if fields else ".")
            record(partnership, self.recorded[what], by=request.user, at=now(), about=str(obj), detail=detail)


@admin.register(Contact)
class ContactAdmin(ManagersOwn, Recorded):
    recorded = {
        "added": Action.CONTACT_ADDED,
        "changed": Action.CONTACT_CHANGED,
        "deleted": Action.CONTACT_DELETED,
    }
    list_display = ("partnership", "service", "name", "phone", "availability", "checked_on", "checked_by")
    list_filter = ("service", "availability")
    search_fields = ("name", "phone", "email")
    date_hierarchy = "checked_on"


@admin.register(Membership)
class MembershipAdmin(Recorded):
    """For the site's administrators alone: managers have /workspace/<partnership>/people/, which keeps its rules."""

    recorded = dict.fromkeys(("added", "changed", "deleted"), Action.ROLES_CHANGED)
    list_display = ("user", "partnership", "role")
    list_filter = ("role",)


class GroupMembershipInline(admin.TabularInline):
    model = GroupMembership
    fk_name = "group"
    extra = 0


@admin.register(Partnership)
class PartnershipAdmin(Recorded):
    """For the site's administrators alone: a partnership's slug stands in every address."""

    recorded = {"changed": Action.SETTINGS_CHANGED}  # one that has a log is never deleted
    list_display = ("name", "kind", "slug", "requires_second_factor", "position")
    inlines = (GroupMembershipInline,)


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    list_display = ("name", "slug", "position")
