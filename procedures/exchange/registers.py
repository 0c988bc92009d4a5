"""partnerships.yaml and authorities.yaml: who publishes, whom to call, and what texts rely on."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from partnerships.models import Contact, GroupMembership, Partnership, Service
from procedures.exchange.files import FileFault, Row, Unreadable, all_faults, compose, dump, read_text, row_of
from procedures.models import Authority, Edition
from procedures.models.version import tidy_line

PARTNERSHIPS = "partnerships.yaml"
AUTHORITIES = "authorities.yaml"


@dataclass
class Registers:
    """The rows of both files."""

    region: list[Row] = field(default_factory=list)
    groups: list[Row] = field(default_factory=list)
    locals: list[Row] = field(default_factory=list)
    services: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    authorities: list[Row] = field(default_factory=list)

    @property
    def everything(self) -> list[Row]:
        return [*self.region, *self.groups, *self.locals, *self.services, *self.contacts, *self.authorities]


def read_registers(folder: Path) -> tuple[Registers, list[FileFault]]:
    """What both files say, and what cannot be understood. A file that is not there says nothing."""
    registers, faults = Registers(), []
    for name, read in ((PARTNERSHIPS, _read_partnerships), (AUTHORITIES, _read_authorities)):
        if os.path.lexists(folder / name):
            try:
                faults += read(registers, compose(read_text(folder / name, name), name))
            except Unreadable as unreadable:
                faults.append(unreadable.fault)
    return registers, faults


def _read_partnerships(registers: Registers, node: yaml.Node | None) -> list[FileFault]:
    whole = row_of(node, PARTNERSHIPS)
    names = ("region", "groups", "locals", "services", "contacts")
    whole.refuse_unknown(set(names))
    for name in names:
        setattr(registers, name, whole.rows(name))
    return whole.faults


def _read_authorities(registers: Registers, node: yaml.Node | None) -> list[FileFault]:
    if node and not isinstance(node, yaml.SequenceNode):
        return [FileFault(AUTHORITIES, 1, "Here stands a list of authorities: “- slug: …”, and further keys below.")]
    registers.authorities = [row_of(item, AUTHORITIES) for item in (node.value if node else [])]
    return []


class Keeper:
    """Writes register rows to the database: what is not there is made, what differs is brought up to date."""

    def __init__(self) -> None:
        self.made = 0
        self.changed = 0
        self.kept: set[tuple] = set()

    def keep(self, row: Row, model: type[models.Model], key: dict[str, Any], values: dict[str, Any]) -> Any:
        """The row's object, saved; None, with a fault on the row, when it may not be so."""
        found = model._default_manager.filter(**key).first()
        return self.keep_thing(row, tuple(key.values()), found or model(**key), values)

    def keep_thing(self, row: Row, key: tuple, thing: models.Model, values: dict[str, Any]) -> Any:
        """The thing, which is stored or new, saved with these values; `key` says which one it is among its kind."""
        if (type(thing), *key) in self.kept:
            row.fault("", "This stands here a second time.")
            return None
        self.kept.add((type(thing), *key))
        is_new = thing._state.adding
        if not is_new and all(getattr(thing, name) == value for name, value in values.items()):
            return thing
        for name, value in values.items():
            setattr(thing, name, value)
        try:
            _save(thing)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                row.fault(name.replace("_", "-"), " ".join(messages))
            return None
        self.made += is_new
        self.changed += not is_new
        return thing


def _save(thing: models.Model) -> None:
    """Save a thing; ValidationError, with all that is wrong with it, when it may not be so.

    Whether its constraints are kept, the database sees when it stores it. Asking before takes a query for each of
    them, which is most of what an import would spend on its registers; so that is done only to say what is wrong.
    """
    try:
        thing.full_clean(validate_unique=False, validate_constraints=False)
        with transaction.atomic():
            thing.save()
    except (ValidationError, IntegrityError):
        thing.full_clean()
        raise


def write_registers(registers: Registers) -> tuple[Keeper, list[FileFault]]:
    """Bring partnerships, services, contacts and authorities up to date; inside the caller's transaction."""
    keeper = Keeper()
    _write_partnerships(registers, keeper)
    _write_memberships(registers, keeper)
    _write_services_and_contacts(registers, keeper)
    _write_authorities(registers, keeper)
    return keeper, list(all_faults(registers.everything))


def _write_partnerships(registers: Registers, keeper: Keeper) -> None:
    kinds = (("region", registers.region), ("group", registers.groups), ("local", registers.locals))
    position = 0
    for kind, rows in kinds:
        for row in rows:
            row.refuse_unknown({"slug", "name", "short-name", "manual-title", "notice", "members"})
            values = {
                "kind": kind,
                "name": row.text("name", required=True),
                "short_name": row.text("short-name") or row.text("name"),
                "manual_title": row.text("manual-title"),
                "notice": row.text("notice"),
                "position": position,
            }
            keeper.keep(row, Partnership, {"slug": row.text("slug", required=True)}, values)
            position += 1


def _write_memberships(registers: Registers, keeper: Keeper) -> None:
    by_slug = {partnership.slug: partnership for partnership in Partnership.objects.all()}
    for group in registers.groups:
        for row in group.rows("members"):
            row.refuse_unknown({"partnership", "joined", "left"})
            member, joined = by_slug.get(row.text("partnership", required=True)), row.day("joined", required=True)
            if member is None:
                row.fault("partnership", f"There is no partnership “{row.text('partnership')}”.")
            elif joined and group.text("slug") in by_slug:
                key = {"group": by_slug[group.text("slug")], "member": member, "joined": joined}
                keeper.keep(row, GroupMembership, key, {"left": row.day("left")})


