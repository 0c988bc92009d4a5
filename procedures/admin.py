"""The Django admin for the register of authorities. Texts are not edited here: procedures.publishing is their door."""

from django.contrib import admin

from procedures.models import Authority, Edition


class EditionInline(admin.TabularInline):
    model = Edition
    extra = 0


@admin.register(Authority)
class AuthorityAdmin(admin.ModelAdmin):
    list_display = ("title", "kind", "issued_by")
    list_filter = ("kind",)
    search_fields = ("title", "slug")
    inlines = (EditionInline,)
