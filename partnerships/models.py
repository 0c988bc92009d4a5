"""Partnerships, the groups they belong to, their people and the contacts they publish."""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower

from partnerships.audit import Action, record
from partnerships.audit import AuditEntry as AuditEntry  # Django finds an app's models in this module


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def region(self) -> "Partnership":
        """The one region whose text everybody shares; Partnership.DoesNotExist before any content is imported."""
        return self.get(kind=Partnership.Kind.REGION)

    def groups_of(self, member: "Partnership", day: date) -> "PartnershipQuerySet":
        """The groups that `member` belongs to on `day`, by name."""
        joined = GroupMembership.objects.on(day).filter(member=member)
        return self.filter(pk__in=joined.values("group")).order_by("name")


class Partnership(models.Model):
    """Who owns and publishes text: the region, a group of local partnerships, or one local partnership."""

    class Kind(models.TextChoices):
        REGION = "region", "Region"
        GROUP = "group", "Group"
        LOCAL = "local", "Local partnership"

    slug = models.SlugField(unique=True, help_text="Permanent: it stands in the address of every page.")
    kind = models.CharField(max_length=6, choices=Kind)
    name = models.CharField(max_length=120, unique=True)
    short_name = models.CharField(max_length=60, unique=True)
    manual_title = models.CharField(
        max_length=120, blank=True, help_text="What the manual is called here; left empty, the region's title."
    )
    notice = models.TextField(blank=True, help_text="Stands on every page that is read for this partnership.")
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place in lists, counted from 0.")
    requires_second_factor = models.BooleanField(
        default=False, help_text="Whoever has a role here must sign in with a second factor as well as a password."
    )
    requires_two_people = models.BooleanField(
        default=True, help_text="Nobody may approve or publish a draft of their own: a second person does."
    )
    drift_grace_days = models.PositiveSmallIntegerField(
        default=28,
        help_text="Days after which readers are told that a local text has not yet been checked against regional text "
        "that has changed; 0 tells them at once.",
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind="region"),
                name="partnership_one_region",
                violation_error_message="There is a region already: a site publishes one region's manual.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["region", "group", "local"]),
                name="partnership_known_kind",
                violation_error_message="A partnership is a region, a group or a local partnership.",
            ),
            models.CheckConstraint(
                condition=Q(drift_grace_days__lte=365),
                name="partnership_drift_grace_within_a_year",
                violation_error_message="Readers are told after 365 days at the latest.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_region(self) -> bool:
        return self.kind == Partnership.Kind.REGION

    @transaction.atomic
    def set_roles(self, person: AbstractBaseUser, roles: Collection[str]) -> list[str]:
        """Give `person` these roles here and no others; none removes them. Gives the roles they had before, sorted.

        ValidationError when nobody would be left to manage the partnership.
        """
        Partnership.objects.select_for_update(no_key=True).get(pk=self.pk)  # two managers may be removing each other
        managers = self.memberships.filter(role=Membership.Role.MANAGER)
        manages = managers.filter(user_id=person.pk).exists()
        if manages and Membership.Role.MANAGER not in roles and not managers.exclude(user_id=person.pk).exists():
            raise ValidationError(
                f"{self.short_name} would have no manager left. Make somebody else a manager first.",
                code="last_manager",
            )
        before = sorted(self.memberships.filter(user_id=person.pk).values_list("role", flat=True))
        self.memberships.filter(user_id=person.pk).exclude(role__in=roles).delete()
        self.memberships.bulk_create(
            Membership(user_id=person.pk, partnership=self, role=role) for role in roles if role not in before
        )
        return before


class GroupMembershipQuerySet(models.QuerySet["GroupMembership"]):
    def on(self, day: date) -> "GroupMembershipQuerySet":
        """The memberships that hold on `day`."""
        return self.filter(Q(joined__lte=day), Q(left__isnull=True) | Q(left__gte=day))


class GroupMembership(models.Model):
    """That a local partnership belongs to a group, from the day it joined to the last day before it left."""

    group = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="memberships_as_group")
    member = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="memberships_as_member")
    joined = models.DateField()
    left = models.DateField(null=True, blank=True, help_text="The last day; empty while it lasts.")

    objects = GroupMembershipQuerySet.as_manager()

    class Meta:
        ordering = ["group", "joined"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member", "joined"],
                name="group_membership_once_a_day",
                violation_error_message="This partnership joined this group on that day already.",
            ),
            models.CheckConstraint(
                condition=Q(left__isnull=True) | Q(left__gte=F("joined")),
                name="group_membership_ends_after_it_begins",
                violation_error_message="The last day of a membership lies before its first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.group}"

    def clean(self) -> None:
        if self.group_id and self.group.kind != Partnership.Kind.GROUP:
            raise ValidationError({"group": f"{self.group} is not a group."})
        if self.member_id and self.member.kind != Partnership.Kind.LOCAL:
            raise ValidationError({"member": f"{self.member} is not a local partnership; only those join groups."})


class Membership(models.Model):
    """What a person may do for a partnership. Membership of the region covers the regional text."""

    class Role(models.TextChoices):
        AUTHOR = "author", "Author: drafts"
        APPROVER = "approver", "Approver: approves and publishes"
        MANAGER = "manager", "Manager: members, contacts, settings"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "partnership", "role"],
                name="membership_once_a_role",
                violation_error_message="This person has that role in this partnership already.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["author", "approver", "manager"]),
                name="membership_known_role",
                violation_error_message="A role is author, approver or manager.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.partnership}"


