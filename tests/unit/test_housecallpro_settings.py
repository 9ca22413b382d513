"""What may stand under `type: housecallpro`."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from sources.housecallpro import HousecallproSettings


def test_a_key_is_enough_and_needed() -> None:
    settings = HousecallproSettings.model_validate({"api_key": "key-made-up"})
    assert (settings.object, settings.base_url) == ("leads", "https://api.housecallpro.com")
    assert "made-up" not in repr(settings)
    with pytest.raises(ValidationError, match="api_key"):
        HousecallproSettings.model_validate({})


def test_only_what_can_be_read_is_an_object() -> None:
    with pytest.raises(ValidationError, match="object") as caught:
        HousecallproSettings.model_validate({"api_key": "key-made-up", "object": "jobs"})
    assert "made-up" not in str(caught.value)
