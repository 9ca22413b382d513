"""One field of a mapping file as it is written: where a property comes from, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from sync.located_yaml import did_you_mean
from sync.mapping.zones import check_zone

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

Scalar: TypeAlias = str | int | float | bool | None

#: The four ways to say where a value comes from.
ORIGINS = ("from", "value", "expr", "template")
#: The standard fields that are points in time, and that have an own normaliser.
TIMES = ("createdAt", "updatedAt")
PHONE, EMAIL = "phoneNumber", "email"
TIME_ONLY = ("timezone", "format")
_MEANT_FOR = {"region": PHONE, "timezone": " and ".join(TIMES), "format": " and ".join(TIMES)}


def as_list(value: Any) -> Any:
    """Take a single text for a list of one."""
    return [value] if isinstance(value, str) else value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError(
            "is empty; expected the name of a column, or the way to a value as in properties.email"
        )
    return value


#: A text or a list of texts, always a tuple from here on.
Texts = Annotated[
    tuple[str, ...],
    BeforeValidator(as_list),
    Field(min_length=1),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
    ),
]


class Model(BaseModel):
    """Base of all parts of a mapping file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldSpec(Model):
    """Where one property comes from, and how it is read."""

    from_: Texts | None = Field(
        None,
        alias="from",
        description="A column name or a dotted path, or a list of them: the first that holds something.",
    )
    value: JsonValue = Field(None, description="A constant, the same for every lead.")
    expr: str | None = Field(None, description="A Jinja expression, as in `amount|float > 10000`.")
    template: str | None = Field(None, description="A Jinja template, as in `{{ first }} {{ last }}`.")
    values: dict[str, Scalar] | None = Field(
        None,
        description="A table from what the source says to what the lead says. Looked up as text, "
        "first exactly, then regardless of capitals. What it doesn't list stays as it is, unless there is "
        "a default; an entry with nothing leaves the property out.",
    )
    default: Scalar = Field(
        None, description="What is said when there is no value, and for a value that `values` does not list."
    )
    region: str | None = Field(
        None,
        description="For phoneNumber: the country of numbers without a country code (ISO 3166). Default: US.",
    )
    timezone: str | None = Field(
        None, description="For times: the zone of values that carry no offset. Default: that of the source."
    )
    format: Texts | None = Field(
        None,
        description="For times: how they are written: iso, epoch_s, epoch_ms, excel, day_first, month_first "
        "or a strptime pattern as %d.%m.%Y; or a list: the first that fits.",
    )
    if_invalid: Literal["drop", "reject"] = Field(
        "reject",
        description="What happens when there is a value that can't be used: `reject` sets the record aside, "
        "`drop` leaves the property out and says so.",
    )
    required: bool = Field(default=False, description="Whether a record without this property is set aside.")

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: Any) -> Any:
        """Take a bare string for a path or, with {{ or {% in it, for a template."""
        if isinstance(data, (int, float)):
            raise ValueError(  # noqa: TRY004 - pydantic takes no TypeError
                "expected a column name or a section of keys; a name of digits goes in quotes, a "
                "constant is written { value: 7 }"
            )
        if not isinstance(data, str):
            return data
        return {"template": data} if "{{" in data or "{%" in data else {"from": data}

    @model_validator(mode="after")
    def _one_origin(self) -> FieldSpec:
        given = [name for name in ORIGINS if ("from_" if name == "from" else name) in self.model_fields_set]
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            raise ValueError(f"expected exactly one of {', '.join(ORIGINS)}; found {found}")
        if getattr(self, "from_" if given[0] == "from" else given[0]) in (None, "", [], {}):
            raise ValueError(f"{given[0]} is empty")
        return self

    def refuse_options(self, *names: str) -> None:
        """Refuse options that have no meaning for a property.

        Raises:
            ValueError: naming what they are for.

        """
        for name in names:
            if getattr(self, name) is not None:
                raise ValueError(f"{name} is only for {_MEANT_FOR[name]}")

    @field_validator("from_")
    @classmethod
    def _paths(cls, paths: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return paths and tuple(map(_not_blank, paths))

    @field_validator("values", mode="before")
    @classmethod
    def _table(cls, table: Any) -> Any:
        if not isinstance(table, dict):
            return table
        folded: dict[str, str] = {}
        for name in table:
            first = folded.setdefault(str(name).strip().casefold(), str(name))
            if first != str(name):
                raise ValueError(f"lists {first!r} and {name!r}, which differ in capitals or spaces only")
        return {str(name): value for name, value in table.items()}

    @field_validator("region")
    @classmethod
    def _region(cls, region: str | None) -> str | None:
        from sync.mapping.phone import regions

        if region and region not in regions():
            also = (
                " (the United Kingdom is GB)" if region.upper() == "UK" else did_you_mean(region, regions())
            )
            raise ValueError(f"there is no country {region}{also}; expected two capital letters as in US")
        return region

    @field_validator("timezone")
    @classmethod
    def _timezone(cls, timezone: str | None) -> str | None:
        return timezone and check_zone(timezone)

    @field_validator("format")
    @classmethod
    def _format(cls, formats: tuple[str, ...] | None) -> tuple[str, ...] | None:
        from sync.mapping.time_formats import check_format

        return formats and tuple(map(check_format, formats))

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Say in the schema that a bare string does as well."""
        found = handler(schema)
        described = handler.resolve_ref_schema(found)
        text = {
            "type": "string",
            "minLength": 1,
            "description": "A column name, a dotted path, or a template with {{ }} in it.",
        }
        whole = {"anyOf": [text, dict(described)]}
        described.clear()
        described.update(whole)
        return found
