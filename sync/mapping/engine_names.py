"""Names of the template engine, which keeps no list of its own, to suggest one for a slip of the pen."""

from __future__ import annotations

from sync.located_yaml import did_you_mean

NAMES = {
    "filter": (
        *("abs", "attr", "batch", "bool", "capitalize", "default", "dictsort", "escape", "first", "float"),
        *("format", "groupby", "indent", "int", "items", "join", "last", "length", "lines", "list", "lower"),
        *("map", "max", "min", "pprint", "reject", "rejectattr", "replace", "reverse", "round", "safe"),
        *("select", "selectattr", "slice", "sort", "split", "string", "sum", "title", "tojson", "trim"),
        *("unique", "upper", "urlencode"),
    ),
    "test": (
        *(
            "boolean",
            "defined",
            "divisibleby",
            "endingwith",
            "eq",
            "even",
            "false",
            "float",
            "ge",
            "gt",
            "in",
        ),
        *("integer", "iterable", "le", "lower", "lt", "mapping", "ne", "none", "number", "odd", "sequence"),
        *("startingwith", "string", "true", "undefined", "upper"),
    ),
    "function": ("dict", "namespace", "range"),
}


#: A name of so few letters is near to anything.
_TOO_SHORT = 2


def meant(kind: str, name: str) -> str:
    """Return which filter, test or function may have been meant, for a message, or nothing."""
    return did_you_mean(name, [each for each in NAMES[kind] if len(each) > _TOO_SHORT])