INVITATION_LASTS = timedelta(days=14)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> "InvitationQuerySet":
        """Those that nobody has accepted yet, expired ones included; oldest first."""
        return self.filter(accepted_at__isnull=True).order_by("created_at")

    def open_for(self, addresses: Iterable[str], at: datetime) -> "InvitationQuerySet":
        """Those to one of these e-mail addresses that can be accepted at the moment `at`."""
        lowered = [address.lower() for address in addresses]
        return self.pending().filter(email__in=lowered, expires_at__gt=at)

    def with_token(self, token: str) -> "InvitationQuerySet":
        return self.filter(token_digest=digest_of(token))


class Invitation(models.Model):
    """That somebody with this e-mail address is to have a role in a partnership; the link in an e-mail accepts it.

    Only the token's digest is kept: who reads the database cannot make the link.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(help_text="In lower case.")
    role = models.CharField(max_length=8, choices=Membership.Role)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="invitations_sent"
    )
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitations_accepted"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "email", "role"],
                condition=Q(accepted_at__isnull=True),
                name="invitation_pending_once",
                violation_error_message="This person has been invited to that role already.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["author", "approver", "manager"]),
                name="invitation_known_role",
                violation_error_message="A role is author, approver or manager.",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="invitation_email_in_lower_case",
                violation_error_message="An invitation’s e-mail address is kept in lower case.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.get_role_display()}, {self.partnership}"

    def renew(self, *, at: datetime) -> str:
        """A new token, good for 14 days from the moment `at`; the one before is worth nothing. Not saved."""
        token = secrets.token_urlsafe(32)
        self.token_digest = digest_of(token)
        self.expires_at = at + INVITATION_LASTS
        return token

    def has_expired(self, at: datetime) -> bool:
        return self.expires_at <= at

    @transaction.atomic
    def accept(self, person: AbstractBaseUser, *, at: datetime) -> None:
        """Give `person` the role, and record it.

        ValidationError when it was accepted before, has expired or been withdrawn.
        """
        own = Invitation.objects.select_for_update().filter(pk=self.pk).first()
        if own is None:
            raise ValidationError("This invitation has been withdrawn.")
        if own.accepted_at is not None:
            raise ValidationError("This invitation has been used already.")
        if own.has_expired(at):
            raise ValidationError("This invitation has expired.")
        Membership.objects.get_or_create(user_id=person.pk, partnership_id=own.partnership_id, role=own.role)
        self.accepted_at = own.accepted_at = at
        self.accepted_by_id = own.accepted_by_id = person.pk
        own.save(update_fields=["accepted_at", "accepted_by"])
        record(own.partnership, Action.JOINED, by=person, at=at, about=own.email, detail=own.get_role_display())


def digest_of(token: str) -> str:
    """What is kept of an invitation's token: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


class Service(models.Model):
    """A kind of contact that texts link to by its slug: `[front door](contact:front-door)`."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


CONTACT_HOLDS = timedelta(days=365)  # after a check; the portal's own rule


class Contact(models.Model):
    """Where a partnership's service is reached, and when somebody last made sure that it is right."""

    class Availability(models.TextChoices):
        IN_HOURS = "in-hours", "Office hours"
        OUT_OF_HOURS = "out-of-hours", "Evenings, nights, weekends and bank holidays"
        ALWAYS = "always", "Day and night"

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="contacts")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    hours = models.CharField(max_length=200, blank=True, help_text="In words: Monday to Friday, 9am to 5pm.")
    availability = models.CharField(max_length=12, choices=Availability)
    note = models.TextField(blank=True)
    checked_on = models.DateField(help_text="The day on which somebody last made sure that all this is right.")
    checked_by = models.CharField(max_length=120, help_text="Who did: a role rather than a name.")

    class Meta:
        ordering = ["partnership", "service", "availability", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "service", "name", "availability"],
                name="contact_once",
                violation_error_message="This partnership lists that contact already.",
            ),
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(email=""),
                name="contact_can_be_reached",
                violation_error_message="A contact needs a telephone number or an e-mail address.",
            ),
            models.CheckConstraint(
                condition=Q(availability__in=["in-hours", "out-of-hours", "always"]),
                name="contact_known_availability",
                violation_error_message="A contact is reached in office hours, out of hours or always.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership.short_name}: {self.name}"

    def is_stale(self, today: date) -> bool:
        """Whether it is due to be checked again."""
        return self.checked_on < today - CONTACT_HOLDS