def _write_services_and_contacts(registers: Registers, keeper: Keeper) -> None:
    for position, row in enumerate(registers.services):
        row.refuse_unknown({"slug", "name"})
        values = {"name": row.text("name", required=True), "position": position}
        keeper.keep(row, Service, {"slug": row.text("slug", required=True)}, values)
    partnerships = {partnership.slug: partnership for partnership in Partnership.objects.all()}
    services = {service.slug: service for service in Service.objects.all()}
    for row in registers.contacts:
        _write_contact(row, partnerships, services, keeper)


def _write_contact(
    row: Row, partnerships: dict[str, Partnership], services: dict[str, Service], keeper: Keeper
) -> None:
    row.refuse_unknown(
        {
            "partnership",
            "service",
            "name",
            "phone",
            "email",
            "hours",
            "availability",
            "checked-on",
            "checked-by",
            "note",
        }
    )
    partnership = partnerships.get(row.text("partnership", required=True))
    service = services.get(row.text("service", required=True))
    if partnership is None:
        row.fault("partnership", f"There is no partnership “{row.text('partnership')}”.")
    if service is None:
        row.fault("service", f"There is no service “{row.text('service')}”.")
    if partnership is None or service is None:
        return
    key = {
        "partnership": partnership,
        "service": service,
        "name": row.text("name", required=True),
        "availability": row.choice("availability", Contact.Availability.values),
    }
    values = {
        "phone": row.text("phone"),
        "email": row.text("email"),
        "hours": row.text("hours"),
        "note": row.text("note"),
        "checked_on": row.day("checked-on", required=True),
        "checked_by": row.text("checked-by", required=True),
    }
    keeper.keep(row, Contact, key, values)


def _write_authorities(registers: Registers, keeper: Keeper) -> None:
    for row in registers.authorities:
        row.refuse_unknown({"slug", "title", "kind", "issued-by", "url", "editions"})
        values = {
            "title": row.text("title", required=True),
            "kind": row.choice("kind", Authority.Kind.values),
            "issued_by": row.text("issued-by"),
            "url": row.text("url"),
        }
        authority = keeper.keep(row, Authority, {"slug": row.text("slug", required=True)}, values)
        for edition in row.rows("editions") if authority else []:
            edition.refuse_unknown({"name", "title", "began", "ceased"})
            edition_values = {
                "title": edition.text("title") or edition.text("name"),
                "began": edition.day("began", required=True),
                "ceased": edition.day("ceased"),
            }
            key = {"authority": authority, "name": edition.text("name", required=True)}
            keeper.keep(edition, Edition, key, edition_values)


# --- Writing the files --------------------------------------------------------------------------------------------


def partnerships_text() -> str:
    """partnerships.yaml as the database has it now."""
    by_kind: dict[str, list[Partnership]] = {}
    for partnership in Partnership.objects.all():
        by_kind.setdefault(partnership.kind, []).append(partnership)
    whole: dict[str, Any] = {
        "region": next((_partnership(region) for region in by_kind.get("region", [])), {}),
        "groups": [_partnership(group) | _members(group) for group in by_kind.get("group", [])],
        "locals": [_partnership(local) for local in by_kind.get("local", [])],
        "services": [{"slug": service.slug, "name": service.name} for service in Service.objects.all()],
        "contacts": [_contact(contact) for contact in Contact.objects.select_related("partnership", "service")],
    }
    return dump({name: rows for name, rows in whole.items() if rows})


def _partnership(partnership: Partnership) -> dict[str, str]:
    return filled(
        {
            "slug": partnership.slug,
            "name": partnership.name,
            "short-name": partnership.short_name,
            "manual-title": partnership.manual_title,
            "notice": partnership.notice,
        }
    )


def _members(group: Partnership) -> dict[str, Any]:
    memberships = group.memberships_as_group.select_related("member").order_by("member__position", "joined")
    return {
        "members": [
            filled({"partnership": membership.member.slug, "joined": membership.joined, "left": membership.left})
            for membership in memberships
        ]
    }


def _contact(contact: Contact) -> dict[str, str]:
    return filled(
        {
            "partnership": contact.partnership.slug,
            "service": contact.service.slug,
            "name": contact.name,
            "phone": contact.phone,
            "email": contact.email,
            "hours": contact.hours,
            "availability": contact.availability,
            "checked-on": contact.checked_on,
            "checked-by": contact.checked_by,
            "note": contact.note,
        }
    )


def authorities_text() -> str:
    """authorities.yaml as the database has it now."""
    whole = []
    authorities = Authority.objects.prefetch_related("editions")
    for authority in sorted(authorities, key=lambda authority: authority.slug):  # databases sort slugs differently
        editions = sorted(authority.editions.all(), key=lambda edition: (edition.began, edition.name))
        row: dict[str, Any] = filled(
            {
                "slug": authority.slug,
                "title": authority.title,
                "kind": authority.kind,
                "issued-by": authority.issued_by,
                "url": authority.url,
            }
        )
        row["editions"] = [
            filled({"name": e.name, "title": e.title, "began": e.began, "ceased": e.ceased}) for e in editions
        ]
        whole.append(row)
    return dump(whole)


def filled(values: dict[str, Any]) -> dict[str, str]:
    """The values as text in one line, as they are read again, without the empty ones."""
    texts = {name: tidy_line(str(value)) for name, value in values.items() if value is not None}
    return {name: text for name, text in texts.items() if text}
