"""`lookup` as it is written: a file, which of its columns is looked up, and which one is said."""

from __future__ import annotations

from pydantic import Field, field_validator

from sync.mapping.spec_types import Model


class LookupSpec(Model):
    """A table in a file beside the mapping."""

    file: str = Field(
        description="A CSV or YAML file, found from the directory of the mapping file.", examples=["reps.csv"]
    )
    key: str | None = Field(
        None,
        description="The column of the file in which the value is looked up. Where the field does not say "
        "where its value comes from, it is the record's column of the same name.",
        examples=["owner_id"],
    )
    value: str | None = Field(
        None, description="The column of the file that is said instead.", examples=["rep_name"]
    )

    @field_validator("file", "key", "value")
    @classmethod
    def _not_blank(cls, text: str | None) -> str | None:
        if text is not None and not text.strip():
            raise ValueError("is empty")
        return text
