"""One field of a mapping file as it is written: where a property comes from, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    JsonValue,
    Tag,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from sync.located_yaml import did_you_mean
from sync.mapping.lookup_spec import LookupSpec  # noqa: TC001 - pydantic reads it
from sync.mapping.paths import check_path
from sync.mapping.spec_types import Model, Scalar, Texts
from sync.mapping.transform_spec import AsSchema, as_uses
from sync.mapping.zones import check_zone

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

#: The four ways to say where a value comes from.
ORIGINS = ("from", "value", "expr", "template")


def _pick(value: Any) -> Any:
    counted = isinstance(value, int) and not isinstance(value, bool) and value > 0
    if value in ("first", "last") or counted:
        return value
    raise ValueError("expected first, last, or the number of a part, counted from 1")


_PICK_SCHEMA = {"anyOf": [{"enum": ["first", "last"]}, {"type": "integer", "minimum": 1}]}
Pick = Annotated[str | int, BeforeValidator(_pick), WithJsonSchema(_PICK_SCHEMA)]
#: Transforms in their order: each a name and its options.
Uses = Annotated[tuple[dict[str, dict[str, JsonValue]], ...], BeforeValidator(as_uses), AsSchema()]


class FieldSpec(Model):
    """Where one property comes from, and how it is read."""

    from_: Texts | None = Field(
        None,
        alias="from",
        description="A column name or the way to a value, as in properties.email, phones[0].number, "
        'phones[type=mobile].number, tags[].name or "Order No.".value; or a list of them: the first that '
        "holds something.",
        examples=["First Name", ["mobile", "phones[0].number"]],
    )
    value: JsonValue = Field(None, description="A constant, the same for every lead.", examples=["new"])
    expr: str | None = Field(
        None, description="A Jinja expression.", examples=["amount and amount|float > 10000"]
    )
    template: str | None = Field(None, description="A Jinja template.", examples=["{{ first }} {{ last }}"])
    when: str | None = Field(
        None,
        description="A Jinja expression; the property is left out where it is not true.",
        examples=["stage == 'Closed Won'"],
    )
    split: Texts | None = Field(
        None,
        description="The text, or the texts, at which a value is split into a list. The parts are trimmed, "
        "and empty ones go.",
        examples=[",", [";", "/"]],
    )
    pick: Pick | None = Field(
        None,
        description="Which of a list is taken: first, last, or a number counted from 1.",
        examples=["first", 2],
    )
    lookup: LookupSpec | None = Field(
        None,
        description="Looks the value up in a file. What is not listed there is left out.",
        examples=[{"file": "reps.csv", "key": "owner_id", "value": "rep_name"}],
    )
    values: dict[str, Scalar] | None = Field(
        None,
        description="A table from what the source says to what the lead says. Looked up as text, "
        "first exactly, then regardless of capitals, then in ranges of numbers such as <10000 and 1..5. What "
        "it doesn't list stays as it is, unless there is a default; an entry with nothing leaves the "
        "property out.",
        examples=[{"NEW": "new", "SPAM": None}, {"<10000": "small", ">=10000": "big"}],
    )
    otherwise: Literal["keep", "drop", "reject"] | None = Field(
        None,
        description="What becomes of a value that `values` or `lookup` does not list: `keep` leaves it as it "
        "is (as `values` does by itself), `drop` leaves the property out (as `lookup` does), `reject` sets "
        "the record aside.",
    )
    as_: Uses = Field(
        (),
        alias="as",
        description="Transforms by name, applied one after another: as: digits, as: { text: { max: 40 } }, "
        "or a list of those.",
        examples=["digits", {"name": {"part": "last"}}, ["text", {"boolean": {}}]],
    )
    join: str | None = Field(
        None, description="The text that a list is put together with.", examples=[", ", "; "]
    )
    default: Scalar = Field(
        None,
        description="What is said when there is no value, and for a value that `values` does not list.",
        examples=["new", 0],
    )
    region: str | None = Field(
        None,
        description="For phoneNumber: the country of numbers without a country code (ISO 3166). Default: US.",
        examples=["US", "CA"],
    )
    extension: str | None = Field(
        None,
        description="For phoneNumber: the custom property that keeps a number's extension, as the 12 of "
        "804-555-0123 x12.",
        examples=["phoneExtension"],
    )
    several: Literal["first", "last", "reject"] | None = Field(
        None,
        description="For phoneNumber and email: which one is taken where a value holds two of them. Default: "
        "the first, which is said.",
    )
    timezone: str | None = Field(
        None,
        description="For times: the zone of values that carry no offset. Default: that of the source.",
        examples=["America/New_York", "UTC"],
    )
    format: Texts | None = Field(
        None,
        description="For times: how they are written: iso, epoch_s, epoch_ms, excel, day_first, month_first "
        "or a strptime pattern as %d.%m.%Y; or a list: the first that fits.",
        examples=["month_first", ["iso", "%d.%m.%Y %H:%M"]],
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
        if not given and self.lookup and self.lookup.key:
            return self
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            raise ValueError(f"expected exactly one of {', '.join(ORIGINS)}; found {found}")
        if getattr(self, "from_" if given[0] == "from" else given[0]) in (None, "", [], {}):
            raise ValueError(f"{given[0]} is empty")
        return self

    @model_validator(mode="after")
    def _otherwise_than_what(self) -> FieldSpec:
        if self.otherwise and self.values is None and self.lookup is None:
            raise ValueError("otherwise is about what values or lookup does not list; there is neither")
        return self

    @field_validator("from_")
    @classmethod
    def _paths(cls, paths: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return paths and tuple(map(check_path, paths))

    @field_validator("when")
    @classmethod
    def _condition(cls, when: str | None) -> str | None:
        if when is not None and not when.strip():
            raise ValueError("is empty; expected an expression, as in stage == 'won'")
        return when

    @field_validator("split")
    @classmethod
    def _separators(cls, texts: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if texts and "" in texts:
            raise ValueError("is empty; expected the text between the parts, as in ','")
        return texts

    @field_validator("extension")
    @classmethod
    def _extension(cls, name: str | None) -> str | None:
        if name is not None and not name.strip():
            raise ValueError("is empty; expected the name of a custom property")
        return name

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


def _form(value: Any) -> str:
    return "(alternatives)" if isinstance(value, (list, tuple)) else "(field)"


def _not_none(fields: tuple[FieldSpec, ...]) -> tuple[FieldSpec, ...]:
    if not fields:
        raise ValueError("is empty; expected fields, of which the first that gives a value is taken")
    return fields


#: A field, or a list of them of which the first that gives a value counts.
FieldOrList = Annotated[
    Annotated[FieldSpec, Tag("(field)")]
    | Annotated[tuple[FieldSpec, ...], AfterValidator(_not_none), Tag("(alternatives)")],
    Discriminator(_form),
]


def alternatives(field: FieldSpec | tuple[FieldSpec, ...]) -> tuple[FieldSpec, ...]:
    """Return the fields of a property in the order in which they are tried."""
    return field if isinstance(field, tuple) else (field,)
