"""JSON Schemas (2020-12) of connector.yaml and of mapping files, for editors.

They are made from the models that check the files, those of every installed adapter included. An editor reads
numbers where this program reads text, as in 012 and +18045550123: so a text may be a number here, and what
must not be one, `leadrelay check` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic.errors import PydanticInvalidForJsonSchema

from sources.errors import BadConfig
from sources.units import AsWritten
from sync.config.catalog import Catalog, installed
from sync.config.options import OPTION_NAMES, SourceOptions
from sync.hooks import HooksSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import BaseModel

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_VARIABLE = "variable"
_HOOKS = "hooks"
#: Keywords whose value is a schema or a list of schemas.
_HOLDS = frozenset(
    ["items", "prefixItems", "anyOf", "oneOf", "allOf", "additionalProperties", "if", "then", "else", "not"]
)
#: What text is held to, so that no number could be that text.
_FORMS = frozenset(["enum", "const", "pattern"])
_NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"


def mapping_schema() -> Schema:
    """Return the JSON Schema of a mapping file."""
    from sync.mapping.spec import MappingSpec

    schema = _as_editors_read(MappingSpec.model_json_schema(by_alias=True))
    return {"$schema": DIALECT, **schema, "title": "A leadrelay mapping"}


def connector_schema(catalog: Catalog | None = None) -> Schema:
    """Return the JSON Schema of connector.yaml.

    Args:
        catalog: the types to describe; None for what is installed. Of an adapter that can't be
            imported or described only the shared settings are, and any others are let pass.

    """
    catalog = catalog or installed()
    definitions: Schema = {_VARIABLE: _variable()}
    endpoints: dict[str, Schema] = {}
    sources: dict[str, Schema] = {}
    for kind, adapter in catalog.endpoints().items():
        endpoints[kind] = _own(adapter.Settings, kind, "endpoint", definitions)
    shared = _own(SourceOptions, "any", "source", definitions)
    for kind in catalog.source_names():
        sources[kind] = _merged(shared, _adapter(catalog, kind, definitions))
    definitions["endpoint"] = _by_type(endpoints, "Where the leads go.")
    definitions[_HOOKS] = _own(HooksSettings, "all", "hooks", definitions)
    definitions["source"] = _by_type(sources, "Where leads come from.")
    schema = _as_editors_read({**_top(), "$defs": definitions})
    return {"$schema": DIALECT, "title": "leadrelay's connector.yaml", **schema}


def _top() -> Schema:
    endpoint: Schema = {"$ref": "#/$defs/endpoint"}
    source: Schema = {"$ref": "#/$defs/source"}
    several = {"type": "object", "minProperties": 1, "propertyNames": {"pattern": _NAME}}
    return {
        "type": "object",
        "properties": {
            "endpoint": {**endpoint, "description": "Where the leads go."},
            "endpoints": {
                **several,
                "description": "Several endpoints, by name; each source says which is its own.",
                "additionalProperties": endpoint,
            },
            "state": {
                "type": "string",
                "description": "The state store: sqlite:///FILE or postgresql://….",
                "default": "sqlite:///leadrelay.db",
                "examples": ["sqlite:///leadrelay.db", "${DATABASE_URL}"],
            },
            "hooks": {
                "$ref": f"#/$defs/{_HOOKS}",
                "description": "Where `run` takes webhooks, once a source has a `hook`.",
            },
            "sources": {
                **several,
                "description": "Where leads come from, by names of your own.",
                "additionalProperties": source,
            },
        },
        "required": ["sources"],
        "oneOf": [{"required": ["endpoint"]}, {"required": ["endpoints"]}],
        "additionalProperties": False,
    }


def _variable() -> Schema:
    return {
        "type": "string",
        # Without a description: an editor would show it instead of that of the setting.
        "pattern": r"\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^{}]*)?\}",
    }


def _own(model: type[BaseModel], kind: str, what: str, definitions: Schema) -> Schema:
    """Return a model's schema; what it defines goes among the definitions under a name of its own."""
    prefix = f"{what}_{kind}_"
    schema: Schema = model.model_json_schema(
        by_alias=True, ref_template=f"#/$defs/{prefix}{{model}}", schema_generator=AsWritten
    )
    for name, definition in schema.pop("$defs", {}).items():
        definitions[prefix + name] = _with_variables(definition)
    changed: Schema = _with_variables(schema)
    return changed


