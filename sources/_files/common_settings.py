"""Settings that several stores share."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, field_validator

from sources.base import SourceSettings


class EndpointSettings(SourceSettings):
    """A service that speaks a vendor's language elsewhere."""

    # An address may hold a password.
    model_config = ConfigDict(hide_input_in_errors=True)

    endpoint_url: str | None = Field(
        None,
        description="s3://, gs://, az://: the service's address, where it is not the vendor's usual one. So "
        "MinIO, Cloudflare R2, Wasabi, Backblaze and others that speak S3 are read.",
        examples=["https://minio.example.com:9000", "https://1a2b3c.r2.cloudflarestorage.com"],
    )

    @field_validator("endpoint_url")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        """Refuse what can't be connected to."""
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:  # a port beyond 65535, or half an IPv6 address
            usable = False
        if not usable or parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError("an address has a scheme, a host and perhaps a port, as in https://host:9000")
        return value.rstrip("/")


class AnonymousSettings(SourceSettings):
    """Whether anybody may read."""

    anonymous: bool = Field(
        default=False,
        description="s3://, gs://, az://: whether to ask without saying who we are, for what is public.",
    )
