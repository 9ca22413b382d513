"""How to get into a bucket of Google Cloud Storage."""

from __future__ import annotations

from pydantic import Field, model_validator

from sources._files.common_settings import AnonymousSettings, EndpointSettings
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it


class GcsSettings(EndpointSettings, AnonymousSettings):
    """The settings of ``gs://``."""

    service_account_file: str | None = Field(
        None,
        min_length=1,
        description="gs://: the file with the JSON key of a service account, relative to connector.yaml. "
        "Without it: Google's own ways (GOOGLE_APPLICATION_CREDENTIALS, gcloud, the role of the machine).",
        examples=["keys/leads-reader.json"],
    )
    service_account: Secret | None = Field(
        None,
        description="gs://: the JSON key itself, in the place of a file.",
        examples=["${GCS_SERVICE_ACCOUNT}"],
    )

    @model_validator(mode="after")
    def _one_way_into_gcs(self) -> GcsSettings:
        """Refuse two ways in."""
        ways = ("anonymous", "service_account_file", "service_account")
        given = [name for name in ways if getattr(self, name)]
        if len(given) > 1:
            raise ValueError(f"`{given[0]}` and `{given[1]}` are two ways in: give one")
        return self