def _adapter(catalog: Catalog, kind: str, definitions: Schema) -> Schema:
    try:
        return _own(catalog.load_source(kind).Settings, kind, "source", definitions)
    except (BadConfig, PydanticInvalidForJsonSchema):
        return {"type": "object"}


def _merged(shared: Schema, own: Schema) -> Schema:
    """Return a source's schema: what all sources share, and what its adapter adds."""
    properties = {**own.get("properties", {}), **shared["properties"]}
    required = [name for name in own.get("required", []) if name not in OPTION_NAMES]
    return {**own, "properties": properties, "required": [*shared["required"], *required]}


def _by_type(schemas: Mapping[str, Schema], description: str) -> Schema:
    """Return a schema that is another one for each value of ``type``."""
    cases = [
        {"if": {"properties": {"type": {"const": kind}}, "required": ["type"]}, "then": _typed(kind, schema)}
        for kind, schema in schemas.items()
    ]
    kinds = f"What it is: {', '.join(schemas)}. It decides which settings there are."
    return {
        "type": "object",
        "description": description,
        "properties": {"type": {"description": kinds, "enum": list(schemas)}},
        "required": ["type"],
        "allOf": cases,
    }


def _typed(kind: str, schema: Schema) -> Schema:
    about = {"description": schema.get("description", f"Settings of the type {kind}."), "const": kind}
    return {**schema, "properties": {**schema.get("properties", {}), "type": about}}


def _as_editors_read(schema: Any) -> Any:
    """Return a schema in which text without a form of its own may also be a number.

    Titles go, which say a key's name once more and are offered beside the keys; so do examples that are
    sections, which are offered as [object Object].
    """
    changed = _everywhere(_as_editors_read, schema)
    if not isinstance(changed, dict):
        return changed
    changed.pop("title", None)
    if "examples" in changed:
        changed["examples"] = [each for each in changed["examples"] if not isinstance(each, dict)]
    if not _FORMS.isdisjoint(changed):
        return changed
    kinds = changed.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "string" in kinds and "number" not in kinds:
        return {**changed, "type": [*(kind for kind in kinds if kind != "integer"), "number"]}
    return changed


def _with_variables(schema: Any) -> Any:
    """Return a schema in which every value that is more than any text may be a variable instead."""
    changed = _everywhere(_with_variables, schema)
    return _or_variable(changed) if isinstance(changed, dict) and _is_narrow(changed) else changed


def _everywhere(change: Callable[[Any], Any], schema: Any) -> Any:
    """Return a schema, or a list of them, with what is inside of it changed; data stays as it is."""
    if isinstance(schema, list):
        return [change(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _inside(change, key, value) for key, value in schema.items()}


def _inside(change: Callable[[Any], Any], key: str, value: Any) -> Any:
    if key in ("properties", "$defs", "patternProperties", "dependentSchemas"):
        return {name: change(inner) for name, inner in value.items()}
    return change(value) if key in _HOLDS else value


def _is_narrow(schema: Schema) -> bool:
    """Tell whether a schema is of a scalar and refuses some text."""
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "enum" in schema or "const" in schema:
        return True
    limited = any(limit in schema for limit in ("pattern", "format", "maxLength"))
    return limited if "string" in kinds else not {"integer", "number", "boolean"}.isdisjoint(kinds)


def _or_variable(schema: Schema) -> Schema:
    about: Schema = {key: schema.pop(key) for key in ("title", "description", "default") if key in schema}
    return {**about, "anyOf": [schema, {"$ref": f"#/$defs/{_VARIABLE}"}]}
