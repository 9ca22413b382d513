"""What may stand in connector.yaml, and the paths and requests it makes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from sources._rest.paths import MISSING, find, names_in, put
from sources._rest.settings import RestSettings
from sources.registry import installed

MINIMAL: dict[str, Any] = {"url": "https://api.example.com/v1/contacts", "key": "id"}


def test_the_least_that_is_needed() -> None:
    settings = RestSettings.model_validate(MINIMAL)
    assert (settings.auth.type, settings.paging.type, settings.by_position) == ("none", "none", False)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"url": "api.example.com"}, "must begin with https"),
        ({"url": "https://"}, "must begin with https"),
        ({"url": "https://[::1"}, "not a URL"),
        ({"url": "https://api.example.com:x/"}, "not a URL"),
        ({"url": "https://me:s3cret@api.example.com/"}, "auth: {type: basic"),
        ({"key": []}, "at least one"),
        ({"since": {"param": "s"}}, "need `changed`"),
        ({"order": "ascending"}, "need `changed`"),
        ({"json": {"a": 1}}, "method: POST"),
        ({"changed": "at", "since": {"param": "s", "in": "json"}}, "method: POST"),
        ({"paging": {"type": "cursor", "cursor": "n", "param": "c", "in": "json"}}, "method: POST"),
        ({"paging": {"type": "curser"}}, "curser"),
        ({"auth": {"type": "bearer"}}, "token"),
        ({"auth": {"type": "bearer", "token": "s3cret", "shceme": "s3cret"}}, "shceme"),
        ({"changed_format": "seconds"}, "epoch_s"),
        ({"rate_limit": "fast"}, "rate"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_what_cannot_be(said: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told) as caught:
        RestSettings.model_validate({**MINIMAL, **said})
    assert "s3cret" not in str(caught.value)


def _models(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    if model in seen:
        return seen
    seen.add(model)
    for field in model.model_fields.values():
        for part in _parts(field.annotation):
            _models(part, seen)
    return seen


def _parts(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [part for inner in getattr(annotation, "__args__", ()) for part in _parts(inner)]


def test_every_setting_is_described() -> None:
    models = _models(RestSettings, set())
    assert len(models) > 14
    for model in models:
        for name, field in model.model_fields.items():
            assert field.description, f"{model.__name__}.{name}"
            assert field.examples or name == "type", f"{model.__name__}.{name} has no example"


def test_a_json_schema_can_be_made() -> None:
    schema = RestSettings.model_json_schema()
    assert "json" in schema["properties"]
    assert set(schema["properties"]["paging"]["discriminator"]["mapping"]) == {
        *("none", "cursor", "next_url", "link_header", "offset", "page_number")
    }


def test_it_is_found_under_its_name() -> None:
    point = installed().get("rest")
    if point is not None:
        assert point.value == "sources.rest:Rest"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.b", 1),
        ("a.x.y", 2),
        ("@odata.nextLink", 3),
        ("list.0.id", 4),
        ("list.-1.id", 5),
        ("list.2.id", MISSING),
        ("list.x", MISSING),
        ("a.b.c", MISSING),
        ("none", None),
        ("none.x", MISSING),
        ("custom.cf_1", 6),
        ("custom.real", 7),
        ("", "all"),
    ],
)
def test_find(path: str, expected: Any) -> None:
    value = {
        "a": {"b": 1, "x.y": 2},
        "@odata.nextLink": 3,
        "list": [{"id": 4}, {"id": 5}],
        "none": None,
        "custom.cf_1": 6,
        "custom": {"real": 7},
    }
    assert find(value, path) == (value if expected == "all" else expected)


@given(parts=st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=4), new=st.integers())
def test_what_is_put_is_found_and_the_rest_stays(parts: list[str], new: int) -> None:
    body = {"z": [1, {"y": 2}]}
    path = ".".join(parts)
    changed = put(body, path, new)
    assert find(changed, path) == new
    assert changed["z"] == body["z"]
    assert body == {"z": [1, {"y": 2}]}


def test_put_into_lists() -> None:
    body = {"filters": [{"value": 1}, {"value": 2}]}
    assert put(body, "filters.-1.value", 9) == {"filters": [{"value": 1}, {"value": 9}]}
    for path in ("filters.2.value", "filters.x", "filters.0.value.deep"):
        with pytest.raises(ValueError, match="is there"):
            put(body, path, 9)
    assert put(None, "a.b", 1) == {"a": {"b": 1}}


def test_p10_names_are_names_and_not_values() -> None:
    assert (
        names_in({"a": 1, "ada@example.com": 2, "x" * 50: 3, "8045550123": 4, "@x.y": 5})
        == "a, …, …, …, @x.y"
    )
    assert names_in({str(number): 1 for number in range(20)}).endswith("and 8 more")
    assert [names_in(value) for value in ([1], None, 7, {})] == [
        "a list of 1",
        "nothing",
        "a single number",
        "no keys",
    ]
