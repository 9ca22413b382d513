"""How to get into an S3 bucket."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sources._files.common_settings import AnonymousSettings, EndpointSettings
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it


class S3Settings(EndpointSettings, AnonymousSettings):
    """The settings of ``s3://``."""

    access_key_id: Secret | None = Field(
        None,
        description="s3://: the access key. Without one: AWS's own ways (its environment variables, ~/.aws, "
        "the role of the machine).",
        examples=["${AWS_ACCESS_KEY_ID}"],
    )
    secret_access_key: Secret | None = Field(
        None,
        description="s3://: the secret that belongs to `access_key_id`.",
        examples=["${AWS_SECRET_ACCESS_KEY}"],
    )
    session_token: Secret | None = Field(
        None,
        description="s3://: the session token of temporary keys.",
        examples=["${AWS_SESSION_TOKEN}"],
    )
    profile: str | None = Field(
        None,
        min_length=1,
        description="s3://: a profile in ~/.aws/config, which may also name a role to take on.",
        examples=["exports"],
    )
    region: str | None = Field(
        None,
        min_length=1,
        description="s3://: the region of the bucket, where it is not AWS's default for you.",
        examples=["us-east-2"],
    )
    addressing: Literal["path", "virtual"] | None = Field(
        None,
        description="s3://: whether the bucket stands in the path or in the host name of requests; AWS's own "
        "choice fits AWS, MinIO and R2.",
        examples=["path"],
    )

    @model_validator(mode="after")
    def _one_way_into_s3(self) -> S3Settings:
        """Refuse half a key, and two ways in."""
        if (self.access_key_id is None) != (self.secret_access_key is None):
            raise ValueError("`access_key_id` and `secret_access_key` belong together: give both or neither")
        if self.session_token is not None and self.access_key_id is None:
            raise ValueError("`session_token` needs the `access_key_id` and `secret_access_key` it came with")
        ways = {
            "anonymous": self.anonymous,
            "access_key_id": self.access_key_id is not None,
            "profile": self.profile is not None,
        }
        given = [name for name, there in ways.items() if there]
        if len(given) > 1:
            raise ValueError(f"`{given[0]}` and `{given[1]}` are two ways in: give one")
        return self
