"""The mapping file as it is written: what may stand in it, and what each part means.

The JSON Schema that editors use is made from these models; the function that maps records is made
from them by `sync.mapping.building`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, JsonValue, ValidationInfo, field_validator, model_validator

from sync.lead import FIELDS
from sync.located_yaml import did_you_mean
from sync.mapping.field_spec import FieldOrList, FieldSpec, alternatives
from sync.mapping.missing import WORDS
from sync.mapping.spec_types import Model, Scalar, Words


def _custom_name(name: str) -> str:
    if not name.strip():
        raise ValueError("a custom property needs a name")
    if name in FIELDS:
        raise ValueError(f"{name} is a standard field; it belongs under lead:")
    if name == "source":
        raise ValueError("source belongs to the endpoint in connector.yaml, which adds it to every lead")
    return name


def _field_given(value: Any) -> Any:
    if value is None:
        raise ValueError("is empty; expected a column name, a path, or a section of keys")
    return value


CustomFields = dict[Annotated[str, AfterValidator(_custom_name)], FieldOrList]


class LeadFields(Model):
    """The fields of the Hatch Standard API. `source` is the endpoint's and not among them."""

    id: FieldOrList | None = Field(
        None,
        description="The lead's ID in your system. Default: the record's key.",
        examples=["id", "Lead ID"],
    )
    contactID: FieldOrList | None = Field(  # noqa: N815 - the API's name
        None, description="The contact's ID in your system.", examples=["customer_id", "person.id"]
    )
    firstName: FieldOrList | None = Field(  # noqa: N815
        None,
        description="First name.",
        examples=["First Name", {"from": "Name", "as": {"name": {"part": "first"}}}],
    )
    lastName: FieldOrList | None = Field(  # noqa: N815
        None,
        description="Last name.",
        examples=["Last Name", {"from": "Name", "as": {"name": {"part": "last"}}}],
    )
    phoneNumber: FieldOrList | None = Field(  # noqa: N815
        None,
        description="Phone number; sent as ten digits, or as + and country code outside of +1.",
        examples=["Phone", {"from": ["Mobile", "Phone"], "region": "US"}],
    )
    email: FieldOrList | None = Field(
        None, description="E-mail address.", examples=["E-mail", {"from": "E-mail", "if_invalid": "drop"}]
    )
    status: FieldOrList | None = Field(
        None,
        description="Status in your system, free text.",
        examples=["stage", {"from": "stage", "values": {"N": "new", "Q": "quoted"}, "default": "other"}],
    )
    createdAt: FieldOrList | None = Field(  # noqa: N815
        None,
        description="When the contact was created in your system.",
        examples=["created_at", {"from": "Created", "format": "month_first"}],
    )
    updatedAt: FieldOrList | None = Field(  # noqa: N815
        None, description="When the contact was last changed in your system.", examples=["updated_at"]
    )

    @field_validator("*", mode="before")
    @classmethod
    def _not_empty(cls, value: Any) -> Any:
        return _field_given(value)

    def given(self) -> dict[str, tuple[FieldSpec, ...]]:
        """Return the fields that are mapped, in the API's order, each with its alternatives."""
        found = ((name, getattr(self, name)) for name in FIELDS)
        return {name: alternatives(field) for name, field in found if field is not None}


class LeadSpec(LeadFields):
    """The same, complete: a lead can be reached."""

    @model_validator(mode="after")
    def _reachable(self) -> LeadSpec:
        if self.phoneNumber is None and self.email is None:
            raise ValueError("maps neither phoneNumber nor email; a lead needs one of them")
        return self


class ExampleSpec(Model):
    """A record and what is expected of it; `leadrelay check` compares."""

    record: dict[str, JsonValue] = Field(
        description="The record, as the source gives it.",
        examples=[{"First Name": "Ada", "Phone": "(804) 555-0123"}],
    )
    key: str | int | None = Field(
        None,
        description="The record's key; what `id` is by default. Default: example-1 for the first, and so on.",
        examples=[1042, "W-7"],
    )
    lead: dict[str, Scalar] | None = Field(
        None,
        description="Standard fields that the lead must have, and their values; nothing: must not have.",
        examples=[{"firstName": "Ada", "phoneNumber": "8045550123"}],
    )
    custom: dict[str, Scalar] | None = Field(
        None, description="The same for custom properties.", examples=[{"service": "roof"}]
    )
    skip: bool | None = Field(None, description="Whether `where` must filter the record out.")
    invalid: str | None = Field(
        None,
        description="Part of the reason for which the record must be set aside.",
        examples=["is required", "7 digits"],
    )

    @model_validator(mode="after")
    def _one_expectation(self) -> ExampleSpec:
        lead = self.lead is not None or self.custom is not None
        if [lead, self.skip is not None, self.invalid is not None].count(True) != 1:
            raise ValueError("expected one of: lead and custom together, skip, invalid")
        return self


class FragmentSpec(Model):
    """A file with what several mappings have in common; `include` takes it in."""

    include: Words = Field(
        (),
        description="Files with fields that are taken in here, found from the directory of this file. What "
        "the file itself says wins, then what the last of them says.",
        examples=["shared/contact.yaml", ["contact.yaml", "times.yaml"]],
    )
    missing: Words = Field(
        WORDS,
        description="Values that count as nothing, compared exactly once surrounding space is gone.",
        examples=[["N/A", "-", "unknown"]],
    )
    lead: LeadFields | None = Field(None, description="The fields of the Hatch Standard API.")
    custom: CustomFields = Field(default_factory=dict, description="Any further properties.")
    ignore_changes: Words = Field(
        ("updatedAt",),
        description="Properties whose change alone sends nothing.",
        examples=[["updatedAt", "score"]],
    )

    @field_validator("custom", mode="before")
    @classmethod
    def _given(cls, custom: Any) -> Any:
        return {} if custom is None else custom


class MappingSpec(FragmentSpec):
    """How the records of one source become leads."""

    where: str | None = Field(
        None,
        min_length=1,
        description="A Jinja expression; records for which it is not true are skipped.",
        examples=["stage in ['lead', 'mql'] and not test"],
    )
    lead: LeadSpec = Field(description="The fields of the Hatch Standard API.")
    custom: CustomFields = Field(
        default_factory=dict, description="Any further properties; nested values are sent flat, as car.color."
    )
    examples: tuple[ExampleSpec, ...] = Field((), description="Records with what must become of them.")

    def fields(self) -> dict[tuple[str, str], tuple[FieldSpec, ...]]:
        """Return every field by its path in the file, standard ones first, each with its alternatives."""
        standard = {("lead", name): specs for name, specs in self.lead.given().items()}
        custom = {("custom", name): alternatives(field) for name, field in self.custom.items()}
        return {**standard, **custom}

    @field_validator("ignore_changes")
    @classmethod
    def _known(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        known = (*FIELDS, *info.data.get("custom", ()), *_extensions(info.data.get("lead")))
        for name in names:
            if name not in known:
                raise ValueError(
                    f"there is no property {name}{did_you_mean(name, known)}; there are {', '.join(known)}"
                )
        return names


def _extensions(lead: LeadFields | None) -> list[str]:
    """Return the custom properties that the extension of a phone number goes to."""
    specs = alternatives(lead.phoneNumber) if lead and lead.phoneNumber else ()
    return [spec.extension for spec in specs if spec.extension]
