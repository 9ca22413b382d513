"""The mapping file as it is written: what may stand in it, and what each part means.

The JSON Schema that editors use is made from these models; the function that maps records is made
from them by `sync.mapping.building`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    JsonValue,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from sync.lead import FIELDS
from sync.located_yaml import did_you_mean
from sync.mapping.field_spec import PHONE, TIME_ONLY, TIMES, FieldSpec, Model, Scalar, as_list


def _custom_name(name: str) -> str:
    if not name.strip():
        raise ValueError("a custom property needs a name")
    if name in FIELDS:
        raise ValueError(f"{name} is a standard field; it belongs under lead:")
    if name == "source":
        raise ValueError("source belongs to the endpoint in connector.yaml, which adds it to every lead")
    return name


def _custom_field(spec: FieldSpec) -> FieldSpec:
    spec.refuse_options("region", *TIME_ONLY)
    return spec


class LeadSpec(Model):
    """The fields of the Hatch Standard API. `source` is the endpoint's and not among them."""

    id: FieldSpec | None = Field(None, description="The lead's ID in your system. Default: the record's key.")
    contactID: FieldSpec | None = Field(None, description="The contact's ID in your system.")  # noqa: N815 - the API's name
    firstName: FieldSpec | None = Field(None, description="First name.")  # noqa: N815
    lastName: FieldSpec | None = Field(None, description="Last name.")  # noqa: N815
    phoneNumber: FieldSpec | None = Field(  # noqa: N815
        None, description="Phone number; sent as ten digits, or as + and country code outside of +1."
    )
    email: FieldSpec | None = Field(None, description="E-mail address.")
    status: FieldSpec | None = Field(None, description="Status in your system, free text.")
    createdAt: FieldSpec | None = Field(None, description="When the contact was created in your system.")  # noqa: N815
    updatedAt: FieldSpec | None = Field(None, description="When the contact was last changed in your system.")  # noqa: N815

    @field_validator("*", mode="before")
    @classmethod
    def _not_empty(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("is empty; expected a column name, a path, or a section of keys")
        return value

    @field_validator("*")
    @classmethod
    def _fitting(cls, spec: FieldSpec | None, info: ValidationInfo) -> FieldSpec | None:
        name = str(info.field_name)
        if spec is not None:
            spec.refuse_options(
                *(("region",) if name != PHONE else ()), *(TIME_ONLY if name not in TIMES else ())
            )
        return spec

    @model_validator(mode="after")
    def _reachable(self) -> LeadSpec:
        if self.phoneNumber is None and self.email is None:
            raise ValueError("maps neither phoneNumber nor email; a lead needs one of them")
        return self

    def given(self) -> dict[str, FieldSpec]:
        """Return the fields that are mapped, in the API's order."""
        found = ((name, getattr(self, name)) for name in FIELDS)
        return {name: spec for name, spec in found if spec is not None}


class ExampleSpec(Model):
    """A record and what is expected of it; `leadrelay check` compares."""

    record: dict[str, JsonValue] = Field(description="The record, as the source gives it.")
    key: str | int | None = Field(
        None,
        description="The record's key; what `id` is by default. Default: example-1 for the first, and so on.",
    )
    lead: dict[str, Scalar] | None = Field(
        None, description="Standard fields that the lead must have, and their values; nothing: must not have."
    )
    custom: dict[str, Scalar] | None = Field(None, description="The same for custom properties.")
    skip: bool | None = Field(None, description="Whether `where` must filter the record out.")
    invalid: str | None = Field(
        None, description="Part of the reason for which the record must be set aside."
    )

    @model_validator(mode="after")
    def _one_expectation(self) -> ExampleSpec:
        lead = self.lead is not None or self.custom is not None
        if [lead, self.skip is not None, self.invalid is not None].count(True) != 1:
            raise ValueError("expected one of: lead and custom together, skip, invalid")
        return self


class MappingSpec(Model):
    """How the records of one source become leads."""

    where: str | None = Field(
        None, min_length=1, description="A Jinja expression; records for which it is not true are skipped."
    )
    lead: LeadSpec = Field(description="The fields of the Hatch Standard API.")
    custom: dict[
        Annotated[str, AfterValidator(_custom_name)], Annotated[FieldSpec, AfterValidator(_custom_field)]
    ] = Field(
        default_factory=dict, description="Any further properties; nested values are sent flat, as car.color."
    )
    ignore_changes: Annotated[
        tuple[str, ...],
        BeforeValidator(as_list),
        WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
    ] = Field(("updatedAt",), description="Properties whose change alone sends nothing.")
    examples: tuple[ExampleSpec, ...] = Field((), description="Records with what must become of them.")

    @field_validator("ignore_changes")
    @classmethod
    def _known(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        known = (*FIELDS, *info.data.get("custom", ()))
        for name in names:
            if name not in known:
                raise ValueError(
                    f"there is no property {name}{did_you_mean(name, known)}; there are {', '.join(known)}"
                )
        return names
