"""`suppress`: where the list of those stands who must not be texted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema

#: How messages about it begin, and how they are known again.
SUPPRESSION_LIST = "the suppression list"
_ONE_OF = "name a file, or a database by `url` with `query` or with `table` and `columns`"


class Suppress(BaseModel):
    """A file, or a table or a query of a database, that holds phones and e-mails."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    path: str | None = Field(
        None,
        min_length=1,
        description="A text or csv file, relative to connector.yaml.",
        examples=["data/do-not-text.csv"],
    )
    url: SecretStr | None = Field(
        None,
        description="The database that holds the list, as SQLAlchemy writes it; it is only read.",
        examples=["${DATABASE_URL}"],
    )
    query: str | None = Field(
        None,
        min_length=1,
        description="A SELECT; phones and e-mails may be in any of its columns.",
        examples=["select phone, email from opt_outs"],
    )
    table: str | None = Field(
        None,
        min_length=1,
        description="The table or view to read, instead of a query.",
        examples=["opt_outs"],
    )
    columns: list[str] = Field(
        default_factory=list,
        description="The columns of the table that hold phones and e-mails.",
        examples=[["phone", "email"]],
    )
    region: str = Field(
        "US",
        description="ISO 3166 code of the country of numbers that carry no country code.",
        examples=["US", "CA"],
    )

    @model_validator(mode="before")
    @classmethod
    def _file(cls, data: Any) -> Any:
        """Take a text for the path of a file."""
        return {"path": data} if isinstance(data, str) else data

    @field_validator("region")
    @classmethod
    def _known_region(cls, value: str) -> str:
        """Refuse what is not a country, whose numbers could not be read."""
        from phonenumbers import SUPPORTED_REGIONS

        if value.upper() not in SUPPORTED_REGIONS:
            raise ValueError("is not the code of a country, as in US or GB")
        return value.upper()

    @model_validator(mode="after")
    def _one_place(self) -> Suppress:
        """Refuse none and both, and half of either."""
        in_database = self.query, self.table, self.columns or None
        if (self.path is None) == (self.url is None) or (self.path and any(in_database)):
            raise ValueError(_ONE_OF)
        if self.url is not None and in_database.count(None) != (2 if self.query else 1):
            raise ValueError(_ONE_OF)
        return self

    @property
    def setting(self) -> str:
        """The setting that says what to read of a database."""
        return "query" if self.query else "table"

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return that it is a path, or a section."""
        section = handler.resolve_ref_schema(handler(core_schema))
        return {"anyOf": [{"type": "string", "minLength": 1, "description": "A file."}, section]}
